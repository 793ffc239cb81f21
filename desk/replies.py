"""The signed answers to a notice, verified again: the relay counts them, it cannot make them."""

from dataclasses import dataclass, field
from typing import Final

from crypto.encoding import b64u
from crypto.errors import CryptoError, Refused
from crypto.notice import Notice, NoticeKind
from crypto.statement import Answer as Statement
from crypto.statement import Reply, check_statement
from desk import contacts
from desk.answers import Answer
from desk.errors import DeskError
from desk.office import Desk
from desk.state import HeldNotice, Offer

LATE: Final = 6 * 3600  # seconds before the report window; from then on phones ask for a fresh yes


@dataclass
class Replies:
    """Verified answers by contact, who was asked and has not answered, and what was refused with the reason."""

    given: dict[bytes, Statement] = field(default_factory=dict)
    waiting: list[Offer] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    #: Whom a change reached inside six hours of the report window and who said neither yes nor no to it since.
    unacknowledged: list[Offer] = field(default_factory=list)

    def accepted(self) -> set[bytes]:
        return {contact for contact, answer in self.given.items() if answer.answer is Reply.ACCEPT}

    def decided(self, contact: bytes) -> bool:
        answer = self.given.get(contact)
        return answer is not None and answer.answer is not Reply.HELP


def row_of(desk: Desk, notice: Notice) -> Answer:
    """The relay's row of this version. Raises DeskError when it has none."""
    for row in Answer(desk.relay.get("/notices")).many("notices"):
        if (row.octets("notice", 16), row.integer("version")) == (notice.notice, notice.version):
            return row
    raise DeskError("The relay does not list this notice.", "Has it been sealed (`qasid-desk notice seal`)?")


def replies(desk: Desk, held: HeldNotice) -> Replies:
    """Fetches and verifies the answers to this version."""
    notice = Notice.parse(held.notice)
    result = Replies()
    offers = {offer.contact: offer for offer in held.offers}
    at_relay = row_of(desk, notice)
    unasked = on_standby(held, at_relay)
    for row in at_relay.many("answers"):
        contact = row.octets("contact", 16)
        offer = offers.get(contact)
        try:
            if offer is None:
                raise Refused("it is by somebody the notice was not for")
            result.given[contact] = _verify(desk, notice, offer, row.octets("answer"))
        except CryptoError as wrong:
            result.refused.append((offer.alias if offer else b64u(contact), str(wrong)))
    result.waiting = [
        offer for offer in held.offers if offer.contact not in result.given and offer.contact not in unasked
    ]
    if notice.kind is NoticeKind.CHANGE and at_relay.integer("release_at") >= notice.report_from - LATE:
        asked = (offer for offer in held.offers if offer.contact not in unasked)
        result.unacknowledged = [each for each in asked if not result.decided(each.contact)]
    desk.save()
    return result


def on_standby(held: HeldNotice, row: Answer) -> set[bytes]:
    """Contacts whose copy waits for a seat: both the draft and the relay's row of it say so."""
    return {offer.contact for offer in held.offers if offer.standby} & set(row.many_octets("waiting"))


def _verify(desk: Desk, notice: Notice, offer: Offer, wire: bytes) -> Statement:
    card = contacts.held_card(desk, offer.contact)
    held = desk.state.contacts.get(b64u(offer.contact))
    claimed = Statement.peek(wire)
    record = (
        next((item for item in card.body.devices if item.device == claimed.device), None) if card else None
    )
    if record is None or held is None:
        raise Refused("it is signed by a device that no officer has certified")
    answer = check_statement(wire, Statement, record)
    named = (answer.offer, answer.notice, answer.version, answer.content_hash)
    if named != (offer.offer, notice.notice, notice.version, notice.hash):
        raise Refused("it answers another offer, notice or version")
    if answer.party > offer.party:
        raise Refused("it takes more seats than were offered")
    name = b64u(record.device)
    before = held.answers.get(name)
    if before and before != wire and Statement.peek(before).counter >= answer.counter:
        raise Refused("an older answer is shown again")
    held.answers[name] = wire
    return answer
