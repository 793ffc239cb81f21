"""Taking what a colleague's desk hands over (handovers.py).

What comes is added once to what is here and replaces nothing; chains, counters and pinned cards never come with it.
Each part may be taken by itself, so order and repetition do no harm.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from crypto.content import Inner, Kind, OpenedReceipt
from crypto.encoding import b64u
from crypto.errors import CryptoError, Refused
from crypto.handover import HandedLetter, HandedMessage, HandedPerson, Handover, Mark
from crypto.letter import Secret
from crypto.roster import Entry
from crypto.sealing import Recipient
from desk import casefiles, chains, contacts, outbox, people
from desk.errors import UsageError
from desk.lifetimes import MESSAGE_LIFE
from desk.office import READS_MAIL, Desk, reads_mail
from desk.state import HeldHandover, HeldLetter, Message, Person


def meet(desk: Desk, inner: Inner) -> None:
    """Before a handover is taken: learns of the contacts in it that this desk has not heard of yet."""
    part = inner.read()
    if isinstance(part, Handover) and any(
        b64u(contact) not in desk.state.contacts for contact in _contacts(part)
    ):
        contacts.refresh(desk)


def take(desk: Desk, part: Handover, inner: Inner) -> HeldHandover:
    """Adds a colleague's part to what is here. Raises Refused for what no colleague may send, or contradicts itself."""
    giver = desk.roster.standing(inner.sender, inner.sent_at, READS_MAIL, slack=3600)
    if not reads_mail(desk.entry):
        raise Refused("a handover to a desk that reads no mail")
    names = [_named(one) for one in part.people]
    held = _begun(desk, part, giver, inner.sent_at)
    for letter in part.letters:
        _keep_letter(desk, letter)
    known = people.aliases(desk)
    for one, person in zip(part.people, names, strict=True):
        if b64u(one.contact) in known:
            _keep_name(desk, one.contact, person, giver.role_code)
    for told in part.fields:
        if b64u(told.contact) in known:
            casefiles.keep(desk, told.contact, told.field, told.at)
    held.messages += _keep_messages(desk, part, known, giver.role_code)
    kept = {contact for contact in _contacts(part) if b64u(contact) in known}
    if part.part not in held.came:
        held.left_out += len(_contacts(part) - kept)
    held.contacts = sorted({*held.contacts, *kept})
    held.came = sorted({*held.came, part.part})
    if len(held.came) == held.parts and not held.complete_at:
        held.complete_at = desk.now()
    return held


def answer(desk: Desk) -> None:
    """Tells the givers of handovers that are complete that they are; queued, for the next `flush`."""
    for held in desk.state.handovers:
        if held.given or held.answered or not held.complete_at:
            continue
        payload = OpenedReceipt(held.id, bytes(32)).encode()
        try:
            inner = chains.compose(desk, Kind.OPENED, desk.office, held.id, payload)
            epoch = desk.roster.epoch(desk.now())
            held.answered = True
            until = min(desk.now() + MESSAGE_LIFE, epoch.delete_at)
            outbox.queue(desk, inner, [Recipient(epoch)], until)
        except CryptoError:  # an expired roster: once there is another
            held.answered = False


def arrived(desk: Desk, inner: Inner) -> bool:
    """A colleague's word that a handover is complete; False when the receipt is about something else."""
    entry = desk.roster.entry(inner.sender)
    for held in desk.state.handovers:
        if held.given and held.id == inner.thread and entry is not None and held.officer == entry.officer:
            held.complete_at = held.complete_at or desk.now()
            return True
    return False


def supersede(desk: Desk, message: Message) -> None:
    """What came itself takes the place of the colleague's copy of it."""
    if not desk.state.handovers:
        return
    for copy in desk.state.messages:
        if copy.handed and copy.envelope == message.envelope:
            message.read, message.receipt = copy.read, copy.receipt
            desk.state.messages.remove(copy)
            return


def _begun(desk: Desk, part: Handover, giver: Entry, at: int) -> HeldHandover:
    """The handover a part is of, begun by whichever part comes first. Raises Refused for one that contradicts it."""
    for held in desk.state.handovers:
        if held.id == part.handover:
            if (held.given, held.officer, held.parts) != (False, giver.officer, part.parts):
                raise Refused("a handover that contradicts the parts before it")
            return held
    held = HeldHandover(part.handover, False, giver.officer, giver.role_code, at=at, parts=part.parts)
    desk.state.handovers.append(held)
    return held


def _contacts(part: Handover) -> set[bytes]:
    named, letters = {row.contact for row in part.people}, {row.contact for row in part.letters}
    told = {row.contact for row in part.fields}
    return named | letters | told | {row.contact for row in part.messages}


def _named(row: HandedPerson) -> Person:
    try:
        note = people.clean(row.note, "a note", longest=len(row.note)) if row.note else ""
        return Person(people.clean(row.name), note)
    except UsageError as wrong:
        raise Refused("a name in a handover cannot be shown") from wrong


def _keep_letter(desk: Desk, row: HandedLetter) -> None:
    """Whoever comes with it can be confirmed here too. One for nobody we know is for its own new contact only."""
    secret = Secret(row.secret)
    name, known = b64u(secret.invitation), b64u(row.contact) in desk.state.contacts
    if name in desk.state.letters or (known == (row.contact == secret.contact)) or row.expires <= desk.now():
        return  # here already, used already, or over
    desk.state.letters[name] = HeldLetter(
        row.secret, row.contact, row.alias, row.roster_version, row.roster_hash, row.expires
    )


def _keep_name(desk: Desk, contact: bytes, given: Person, giver: str) -> None:
    """What is here stays; where the colleague wrote something else down, it stands in the note."""
    own = desk.state.people.get(b64u(contact))
    if own is None:
        desk.state.people[b64u(contact)] = given
        return
    other = f"{giver}: {given.name}, {given.note}".removesuffix(", ")
    if not people.same(own, given.name, given.note) and other not in own.note:
        desk.state.people[b64u(contact)] = replace(own, note=f"{own.note}; {other}".removeprefix("; "))


def _keep_messages(desk: Desk, part: Handover, known: Mapping[str, str], giver: str) -> int:
    """Those of people we know that are not here yet; how many."""
    here = {message.envelope for message in desk.state.messages}
    count = 0
    for row in part.messages:
        alias = known.get(b64u(row.contact))
        if alias is not None and row.envelope not in here:
            _keep_message(desk, row, alias, giver)
            count += 1
    return count


def _keep_message(desk: Desk, row: HandedMessage, alias: str, giver: str) -> None:
    own = row.sender == desk.device.device
    marks = {str(mark.name).lower(): mark in row.marks for mark in Mark}
    message = Message(
        id=desk.state.next_message,
        envelope=row.envelope,
        sender=row.sender,
        party=f"{row.author} to {alias}" if row.author and not own else alias,
        contact=row.contact,
        own=own,
        kind=row.kind.name.lower(),
        text=row.text,
        status=row.status,
        thread=row.contact,
        content_hash=row.content_hash,
        sent_at=row.sent_at,
        received_at=row.received_at,
        receipt=giver if Mark.READ in row.marks and not row.author else "",
        about=row.about,
        attachment=b"",
        handed=giver,
        **marks,
    )
    desk.state.next_message += 1
    desk.state.messages.append(message)
