"""Who is on a movement, as this desk can tell: seats that the relay counts, and the people's own signed yes to them."""

from dataclasses import dataclass

from crypto.encoding import b64u
from crypto.statement import Reply
from desk import drafts, movements, replies
from desk.answers import Answer
from desk.errors import DeskError
from desk.office import Desk


@dataclass(frozen=True)
class Aboard:
    """A contact of whose party so many take seats, or took them.

    `in_person`: the contact among them. `whole`: nobody of those who said yes stayed behind.
    """

    contact: bytes
    alias: str
    party: int
    in_person: bool = True
    whole: bool = True


def aboard(desk: Desk, code: str) -> list[Aboard]:
    """Who holds seats on the movement and said yes to them, by alias; once it is recorded, who of them boarded.

    Raises DeskError when there is no such movement, or this desk has not got one of its notices.
    """
    movement = movements.movement_id(desk, code)
    found: dict[bytes, Aboard] = {}
    for row in Answer(desk.relay.get("/notices")).many("notices"):
        seated = set(row.many_octets("seated"))
        if row.plain().get("movement") != movement or not seated:
            continue
        held = desk.state.notices.get(drafts.key(row.octets("notice", 16), row.integer("version")))
        if held is None:
            raise DeskError(
                f"A notice of {code} ({b64u(row.octets('notice', 16))}) is not at this desk.",
                "It arrives with the mail: run `qasid-desk inbox`, or ask the colleague who drafted it.",
                "notice_not_here",
            )
        aliases = {offer.contact: offer.alias for offer in held.offers}
        boarded = {each.octets("contact", 16): each for each in row.many("boarded")}
        for contact, said in replies.replies(desk, held).given.items():
            if said.answer is Reply.ACCEPT and contact in seated:
                found[contact] = _counted(contact, aliases[contact], said.party, boarded.get(contact))
    return sorted(found.values(), key=lambda each: each.alias)


def _counted(contact: bytes, alias: str, party: int, boarded: Answer | None) -> Aboard:
    """All who said yes, or those who boarded: never more than said yes."""
    if boarded is None:
        return Aboard(contact, alias, party)
    count = min(party, boarded.integer("travellers"))
    return Aboard(contact, alias, count, boarded.truth("in_person"), count == party)
