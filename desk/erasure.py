"""Erasing a person: at the relay, and everything this desk itself keeps of them."""

from crypto.attachment import Attachment
from crypto.content import Inner
from crypto.encoding import b64u, unb64u
from desk import casefiles, contacts, disclosures, handovers, manifests, people
from desk.errors import DeskError, RelayError
from desk.office import Desk


def erase(desk: Desk, alias: str) -> int:
    """Has the relay delete the contact, then forgets them here, and saves; how many messages went.

    A contact that the relay has no more (a colleague erased them) is forgotten here alone. Raises RelayError
    `notice_held`, `not_allowed`, DeskError for an alias that nobody knows.
    """
    known = {held: contact for contact, held in people.aliases(desk).items()}
    contact = known.get(alias)
    try:
        desk.relay.post("/erasures", {"contact": alias})
    except RelayError as refused:
        if refused.code != "contact_not_found":
            raise
        if contact is None:
            raise DeskError(
                f"There is no contact {alias}.", "See `qasid-desk contacts`.", "no_contact"
            ) from None
    return 0 if contact is None else forget(desk, contact)


def forget(desk: Desk, contact: str) -> int:
    """Deletes what this desk has of a contact (an id), and saves; how many messages went."""
    state, own = desk.state, unb64u(contact, 16)
    gone = [message for message in state.messages if message.contact == own]
    state.messages = [message for message in state.messages if message.contact != own]
    for message in gone:
        if message.attachment:
            state.fetched.pop(b64u(Attachment.parse(message.attachment).attachment), None)
    state.attachments_due = [due for due in state.attachments_due if due.contact != own]
    handovers.erase(desk, own)
    state.outbox = [due for due in state.outbox if Inner.parse(due.inner).recipient != own]
    # The last message of each chain is kept whole: theirs by their phones, ours by the person.
    card = contacts.held_card(desk, own)
    phones = {message.sender for message in gone if not message.own}
    phones |= {record.device for record in card.body.devices} if card else set()
    begins, ends = tuple(f"{b64u(phone)}:" for phone in phones), f":{contact}"
    for held in (state.chains, state.missing):
        for name in [name for name in held if name.startswith(begins) or name.endswith(ends)]:
            del held[name]
    casefiles.forget(desk, contact)
    disclosures.forget(desk, own)
    manifests.forget(desk, own)
    state.contacts.pop(contact, None)
    state.people.pop(contact, None)
    state.letters = {name: letter for name, letter in state.letters.items() if letter.contact != own}
    if state.serving == contact:
        state.serving, state.shown = "", []
    for notice in state.notices.values():
        notice.offers = [offer for offer in notice.offers if offer.contact != own]
        notice.opened = [each for each in notice.opened if each != contact]
    desk.save()
    return len(gone)
