"""Attachments: sealed chunks on their way between a contact and the office, and how much of it one person may have.

state      put                           fetch          taken                        time
(none)     begun, if there is room       unknown        unknown                      -
begun      another chunk                 those it has   taken                        three days: forgotten
whole      the same again is harmless    every chunk    taken: the chunks are gone   expiry: forgotten
taken      gone                          unknown        harmless                     expiry: forgotten

Nobody finds out here what exists: a wrong token, somebody else's attachment and one that was never there are alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crypto.attachment import COUNTS, SEALED_CHUNK, token_hash
from crypto.encoding import equal
from relay import auth
from relay.addressing import MESSAGES, SLACK
from relay.auth import READING, ContactDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import attachments, consents, devices
from store.sql import Found

LONGEST: Final = timedelta(days=60)
MOST_CHUNKS: Final = 256
"""Of one contact, to and from them: 4 MiB."""
MOST_A_DAY: Final = 40
"""Of one contact, to and from them, within 24 hours."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Chunk `n` of an attachment with all that the relay is told of it, each time the same.

    `contact` is whom an officer sends it to; a contact's own device leaves it empty.
    """

    attachment: bytes
    n: int
    data: bytes
    count: int
    expires: datetime
    token_hash: bytes
    contact: bytes = b""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An attachment, and the token that only who read its message has."""

    attachment: bytes
    token: bytes


def put(tx: Tx, who: Principal, chunk: Chunk, now: datetime) -> list[int]:
    """Take a chunk; the same again is harmless. Returns which chunks are there now.

    Raises RelayError `malformed`, `not_allowed`, `not_enrolled`, `recipient_unknown`, `no_consent`,
    `attachment_quota`, `attachments_too_many`, `attachment_differs`, `attachment_gone`.
    """
    _check_form(chunk, now)
    row = attachments.attachment(tx, who.office, chunk.attachment)
    contact = _whose(tx, who, chunk, now)
    if row is None:
        _check_room(tx, who.office, contact, chunk.count, now)
        attachments.begin(
            tx,
            office=who.office,
            attachment=chunk.attachment,
            contact=contact,
            sender=who.device,
            token_hash=chunk.token_hash,
            chunks=chunk.count,
            begun_at=now,
            expires_at=chunk.expires,
        )
    else:
        told = (who.device, contact, chunk.count, chunk.expires, chunk.token_hash)
        if told != (row.sender, row.contact, row.chunks, row.expires_at, row.token_hash):
            raise _differs()
        if row.taken_at is not None:
            raise RelayError("attachment_gone", "it was fetched and is gone; send it as a new one", Kind.GONE)
    known = attachments.chunk(tx, who.office, chunk.attachment, chunk.n)
    if known is None:
        named = {"office": who.office, "attachment": chunk.attachment}
        attachments.put(tx, **named, n=chunk.n, data=chunk.data)
    elif known.data != chunk.data:
        raise _differs()
    return _have(tx, who.office, chunk.attachment)


def held(tx: Tx, who: Principal, attachment: bytes) -> list[int]:
    """Which chunks of its own upload the relay has, to go on there; none of one it does not know.

    Raises RelayError `not_allowed`, `not_enrolled`.
    """
    _admit(who)
    row = attachments.attachment(tx, who.office, attachment)
    return _have(tx, who.office, attachment) if row is not None and row.sender == who.device else []


def fetch(tx: Tx, who: Principal, ticket: Ticket, n: int, now: datetime) -> bytes:
    """A sealed chunk. Raises RelayError `attachment_unknown`, `not_allowed`, `not_enrolled`."""
    row = _known(tx, who, ticket, now)
    found = attachments.chunk(tx, who.office, row.attachment, n)
    if found is None:
        raise _unknown()
    return bytes(found.data)


