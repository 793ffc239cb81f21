"""Vectors of section 13's loans: for desks and relays alone, so that no phone's reader has to run them.

`python -m tests.vectors.loans` writes `desk-loans.json` anew, always the same bytes.
"""

import json
from dataclasses import replace
from pathlib import Path

from crypto.keys import DeviceKeys
from crypto.loan import Borrow, GiveBack, Lend, TakeBack
from crypto.signature import Signable

from .topic import Topic
from .world import (
    AUDITOR,
    CASEWORKER,
    COORDINATOR,
    DAY,
    HOUR,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    ROSTER,
    SECOND,
    edit,
    flip,
    seeded,
)

FILE = Path(__file__).parent / "desk-loans.json"
MOVEMENT, LOAN = seeded("movement", 16), seeded("loan", 16)
ME = COORDINATOR.record.device
LEND = Lend(OFFICE, OTHER_OFFICE, MOVEMENT, 12, NOW + DAY, LOAN, ME, NOW)
LENT_US = replace(LEND, lender=OTHER_OFFICE, borrower=OFFICE)
BORROW = Borrow(OTHER_OFFICE, OFFICE, LOAN, LENT_US.hash, ME, NOW)
GIVE_BACK = GiveBack(OTHER_OFFICE, OFFICE, LOAN, 5, ME, NOW)
GIVEN_US = replace(GIVE_BACK, lender=OFFICE, borrower=OTHER_OFFICE)
TAKE_BACK = TakeBack(OFFICE, OTHER_OFFICE, LOAN, GIVEN_US.hash, ME, NOW)


def make() -> str:
    """The file's text."""
    topic = Topic("loans")
    for kind, said in (("lend", LEND), ("borrow", BORROW), ("return", GIVE_BACK), ("take back", TAKE_BACK)):
        topic.forms(kind, said.sign(COORDINATOR.sign_seed), signed=True)
    for name, path, value in (
        ("to the lender itself", (1,), OFFICE),
        ("of no seat", (3,), bytes(4)),
        ("due back when it is lent", (4,), NOW.to_bytes(8, "big")),
    ):
        data = edit(LEND.sign(COORDINATOR.sign_seed), (0, *path), value)
        topic.add(f"a lend {name}", "parse", "malformed", type="lend", bytes=data)
    none = edit(GIVE_BACK.sign(COORDINATOR.sign_seed), (0, 3), bytes(4))
    topic.add("a return of no seat", "parse", "malformed", type="return", bytes=none)
    _judge(topic, "lend", LEND, {})
    _judge(topic, "borrow", BORROW, {"lend": LENT_US.encode()})
    _judge(topic, "return", GIVE_BACK, {"lend": LENT_US.encode()})
    _judge(topic, "take back", TAKE_BACK, {"return": GIVEN_US.encode()})
    _others(topic)
    return json.dumps({"topic": topic.name, "cases": topic.cases}, indent=1, ensure_ascii=False) + "\n"


def _judge(topic: Topic, op: str, said: Signable, given: dict[str, bytes]) -> None:
    """What holds for each of the four: who may sign it, and when."""

    def case(name: str, fails: str | None = None, by: DeviceKeys = COORDINATOR, **changed: object) -> None:
        wire = replace(said, **{"device": by.record.device} | changed).sign(by.sign_seed)  # type: ignore[type-var]
        topic.add(f"{op}: {name}", op, fails, wire=wire, roster=ROSTER.encode(), **given)

    case("by a coordinator")
    case("by another coordinator", by=SECOND)
    for name, by in (("a caseworker", CASEWORKER), ("an auditor", AUDITOR), ("a contact", PHONE)):
        case(f"by {name}", "refused", by=by)
    case("by a device whose term has ended", "refused", **_later(said))
    case("an hour before the term, by that slack", **_at(said, NOW - 30 * DAY - HOUR))
    case("earlier", "refused", **_at(said, NOW - 30 * DAY - HOUR - 1))
    case("signed by another than it names", "refused", by=SECOND, device=ME)
    wire = said.sign(COORDINATOR.sign_seed)
    values = {"roster": ROSTER.encode()} | given
    topic.add(f"{op}: a flipped signature", op, "refused", wire=flip(wire, len(wire) - 1), **values)
    for other in (LEND, BORROW, GIVE_BACK, TAKE_BACK):
        if type(other) is not type(said):
            fails = "malformed" if len(other.encode()) != len(said.encode()) else "refused"
            wrong = other.sign(COORDINATOR.sign_seed)
            topic.add(f"{op}: a {other.PURPOSE} in its place", op, fails, wire=wrong, **values)


def _later(said: Signable) -> dict[str, int]:
    return _at(said, NOW + 60 * DAY + HOUR)


def _at(said: Signable, at: int) -> dict[str, int]:
    return {"at": at, "return_at": at + DAY} if isinstance(said, Lend) else {"at": at}


def _others(topic: Topic) -> None:
    """About another office, loan or word."""
    seed, roster = COORDINATOR.sign_seed, ROSTER.encode()

    def case(name: str, op: str, said: Signable, **given: bytes) -> None:
        topic.add(f"{op}: {name}", op, "refused", wire=said.sign(seed), roster=roster, **given)

    case("of another office", "lend", LENT_US)
    theirs, ours = {"lend": LENT_US.encode()}, {"lend": LEND.encode()}
    case("of what this office lent", "borrow", replace(BORROW, lend_hash=LEND.hash), **ours)
    case("another loan", "borrow", replace(BORROW, loan=seeded("other", 16)), **theirs)
    case("the lend with a seat more", "borrow", BORROW, lend=replace(LENT_US, seats=13).encode())
    case("the lend due later", "borrow", BORROW, lend=replace(LENT_US, return_at=NOW + 2 * DAY).encode())
    case("another loan", "return", replace(GIVE_BACK, loan=seeded("other", 16)), **theirs)
    case("to another lender", "return", replace(GIVE_BACK, lender=seeded("third")), **theirs)
    case("more than was lent", "return", replace(GIVE_BACK, seats=13), **theirs)
    case("another return", "take back", TAKE_BACK, **{"return": replace(GIVEN_US, seats=6).encode()})
    elsewhere = replace(GIVEN_US, loan=seeded("other", 16)).encode()
    case("of another loan", "take back", TAKE_BACK, **{"return": elsewhere})


if __name__ == "__main__":
    FILE.write_text(make(), encoding="utf-8")
