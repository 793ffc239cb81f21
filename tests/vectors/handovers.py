"""Vectors of section 6's handover: for desks alone, so that no phone's reader has to run them.

`python -m tests.vectors.handovers` writes `desk-handovers.json` anew, always the same bytes.
"""

import json
from pathlib import Path

from crypto.casefile import Field
from crypto.content import Content, Inner, Kind
from crypto.handover import HandedField, HandedKind, HandedLetter, HandedMessage, HandedPerson, Handover, Mark
from crypto.record import rec

from .contents import HEADER, _pin, _proved, inner
from .topic import Topic
from .world import CASEWORKER, CONTACT, NOW, OTHER_OFFICE, PHONE, PIN, ROSTER, SECOND, edit, seeded

FILE = Path(__file__).parent / "desk-handovers.json"
ID = seeded("handover", 16)
PERSON = HandedPerson(CONTACT, "K-4821", "کریمه", "هرات")
LETTER = HandedLetter(seeded("letter", 16), seeded("newcomer", 16), "M-1", 1, ROSTER.hash, NOW)
SAID = HandedMessage(
    envelope=seeded("m1", 16),
    contact=CONTACT,
    sender=PHONE.record.device,
    author="",
    kind=HandedKind.STATUS,
    status="need help",
    about=b"",
    content_hash=seeded("content"),
    sent_at=NOW,
    received_at=NOW,
    marks=Mark.READ | Mark.URGENT,
    text="سه نفر",
)
TOLD = HandedField(CONTACT, Field("identity-name", "کریمه"), NOW)
WHOLE = Handover(ID, 1, 2, (PERSON,), (LETTER,), (SAID,), (TOLD,))
LAST = Handover(ID, 2, 2, (), (), (), ())


def _message(part: Handover) -> Inner:
    return inner(Kind.HANDOVER, part.encode(), thread=part.handover)


def make() -> str:
    """The file's text."""
    topic = Topic("handovers")
    for name, part in (("all of it", WHOLE), ("an empty last part", LAST)):
        topic.add(name, "parse", type="content", bytes=Content(_message(part)).encode())

    def bad(name: str, path: tuple[int, ...], value: bytes) -> None:
        data = edit(Content(_message(WHOLE)).encode(), path, value)
        topic.add(name, "parse", "malformed", type="content", bytes=data)

    bad("in another thread", (0, 4), seeded("x", 16))
    bad("to a contact", (0, 3), CONTACT)
    bad("part 0", (0, 10, 1), bytes(2))
    bad("part 3 of 2", (0, 10, 1), b"\0\3")
    bad("a part of four bytes", (0, 10, 1), bytes(3) + b"\1")
    bad("somebody twice", (0, 10, 3), rec(PERSON.encode(), PERSON.encode()))
    bad("a letter twice", (0, 10, 4), rec(LETTER.encode(), LETTER.encode()))
    bad("a message twice", (0, 10, 5), rec(SAID.encode(), SAID.encode()))
    bad("a field twice", (0, 10, 6), rec(TOLD.encode(), TOLD.encode()))
    bad("a field without a group", (0, 10, 6, 0, 1, 0), b"name")
    bad("an alias of 25 characters", (0, 10, 3, 0, 1), b"x" * 25)
    bad("an alias with a space", (0, 10, 3, 0, 1), b"K 1")
    bad("a name of 481 bytes", (0, 10, 3, 0, 2), b"x" * 481)
    bad("a note of 4,097 bytes", (0, 10, 3, 0, 3), b"x" * 4097)
    bad("a letter's secret of 32 bytes", (0, 10, 4, 0, 0), bytes(32))
    bad("an author that is no role code", (0, 10, 5, 0, 3), b"c-01")
    bad("a receipt", (0, 10, 5, 0, 4), b"\3")
    bad("a status in capitals", (0, 10, 5, 0, 5), b"Safe")
    bad("about 15 bytes", (0, 10, 5, 0, 6), bytes(15))
    bad("an unknown mark", (0, 10, 5, 0, 10), b"\x20")
    bad("a text of 16,385 bytes", (0, 10, 5, 0, 11), b"x" * 16_385)

    def judge(name: str, message: Inner, fails: str | None = None, **changed: object) -> None:
        values = {
            "content": _proved(message),
            "header": HEADER.encode(),
            "roster": ROSTER.encode(),
            "pin": _pin(PIN),
            "me": SECOND.record.encode(),
        } | changed
        topic.add(name, "from office", fails, **values)

    whole = _message(WHOLE)
    judge("to a colleague", whole)
    judge("to a phone", whole, "refused", me=PHONE.record.encode())
    judge("for another office", inner(Kind.HANDOVER, WHOLE.encode(), OTHER_OFFICE, thread=ID), "refused")
    judge("signed by another officer", whole, "refused", content=_proved(whole, CASEWORKER))
    from_phone = {"header": HEADER.encode(), "sender": PHONE.record.encode(), "pin": _pin(PIN)}
    topic.add("by a contact", "from contact", "refused", content=Content(whole).encode(), **from_phone)
    return json.dumps({"topic": topic.name, "cases": topic.cases}, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(make(), encoding="utf-8")
