"""How the relay is, in numbers and codes: what `/metrics` shows, what an alert tells and `qasid doctor` judges by."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handlers.clock import Clock
from handlers.config import Settings
from handlers.rival import Rival
from handlers.sight import Sight, State
from relay import backlog, beats, belief
from relay.backlog import Backlog
from relay.beats import Job
from relay.errors import StoreError
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
    "token_shared",
    "clock_doubted",
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
class Kept:
    """What the database tells; `backup_at` is None where no backup was made from it."""

    backlog: Backlog
    jobs: list[Job]
    backup_at: datetime | None
    clock_doubted: bool


@dataclass(frozen=True, slots=True)
class Vitals:
    """At one moment; None is what could not be looked at."""

    now: datetime
    kept: Kept | None
    telegram: State
    telegram_seen_at: datetime | None
    #: As this process has noticed; only the one that leads can.
    token_shared: bool
    disk: Disk | None

    @property
    def judged(self) -> dict[str, bool]:
        """Whether there is each of TROUBLES, by code; without those that could not be looked at."""
        found = {
            "database_unreached": self.kept is None,
            "telegram_unreached": self.telegram == "unseen",
            "token_refused": self.telegram == "token_refused",
            "token_shared": self.token_shared,
        }
        if self.kept is not None:
            found |= self._judged_by(self.kept)
        if self.disk is not None:
            found["disk_full"] = self.disk.fills
        return found

    def _judged_by(self, kept: Kept) -> dict[str, bool]:
        stuck = kept.backlog.stuck_since
        return {
            "outbox_old": stuck is not None and self.now - stuck > STUCK,
            "job_late": bool(beats.late(kept.jobs, self.now)),
            "backup_old": kept.backup_at is not None and self.now - kept.backup_at > BACKUP_OLD,
            "clock_doubted": kept.clock_doubted,
        }


async def look(store: Store, clock: Clock, sight: Sight, rival: Rival, folder: Path) -> Vitals:
    """How it is now."""
    now = clock.now()

    def unit(tx: Tx) -> Kept:
        return Kept(backlog.look(tx, now), beats.listed(tx), beats.backup_at(tx), belief.doubted(tx))

    kept = found = None
    with suppress(StoreError):
        kept = await store.read(unit)
    with suppress(OSError):
        found = disk(folder)
    return Vitals(now, kept, sight.state, sight.seen_at, rival.there, found)


def folder_of(settings: Settings) -> Path:
    """Where the relay writes: beside its SQLite file, or its vault key where the database is elsewhere."""
    url = settings.database_url
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else settings.vault_key_file
    return file.parent


def disk(folder: Path) -> Disk:
    """Of the disk that the folder is on. Raises OSError."""
    found = shutil.disk_usage(folder)
    return Disk(found.free, found.total)
