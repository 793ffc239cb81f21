"""Must show 4: a leader that is stopped past its lease, then goes on, settles nothing and sends nothing more."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crypto.vault import Vault
from emulator.limits import Rate
from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from relay.delivery import LEASE
from relay.leader import LEADER, TERM
from store import leases
from store.engine import Store
from store.tables.delivery import doorbells, outbox
from tests.flow.world import TOKEN
from tests.proofs import figures
from tests.relay.house import House

pytestmark = [pytest.mark.prove, pytest.mark.timeout(180)]
#: More than are claimed before the stop, so that some are left for the other.
PEOPLE = 80
#: On the wire each way, once the second letter is there: all that was claimed is on its way when the process stops.
LATENCY_SECONDS = 1.5
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 60
LAPSED = "a lease had lapsed before its outcome came"


@dataclass
class Worker:
    """A process that delivers, or waits for the lead."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    @contextmanager
    def of(cls, name: str, folder: Path, environment: dict[str, str]) -> Iterator["Worker"]:
        log = folder / f"{name}.log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "tests.flow.worker"]
            process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=out)
        try:
            yield cls(process, log)
        finally:
            process.kill()
            process.wait()

    def says(self, words: str) -> int:
        """How often."""
        return self.log.read_text().count(words)

    def stop(self) -> None:
        """SIGSTOP; returns once it stands still."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(LOOK_SECONDS)


def test_a_stopped_leader(tmp_path: Path, store: Store, database_url: str) -> None:
    telegram = Telegram(seed=7)
    bot = telegram.add_bot(TOKEN, "qasid_test_bot")
    bot.limits.set(overall=Rate(1000, 1), private=Rate(1000, 1))
    vault = Vault.create(tmp_path / "vault.key")
    house = House(store, vault, datetime.now(UTC)).register()
    users = [telegram.add_user(f"person {number}", "en") for number in range(PEOPLE)]
    for user in users:
        user.start()
    phones = [house.enrolled("messages", telegram_id=user.id) for user in users]
    clock = tmp_path / "clock"

    def leading() -> str:
        return str(store.read_now(lambda tx: leases.lease(tx, LEADER)).owner)

    def rung() -> Counter[int]:
        return Counter(each.chat_id for each in telegram.sends if each.sent)

    def standing() -> list[tuple[object, ...]]:
        """Every call and every doorbell as the database has them."""
        return store.read_now(
            lambda tx: [tuple(row) for table in (outbox, doorbells) for row in tx.execute(select(table))]
        )

    with ExitStack() as stack:
        environment = {
            "QASID_BOT_TOKEN": TOKEN,
            "QASID_BOT_API_URL": stack.enter_context(serve_in_thread(telegram)),
            "QASID_PUBLIC_URL": "http://127.0.0.1:8470",
            "QASID_POLLING": "1",
            "QASID_DATABASE_URL": database_url,
            "QASID_VAULT_KEY_FILE": str(tmp_path / "vault.key"),
            "QASID_CLOCK_FILE": str(clock),
        }
        one = stack.enter_context(Worker.of("one", tmp_path, environment | {"QASID_PORT": "8471"}))
        until(lambda: one.says("this process delivers now"), "a leader")
        first = leading()
        stack.enter_context(Worker.of("two", tmp_path, environment | {"QASID_PORT": "8472"}))
        house.write_to(*phones)
        until(lambda: len(rung()) == PEOPLE, "a doorbell for everybody")
        until(lambda: all(row.state == "sent" for row in queue(store)), "their outcomes")

        telegram.faults.set(latency=LATENCY_SECONDS)
        house.write_to(*phones, urgent=True)
        until(lambda: any(seen.deleted for user in users for seen in messages(user)), "an old doorbell's end")
        one.stop()
        telegram.faults.clear()
        waiting = sum(row.state == "claimed" for row in queue(store))
        assert 0 < waiting < PEOPLE
        assert rung().total() == PEOPLE, "it had sent before it was stopped"
        assert leading() == first

        clock.write_text(str(TERM.seconds + 1))
        until(lambda: leading() != first, "another leader")
        until(lambda: rung().total() == 2 * PEOPLE - waiting, "what the first had not claimed")
        clock.write_text(str(LEASE.seconds + 2))
        until(lambda: rung().total() == 2 * PEOPLE, "what the first had claimed")
        until(lambda: all(row.state == "sent" for row in queue(store)), "their outcomes")

        before = standing()
        one.process.send_signal(signal.SIGCONT)
        until(lambda: one.says(LAPSED) == waiting, "the first one's outcomes")
        assert set(rung().values()) == {2}
        assert rung().total() == 2 * PEOPLE
        assert standing() == before
        assert leading() != first
    figures.note(
        f"a leader stopped past its lease ({store_name(database_url)})",
        f"{waiting} sends waiting in it, 0 of them left, 0 settled; {PEOPLE} people rung once for each letter",
    )


def queue(store: Store) -> list[object]:
    return store.read_now(lambda tx: list(tx.execute(select(outbox))))


def messages(user) -> list:
    return [each for each in user.chat().messages.values() if each.from_bot]


def store_name(url: str) -> str:
    return url.partition(":")[0]
