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
    """A contact who takes so many seats."""

    contact: bytes
    alias: str
    party: int


def aboard(desk: Desk, code: str) -> list[Aboard]:
    """Who holds seats on the movement and said yes to them, by alias.

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
        for contact, said in replies.replies(desk, held).given.items():
            if said.answer is Reply.ACCEPT and contact in seated:
                found[contact] = Aboard(contact, aliases[contact], said.party)
    return sorted(found.values(), key=lambda each: each.alias)
