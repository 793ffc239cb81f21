"""Sending and fetching photographs and voice notes, chunk by chunk: after a break, only what is missing."""

import secrets
from collections.abc import Callable
from typing import Final

from crypto.attachment import SEALED_CHUNK, Attachment, attachment_hash, count_of, token_hash
from crypto.chunk import open_chunks, seal_chunks
from crypto.encoding import b64u, new_id
from crypto.envelope import Urgency
from crypto.errors import CryptoError
from desk import media, messages
from desk.answers import Answer
from desk.errors import DeskError, RelayError, UnreachableError, UsageError
from desk.lifetimes import DAY, MESSAGE_LIFE
from desk.media import Medium
from desk.messages import Sent
from desk.office import READS_MAIL, Desk
from desk.outbox import PASSING
from desk.state import DueAttachment, Message

Progress = Callable[[int, int], None]
"""How many chunks went, and of how many."""
LONGEST_CAPTION: Final = 1024


def quietly(_done: int, _of: int) -> None:
    """No progress shown."""


def queue(desk: Desk, alias: str, medium: Medium, caption: str, urgency: Urgency) -> DueAttachment:
    """Keeps it here to be sent to a contact; `flush` sends it. Raises as messages.reply, and for unverified people."""
    desk.require(READS_MAIL, "write to contacts")
    if len(caption.encode()) > LONGEST_CAPTION:
        raise UsageError(
            f"The caption is longer than {LONGEST_CAPTION} bytes.", "Write the rest as a message of its own."
        )
    contact = messages.writable(desk, alias)
    named = Attachment(
        attachment=new_id(),
        key=secrets.token_bytes(32),
        media=medium.media,
        size=len(medium.data),
        count=count_of(len(medium.data)),
        hash=attachment_hash(medium.data),
        seconds=medium.seconds,
        width=medium.width,
        height=medium.height,
        caption=caption,
    )
    expires = desk.now() + MESSAGE_LIFE
    due = DueAttachment(contact, named.encode(), medium.data, expires, int(urgency))
    desk.state.attachments_due.append(due)
    desk.save()
    return due


def flush(desk: Desk, progress: Progress = quietly) -> list[Sent]:
    """Sends what is queued, in order, each followed by its message; what cannot go now stays queued.

    Raises DeskError when one is refused for good: it is taken out, and nothing of it was sent.
    """
    sent = []
    while desk.state.attachments_due:
        due = desk.state.attachments_due.pop(0)  # saved with its message, or with the word that it is refused
        named = Attachment.parse(due.attachment)
        try:
            _check_time(desk, due)
            _upload(desk, due, named, progress)
            sent.append(messages.attach(desk, due.contact, named, Urgency(due.urgency)))
        except (DeskError, CryptoError) as wrong:
            if _passes(wrong):
                desk.state.attachments_due.insert(0, due)
                break
            desk.save()
            raise _refused(desk, due, named, wrong) from wrong
    return sent


def fetch(desk: Desk, message: Message, progress: Progress = quietly) -> bytes:
    """What was attached to a message, checked whole.

    Raises UsageError when nothing was, RelayError `attachment_unknown`, UnreachableError (what came so far is kept),
    Refused, and DeskError for a file that is not of its kind.
    """
    if not message.attachment:
        raise UsageError(f"Nothing is attached to message {message.id}.", "See `qasid-desk inbox --all`.")
    named = Attachment.parse(message.attachment)
    name = b64u(named.attachment)
    chunks = desk.state.fetched.setdefault(name, [])
    try:
        while len(chunks) < named.count:
            progress(len(chunks), named.count)
            wanted = {"token": b64u(named.token), "n": len(chunks)}
            chunks.append(desk.relay.post_for_bytes(f"/attachments/{name}/fetch", wanted, SEALED_CHUNK))
        progress(named.count, named.count)
    except UnreachableError:
        desk.save()
        raise
    del desk.state.fetched[name]
    desk.save()
    data = open_chunks(named, desk.office, chunks)
    if media.kind_of(data) is not named.media:
        raise DeskError(
            "What is attached is no photograph or voice note, whatever its message says.",
            "Nothing was written. Ask for it to be sent again.",
            "other_media",
        )
    return data


def _upload(desk: Desk, due: DueAttachment, named: Attachment, progress: Progress) -> None:
    path = f"/attachments/{b64u(named.attachment)}"
    told: dict[str, str | int] = {
        "count": named.count,
        "expires": due.expires,
        "token_hash": b64u(token_hash(named.token)),
        "contact": b64u(due.contact),
    }
    have = set(Answer(desk.relay.get(path)).integers("have"))
    for n, chunk in enumerate(seal_chunks(named, desk.office, due.data)):
        progress(n, named.count)
        if n not in have:
            desk.relay.put_bytes(f"{path}/{n}", chunk, **told)
    progress(named.count, named.count)


def _check_time(desk: Desk, due: DueAttachment) -> None:
    if due.expires <= desk.now() + DAY:
        desk.check_clock()
        raise DeskError("It waited too long to be sent.", "Attach it again.", "waited_too_long")


def _passes(wrong: DeskError | CryptoError) -> bool:
    """Whether it may go well another time."""
    if isinstance(wrong, RelayError):
        full = wrong.code in {"attachment_quota", "attachments_too_many"}
        return wrong.status >= 500 or (wrong.status in PASSING and not full)
    return isinstance(wrong, UnreachableError)


def _refused(desk: Desk, due: DueAttachment, named: Attachment, wrong: DeskError | CryptoError) -> DeskError:
    held = desk.state.contacts.get(b64u(due.contact))
    hint, code = (wrong.hint, wrong.code) if isinstance(wrong, DeskError) else ("", "refused")
    message = wrong.message if isinstance(wrong, DeskError) else str(wrong)
    who = held.alias if held else "a contact"
    return DeskError(f"{media.called(named)} to {who} was not sent. {message}", hint, code)
