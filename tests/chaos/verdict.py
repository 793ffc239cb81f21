"""Whether the promises were kept: each in one line, from Telegram's record and what is left in the database."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.book import Book
from tests.chaos.storm import WEATHER, Record

#: Of so many people one kill at least: a hundred among ten thousand.
PER_KILL = 100


@dataclass(frozen=True)
class Line:
    """One promise; `figure` is what was seen of it."""

    promise: str
    holds: bool
    figure: str


def judged(record: Record) -> list[Line]:
    """Every promise that is counted at Telegram's end, and what is left to be done."""
    return [Line(promise, *judge(record)) for promise, judge in PROMISES.items()]


def lost(record: Record) -> tuple[bool, str]:
    missing = sum(not record.kept(chat) for chat in record.cast.promised)
    return not missing, f"{len(record.cast.promised):,} people, {missing} lost"


def copies(record: Record) -> tuple[bool, str]:
    hits = _hits(record)
    over = sum(
        len(rings) > 1 + hits[chat] + _unanswered(record, chat) + (chat in record.returned)
        for chat, rings in record.rings.items()
    )
    most = max((len(rings) for rings in record.rings.values()), default=0)
    return not over, f"at most {most} for one person, {over} with more than that"


def again(record: Record) -> tuple[bool, str]:
    """What was said twice, against what a sender could not know: its calls cut off, and its answers lost."""
    unknown = len(record.cut) + sum(_unanswered(record, chat) for chat in record.rings)
    twice = sum(len(rings) - 1 - (chat in record.returned) for chat, rings in record.rings.items())
    answers = unknown - len(record.cut)
    return twice <= unknown, f"{twice} of at most {len(record.cut)} calls cut off + {answers} answers lost"


def stale(record: Record) -> tuple[bool, str]:
    late = sum(len(_after(record, chat)) > stop.flying for chat, stop in record.stops.items())
    spared = Counter(stop.why for chat, stop in record.stops.items() if chat not in record.rings)
    said = ", ".join(
        f"{why}: {spared[why]} of {count} not rung any more"
        for why, count in Counter(stop.why for stop in record.stops.values()).items()
    )
    return not late and len(record.stops) > 0, f"{late} too late ({said})"


def blocking(record: Record) -> tuple[bool, str]:
    leaving, returning = record.cast.leaving, record.cast.returning
    unknown = len(leaving - record.blocked) + len(returning & record.blocked)
    missing = sum(not record.kept(chat) for chat in returning)
    gone = f"{len(leaving)} blocked the bot and {len(returning)} more for a while"
    return not unknown + missing, f"{gone}: {unknown} not known, {missing} not rung on their return"


def settled(record: Record) -> tuple[bool, str]:
    """Nothing is left to do; and each doorbell that is known stands there, as one of those that Telegram took."""
    stand = [chat for chat in record.cast.promised if record.bells.get(chat) in record.standing.get(chat, ())]
    wrong = len(record.cast.promised) - len(stand)
    idle = [chat for chat in record.stops if chat in record.bells]
    figure = f"{record.unsettled} calls left, {wrong} doorbells not as known, {len(idle)} stand for nothing"
    return not record.unsettled + wrong + len(idle) + record.strays, figure


def ended(record: Record) -> tuple[bool, str]:
    """Within crew.STOP_SECONDS; None is who did not."""
    codes = Counter(record.exits)
    figure = ", ".join(f"{count} with exit code {code}" for code, count in codes.items())
    return set(codes) == {0}, figure


def stormy(record: Record) -> tuple[bool, str]:
    """Whether it was put to the test at all."""
    spared = {stop.why for chat, stop in record.stops.items() if chat not in record.rings}
    met = all(record.faults[kind] for kind in WEATHER)
    everybody = record.cast.everybody == record.rings.keys() | record.stops.keys() | record.cast.leaving
    figure = (
        f"{record.kills.total()} kills until {record.amid:.0%} were rung, {len(_hits(record))} people hit, "
        f"{record.leaders} leads; "
        f"{sum(record.faults[kind] for kind in WEATHER)} faults of {len(WEATHER)} kinds; {record.seconds:.0f} s"
    )
    enough = record.kills.total() >= max(1, len(record.cast.everybody) // PER_KILL)
    return bool(enough and record.cut and met and everybody and len(spared) >= 2), figure


PROMISES: dict[str, Callable[[Record], tuple[bool, str]]] = {
    "0 lost": lost,
    "copies ≤ 1 + kills that hit it, and answers of Telegram's lost": copies,
    "in all, no more twice than was cut off": again,
    "none after expiry, cancellation or withdrawal but what was in flight": stale,
    "who blocks the bot is left alone, who is back is rung": blocking,
    "nothing is left to be done; doorbells stand where they are known": settled,
    "SIGTERM ends it within ten seconds": ended,
    "it was a storm": stormy,
}


def examined(record: Record, folder: Path) -> list[Line]:
    """What the operator's own commands and the database say afterwards; no process may be running."""
    book = Book(record.cast.url)
    accepted = book.accepted()
    damage = book.damage()
    return [
        Line(
            "answers that were taken stand",
            accepted == record.accepting,
            f"{record.accepting} taken, {accepted} seats confirmed",
        ),
        _command(record, folder, "ledger", "verify"),
        _command(record, folder, "audit", "verify", "--heads", str(record.cast.heads)),
        Line("the database is whole", not damage, "; ".join(damage) or "nothing found"),
    ]


def _command(record: Record, folder: Path, *words: str) -> Line:
    environment = {"QASID_DATABASE_URL": record.cast.url, "QASID_VAULT_KEY_FILE": str(record.cast.key)}
    ended = subprocess.run(
        [sys.executable, "-m", "handlers.cli", *words],
        env={**os.environ, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    entries = ", ".join(said.split(": ", 1)[1] for said in ended.stdout.splitlines() if ": " in said)
    return Line(f"qasid {words[0]} {words[1]}", ended.returncode == 0, entries or ended.stderr[-200:])


def _hits(record: Record) -> Counter[int]:
    """How often a kill hit the ring of each."""
    return Counter(record.cast.chats[claim.account] for claim in record.cut)


def _unanswered(record: Record, chat: int) -> int:
    return sum(ring.unanswered for ring in record.rung(chat))


def _after(record: Record, chat: int) -> list[float]:
    return [ring.at for ring in record.rung(chat) if ring.at > record.stops[chat].at]
