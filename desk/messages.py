"""The decrypted message store: reading, answering, receipts."""

from dataclasses import dataclass

from crypto.attachment import Attachment
from crypto.content import Ask, Inner, Kind, OpenedReceipt, TextMessage
from crypto.encoding import b64u
from crypto.envelope import Urgency
from crypto.errors import CryptoError
from crypto.prekey import Prekey
from crypto.sealing import Recipient
from desk import chains, contacts, outbox, referrals
from desk.errors import DeskError, UnreachableError, UsageError
from desk.lifetimes import DAY, MESSAGE_LIFE
from desk.office import READS_MAIL, Desk
from desk.referrals import Unverified
from desk.state import Message


@dataclass(frozen=True)
class Sent:
    """What became of a message: `state` is "accepted" (by the relay) or "queued" (here, to be sent later)."""

    message: Message
    state: str
    devices: int


def unread(desk: Desk) -> list[Message]:
    """Oldest first; unverified people's stand in their own list (`referrals`), that strangers bury nobody."""
    waiting = [
        message
        for message in desk.state.messages
        if not message.read and not message.own and not message.unverified
    ]
    return sorted(waiting, key=lambda message: message.received_at)


def find(desk: Desk, number: int) -> Message:
    """Raises UsageError when there is no such message."""
    for message in desk.state.messages:
        if message.id == number:
            return message
    raise UsageError(f"There is no message {number}.", "See `qasid-desk inbox --all`.")


def mark_read(desk: Desk, message: Message) -> bool:
    """Says whether it was new."""
    fresh = not message.read and not message.own
    message.read = True
    desk.save()
    return fresh


def reply(desk: Desk, alias: str, text: str, urgency: Urgency) -> Sent:
    """Seals a text to every device of the contact and to the office's own epoch, queues it and tries to send it.

    Raises AlarmError when the relay tampered with the contact, DeskError without consent or usable key, and
    `new_phone` while nobody here took note that the phone was changed.
    """
    desk.require(READS_MAIL, "write to contacts")
    if not text.strip():
        raise UsageError("The message is empty.", "Give the text, or write it to standard input.")
    view, recipients = _addressee(desk, alias)
    if isinstance(view, Unverified) and urgency is Urgency.URGENT:
        raise UsageError("Nobody rings for somebody unverified.", "Leave --urgent out.")
    return _send(desk, view, recipients, TextMessage(text), urgency)


def ask(desk: Desk, alias: str, question: Ask) -> Sent:
    """Asks a contact whether something may be passed on. Raises as `reply`."""
    desk.require(READS_MAIL, "write to contacts")
    view, recipients = _verified(desk, alias)
    return _send(desk, view, recipients, question, Urgency.ROUTINE)


def writable(desk: Desk, alias: str) -> bytes:
    """The id of a contact that can be written to now. Raises as `ask`."""
    view, _ = _verified(desk, alias)
    contacts.check_noted(view)
    return view.contact


def attach(desk: Desk, contact: bytes, named: Attachment, urgency: Urgency) -> Sent:
    """Tells a contact (by id) of an attachment that the relay has. Raises as `ask`."""
    view, recipients = _verified(desk, b64u(contact))
    return _send(desk, view, recipients, named, urgency)


def asked(question: Ask) -> str:
    """How a question stands among the messages."""
    return f"May we pass on to {question.name}: {', '.join(question.fields)}?"


def _send(
    desk: Desk,
    view: contacts.ContactView | Unverified,
    recipients: list[Recipient],
    payload: TextMessage | Ask | Attachment,
    urgency: Urgency,
) -> Sent:
    if not isinstance(view, Unverified):
        contacts.check_noted(view)
    kind, text = _kept(payload)
    thread = view.contact
    inner = chains.compose(desk, kind, view.contact, thread, payload.encode())
    envelope = _queue(desk, inner, recipients, urgency)
    message = Message(
        id=desk.state.next_message,
        envelope=envelope,
        sender=desk.device.device,
        party=view.alias,
        contact=view.contact,
        own=True,
        kind=kind.name.lower(),
        text=text,
        status="",
        thread=thread,
        content_hash=inner.hash,
        sent_at=inner.sent_at,
        received_at=desk.now(),
        read=True,
        unverified=isinstance(view, Unverified),
        attachment=payload.encode() if isinstance(payload, Attachment) else b"",
    )
    desk.state.next_message += 1
    desk.state.messages.append(message)
    desk.save()
    state = outbox.flush(desk).get(message.envelope, "accepted")
    return Sent(message, state, len(recipients))


def _kept(payload: TextMessage | Ask | Attachment) -> tuple[Kind, str]:
    """The kind of a message, and what stands of it among the messages."""
    match payload:
        case TextMessage():
            return Kind.TEXT, payload.text
        case Ask():
            return Kind.ASK, asked(payload)
        case Attachment():
            return Kind.ATTACHMENT, payload.caption


def acknowledge(desk: Desk, message: Message) -> str:
    """Tells the sender (and the colleagues) that a message was opened: "accepted", "queued" or "none".

    A receipt is a courtesy: what stands in its way is not an error of reading.
    """
    if message.own or message.kind not in ("text", "status", "attachment"):
        return "none"
    try:
        _, recipients = _addressee(desk, b64u(message.contact))
        payload = OpenedReceipt(message.envelope, message.content_hash).encode()
        inner = chains.compose(desk, Kind.OPENED, message.contact, message.contact, payload)
        envelope = _queue(desk, inner, recipients, Urgency.ROUTINE)
        return outbox.flush(desk).get(envelope, "none")
    except (DeskError, CryptoError):
        return "none"


def _verified(desk: Desk, alias: str) -> tuple[contacts.ContactView, list[Recipient]]:
    view, recipients = _addressee(desk, alias)
    if isinstance(view, Unverified):
        raise DeskError(f"{view.alias} is not verified yet.", "Nothing was sent.", "unverified")
    return view, recipients


def _addressee(desk: Desk, alias: str) -> tuple[contacts.ContactView | Unverified, list[Recipient]]:
    """A contact, or somebody unverified, by alias or contact id."""
    held = desk.state.referrals.get(alias)
    name = held.alias if held else alias
    # Who waits no more may have become a contact, by a colleague's hand.
    if referrals.is_held(desk, name) and (one := referrals.look(desk, name)):
        return one, referrals.recipients(desk, one, desk.now() + DAY)
    view = _contact(desk, alias)
    return view, contacts.recipients(desk, view, ("messages",), desk.now() + DAY)


def _contact(desk: Desk, alias: str) -> contacts.ContactView:
    try:
        return contacts.addressee(desk, alias)
    except UnreachableError:
        return contacts.find(contacts.remembered(desk), alias)


def _queue(desk: Desk, inner: Inner, recipients: list[Recipient], urgency: Urgency) -> bytes:
    epoch: Prekey = desk.roster.epoch(desk.now())
    prekeys = [recipient.prekey for recipient in recipients] + [epoch]
    expires = min(desk.now() + MESSAGE_LIFE, *(prekey.delete_at for prekey in prekeys))
    return outbox.queue(desk, inner, [Recipient(prekey) for prekey in prekeys], expires, urgency)
