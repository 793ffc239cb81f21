"""How the relay is, in numbers and codes: what `/metrics` shows, what an alert tells and `qasid doctor` judges by."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handlers.clock import Clock
from handlers.config import Settings
from handlers.sight import Sight, State
from relay import backlog, beats
from relay.backlog import Backlog
from relay.beats import Job
from relay.unit import Store, Tx

#: So long something may be stuck in the outbox.
STUCK = timedelta(minutes=10)
#: A night's backup, and two hours for one that takes long.
BACKUP_OLD = timedelta(hours=26)
#: Less free than this, or than a tenth of a smaller disk, is too little.
LEAST_FREE = 1 << 30
TROUBLES = (
    "database_unreached",
    "telegram_unreached",
    "token_refused",
    "outbox_old",
    "job_late",
    "disk_full",
    "backup_old",
)


@dataclass(frozen=True, slots=True)
class Disk:
    """In bytes, as the relay's user may use it."""

    free: int
    total: int

    @property
    def fills(self) -> bool:
        return self.free < min(LEAST_FREE, self.total // 10)


@dataclass(frozen=True, slots=True)
class Vitals:
    """At one moment; `backup_at` is None where no backup was made from this database."""

    now: datetime
    backlog: Backlog
    jobs: list[Job]
    backup_at: datetime | None
    telegram: State
    telegram_seen_at: datetime | None
    disk: Disk

    @property
    def troubles(self) -> set[str]:
        """Those of TROUBLES that there are."""
        stuck = self.backlog.stuck_since
        found = {
            "telegram_unreached": self.telegram == "unseen",
            "token_refused": self.telegram == "token_refused",
            "outbox_old": stuck is not None and self.now - stuck > STUCK,
            "job_late": bool(beats.late(self.jobs, self.now)),
            "disk_full": self.disk.fills,
            "backup_old": self.backup_at is not None and self.now - self.backup_at > BACKUP_OLD,
        }
        return {code for code, there in found.items() if there}


async def look(store: Store, clock: Clock, sight: Sight, folder: Path) -> Vitals:
    """How it is now. Raises what the store raises."""
    now = clock.now()

    def unit(tx: Tx) -> tuple[Backlog, list[Job], datetime | None]:
        return backlog.look(tx, now), beats.listed(tx), beats.backup_at(tx)

    waiting, jobs, backup_at = await store.read(unit)
    return Vitals(now, waiting, jobs, backup_at, sight.state, sight.seen_at, disk(folder))


def folder_of(settings: Settings) -> Path:
    """Where the relay writes: beside its SQLite file, or its vault key where the database is elsewhere."""
    url = settings.database_url
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else settings.vault_key_file
    return file.parent


def disk(folder: Path) -> Disk:
    """Of the disk that the folder is on. Raises OSError."""
    found = shutil.disk_usage(folder)
    return Disk(found.free, found.total)
