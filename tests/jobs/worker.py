"""A process that is the relay hour by hour: each does every job once at a given time, then delivers.

Lines come in: {"url", "log", "now": seconds, "owners": [names], "kill_after": share or null, "seed": n}. Without
owners it does the work itself, and remembers how many transactions the hour took and what statements were made to;
else it forks one for each owner, at once, and kills them in or after a transaction: after that share of as many as
it remembers, for a time would be over before they begin or after they ended, as the machine is slow or fast. It says
"started" when they run, and "ended", with their codes, when none does.
Each send is a line of the log, whole even when the process dies: when its claim was asked for and when it left
(machine's nanoseconds), the clock, kind, key, account.
"""

import asyncio
import json
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from crypto.encoding import moment
from crypto.vault import Vault
from handlers import log as lines
from handlers.jobs import Jobs
from relay import delivery
from relay.delivery import Claim, Sent
from relay.errors import RelayError
from store import postgres, sqlite
from store.engine import Store, open_store

BATCH = 5
TELEGRAM_SECONDS = 0.001
"""How long Telegram takes for a send: what a kill, or a notice that is called off, is to meet on its way."""


class Relay:
    """One server of the name, from its start to its end, at a time that stands still."""

    def __init__(self, url: str, log: Path, now: float, owner: str) -> None:
        self.store: Store = open_store(url)
        self.vault = Vault(bytes(32))
        self.log, self.now, self.owner = log, moment(int(now)), owner

    def run(self, seed: int) -> None:
        asyncio.run(self._jobs(seed))
        self.deliver()

    def deliver(self) -> None:
        """All that is to go, if nobody else leads; the end of this server."""
        lead = self.store.write_now(lambda tx: delivery.lead(tx, self.owner, self.now, fresh=True))
        if lead is not None:
            while self._deliver(lead):
                pass
        self.store.close()

    async def _jobs(self, seed: int) -> None:
        jobs = list(Jobs(self.store, self.vault, lambda: None, self._telegram).all().values())
        random.Random(seed).shuffle(jobs)
        for job in jobs:
            await job(self.now)

    async def _telegram(self) -> datetime:
        return self.now

    def _deliver(self, lead: delivery.Lead) -> int:
        asked = time.monotonic_ns()
        try:
            claims: list[Claim] = self.store.write_now(
                lambda tx: delivery.claim(tx, self.vault, lead, self.now, limit=BATCH)
            )
        except RelayError:
            return 0  # another has taken over
        for claim in claims:
            time.sleep(TELEGRAM_SECONDS)
            self._send(claim, asked)
            message = time.monotonic_ns() if claim.kind in ("ring", "reply") else None
            self.store.write_now(
                lambda tx, claim=claim, message=message: delivery.settle(tx, claim, Sent(message), self.now)
            )
        return len(claims)

    def _send(self, claim: Claim, asked: int) -> None:
        what = (asked, time.monotonic_ns(), self.now.timestamp(), claim.kind, claim.key or "-", claim.account)
        with self.log.open("ab", buffering=0) as out:
            out.write((" ".join(str(each) for each in what) + "\n").encode())


def work(order: dict[str, Any], owner: str) -> None:
    _relay(order, owner).run(order["seed"])


def _relay(order: dict[str, Any], owner: str) -> Relay:
    return Relay(order["url"], Path(order["log"]), order["now"], owner)


class Progress:
    """A byte down a pipe for each transaction that begins in this process or one forked off it."""

    def __init__(self) -> None:
        self.out: int | None = None
        self.begun = 0
        self.usual: dict[float, int] = {}

    def begin(self, _connection: object) -> None:
        self.begun += 1
        if self.out is not None:
            os.write(self.out, b".")


PROGRESS = Progress()


def start(order: dict[str, Any], owner: str, out: int) -> int:
    """Fork; the process."""
    pid = os.fork()
    if pid == 0:
        code = 1
        PROGRESS.out = out
        try:
            work(order, owner)
            code = 0
        finally:
            os._exit(code)
    return pid


def obey(order: dict[str, Any]) -> list[int]:
    """Exit codes of those who worked."""
    if not order["owners"]:
        print("started", flush=True)
        before = PROGRESS.begun
        work(order, "one")
        PROGRESS.usual[order["now"]] = PROGRESS.begun - before
        return [0]
    told, out = os.pipe()
    pids = [start(order, owner, out) for owner in order["owners"]]
    os.close(out)
    print("started", flush=True)
    if order["kill_after"] is not None:
        amid(told, order)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)  # not waited for yet, so it is still ours
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    os.close(told)
    if order["kill_after"] is None:
        for owner in order[
            "owners"
        ]:  # servers go on: what one's jobs made after the other had delivered goes too
            _relay(order, owner).deliver()
    return codes


def amid(told: int, order: dict[str, Any]) -> None:
    """Until they are in the midst of it, or have ended; then a moment more, to be within a transaction or between."""
    for _ in range(int(order["kill_after"] * PROGRESS.usual[order["now"]])):
        if not os.read(told, 1):
            return
    time.sleep(random.Random(order["seed"]).uniform(0, 2 * TELEGRAM_SECONDS))


def main() -> None:
    lines.configure(level=logging.ERROR)
    compiled: dict[str, tuple[Any, Any]] = {}
    for module in (sqlite, postgres):
        module.engine = remembering(module.engine, compiled)
    for line in sys.stdin:
        print("ended", *obey(json.loads(line)), flush=True)


def remembering(make: Callable[..., Engine], compiled: dict[str, tuple[Any, Any]]) -> Callable[..., Engine]:
    """Engines of one kind share what was compiled, as tests/conftest.py does; forks inherit it."""

    def engine(*args: Any, **named: Any) -> Engine:
        made = make(*args, **named)
        event.listen(made, "begin", PROGRESS.begin)
        made.connect().close()  # a dialect is complete once it has met its database
        known = compiled.setdefault(made.dialect.name, (made.dialect, made._compiled_cache))
        made.dialect = made.pool._dialect = known[0]
        made._compiled_cache = known[1]
        return made

    return engine


if __name__ == "__main__":
    main()
