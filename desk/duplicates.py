"""Two records of one person: which share an account by the relay's word, and ending one of two."""

from crypto.roster import Role
from desk import erasure, people
from desk.answers import Answer
from desk.errors import DeskError
from desk.office import Desk


def listed(desk: Desk) -> list[tuple[str, str]]:
    """Pairs of aliases, in order."""
    desk.require(Role.COORDINATOR | Role.CASEWORKER, "see who shares an account")
    pairs = Answer(desk.relay.get("/duplicates")).many("pairs")
    return [(pair.text("one"), pair.text("two")) for pair in pairs]


def merge(desk: Desk, keep: str, end: str) -> tuple[bool, int]:
    """Ends the second record, at the relay and here, and saves: was its household handed on, how many messages went.

    The name in the address book becomes the kept one's, if that one has none. Raises RelayError `notice_held`,
    `contact_not_found`, `same_contact`, DeskError while the desk does not know both.
    """
    desk.require(Role.COORDINATOR, "merge contacts")
    known = {held: contact for contact, held in people.aliases(desk).items()}
    for alias in (keep, end):
        if alias not in known:
            raise DeskError(f"There is no contact {alias}.", "See `qasid-desk contacts`.", "no_contact")
    moved = Answer(desk.relay.post("/merges", {"keep": keep, "end": end})).truth("household")
    names = desk.state.people
    if known[end] in names:
        names.setdefault(known[keep], names[known[end]])
    return moved, erasure.forget(desk, known[end])