def taken(tx: Tx, who: Principal, ticket: Ticket, now: datetime) -> None:
    """All of it is kept by the contact's phone, or its sender gives it up: its chunks go. Again is harmless.

    While the contact has other phones that may want it, it stays until its time is over. Raises RelayError
    `attachment_unknown`, `not_allowed`, `not_enrolled`.
    """
    row = _known(tx, who, ticket, now)
    if row.sender != who.device:
        auth.contact(who)
        phones = devices.of_contact(tx, row.office, row.contact)
        if sum(phone.state == "enrolled" for phone in phones) > 1:
            return
    if row.taken_at is None:
        attachments.taken(tx, row.office, row.attachment, now)


def _check_form(chunk: Chunk, now: datetime) -> None:
    if chunk.count not in COUNTS or not 0 <= chunk.n < chunk.count or len(chunk.data) != SEALED_CHUNK:
        raise RelayError(
            "malformed", f"an attachment has one of {COUNTS} chunks of {SEALED_CHUNK} bytes", Kind.MALFORMED
        )
    if len(chunk.token_hash) != 32 or not now < chunk.expires <= now + LONGEST + SLACK:
        raise RelayError("malformed", "an attachment is kept for at most 60 days", Kind.MALFORMED)


def _admit(who: Principal) -> None:
    if isinstance(who, ContactDevice):
        auth.contact(who)
    else:
        auth.officer(who, READING)


def _whose(tx: Tx, who: Principal, chunk: Chunk, now: datetime) -> bytes:
    """The contact whose attachment it is, who agrees to messages until now."""
    _admit(who)
    if isinstance(who, ContactDevice):
        if chunk.contact not in (b"", who.contact):
            raise RelayError("not_addressed", "a contact writes to its office only", Kind.FORBIDDEN)
        contact = who.contact
    else:
        contact = chunk.contact
        phones = devices.of_contact(tx, who.office, contact)
        if not any(phone.state == "enrolled" for phone in phones):
            raise RelayError(
                "recipient_unknown", "the recipient is not known here; fetch the list anew", Kind.UNACCEPTABLE
            )
    until = consents.given(tx, {(who.office, contact)}).get((who.office, contact, MESSAGES))
    if until is None or until <= now:
        raise RelayError(
            "no_consent", "there is no consent to messages (any more); it is given in the app", Kind.FORBIDDEN
        )
    return contact


def _check_room(tx: Tx, office: bytes, contact: bytes, count: int, now: datetime) -> None:
    room = attachments.held(tx, office, contact)
    if room is not None and room.chunks + count > MOST_CHUNKS:
        raise RelayError(
            "attachment_quota",
            "too many photographs and voice notes of this person wait here; wait until some are fetched, or send a "
            "smaller one",
            Kind.TOO_MANY,
        )
    if attachments.begun_since(tx, office, contact, now - timedelta(days=1)) >= MOST_A_DAY:
        raise RelayError(
            "attachments_too_many",
            f"this person's {MOST_A_DAY} attachments of a day are used up; go on tomorrow, or write",
            Kind.TOO_MANY,
        )


def _known(tx: Tx, who: Principal, ticket: Ticket, now: datetime) -> Found:
    """The attachment, whoever asks being one of its two sides and having the token."""
    _admit(who)
    row = attachments.attachment(tx, who.office, ticket.attachment)
    if row is None or not equal(token_hash(ticket.token), row.token_hash) or row.expires_at <= now:
        raise _unknown()
    if isinstance(who, ContactDevice) and row.contact != who.contact:
        raise _unknown()
    return row


def _have(tx: Tx, office: bytes, attachment: bytes) -> list[int]:
    return [row.n for row in attachments.have(tx, office, attachment)]


def _differs() -> RelayError:
    return RelayError(
        "attachment_differs", "other bytes stand there; send it under another id", Kind.CONFLICT
    )


def _unknown() -> RelayError:
    return RelayError(
        "attachment_unknown", "it is not here (any more); ask for it to be sent again", Kind.MISSING
    )
