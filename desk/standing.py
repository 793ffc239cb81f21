"""Whether a notice of this office still counts, for whoever calls and has its number."""

import re
from typing import Final

from crypto.notice import Notice
from desk import mail
from desk.answers import Answer
from desk.errors import UsageError
from desk.office import Desk

WORDS: Final = {
    "current": "CURRENT: it counts as it is. The phone says when to go; until then they stay put.",
    "replaced": "REPLACED: a newer one took its place. They open the app and read that.",
    "cancelled": "CANCELLED: nobody goes by it.",
    "unknown": "UNKNOWN: no notice of this office with this number counts now. Nobody goes by it.",
}


def standing(desk: Desk, given: str) -> str:
    """One of WORDS. Raises UsageError for what is no such number, DeskError."""
    code = re.sub(r"[\s-]", "", given)
    if len(code) != 10 or not code.isdecimal():
        raise UsageError("That is no notice's number.", "It has ten digits: read it again, please.")
    code = f"{int(code):010}"
    mail.fetch(desk)
    held = [Notice.parse(each.notice) for each in desk.state.notices.values()]
    named = {(each.notice, each.version) for each in held if each.code == code}
    for row in Answer(desk.relay.get("/notices")).many("notices"):
        if (row.octets("notice", 16), row.integer("version")) in named:
            return _word(row.text("state"), over=row.integer("expires") <= desk.now())
    return "unknown"


def _word(state: str, *, over: bool) -> str:
    if state == "released" and not over:
        return "current"
    return state if state in ("replaced", "cancelled") else "unknown"
