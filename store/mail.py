"""Queries about envelopes and wraps."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, not_, or_, select

from store.sql import Found, changed, chunks, every, first, insert, insert_new
from store.tables.mail import acks, envelopes, wraps
from store.tables.referrals import referrals

DEVICE, EPOCH = 1, 2
SAFETY = "safety"
"""What a wrap rests on that needs nobody's consent: it only voids what its reader holds."""


def known(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    """Digest and time of acceptance of envelopes already here, with or without their body."""
    c = envelopes.c
    found: dict[bytes, Found] = {}
    for part in chunks(sorted(wanted)):
        rows = every(tx, select(c.envelope, c.digest, c.accepted_at).where(c.envelope.in_(part)))
        found |= {row.envelope: row for row in rows}
    return found


def add(tx: Connection, letters: Sequence[dict[str, Any]], copies: Sequence[dict[str, Any]]) -> None:
    insert(tx, envelopes, letters)
    insert(tx, wraps, copies)


def mailbox(
    tx: Connection, office: bytes, device: bytes, *, after: int, limit: int, now: datetime, epochs: bool
) -> list[Found]:
    """What waits for the device, oldest first; with the office's epoch wraps it has not acknowledged."""
    c = wraps.c
    mine: ColumnElement[bool] = and_(c.holder_kind == DEVICE, c.holder == device)
    if epochs:
        acked = exists().where(acks.c.envelope == c.envelope, acks.c.device == device)
        mine = or_(mine, and_(c.holder_kind == EPOCH, not_(acked)))
    statement = (
        select(wraps, envelopes.c.common, envelopes.c.notice, envelopes.c.version)
        .join(envelopes, c.envelope == envelopes.c.envelope)
        .where(c.office == office, c.seq > after, c.expires_at > now, mine)
        .order_by(c.seq)
        .limit(limit)
    )
    return every(tx, statement)


def fetched(tx: Connection, office: bytes, seqs: Sequence[int], now: datetime) -> None:
    c = wraps.c
    for part in chunks(seqs):
        of = wraps.update().where(c.office == office, c.seq.in_(part), c.fetched_at.is_(None))
        tx.execute(of.values(fetched_at=now))


def drop_own(tx: Connection, office: bytes, device: bytes, ids: Collection[bytes]) -> None:
    """The device acknowledged these: its own wraps go (never one still held back)."""
    c = wraps.c
    for part in chunks(sorted(ids)):
        own = wraps.delete().where(c.office == office, c.holder_kind == DEVICE, c.holder == device)
        tx.execute(own.where(c.envelope.in_(part), c.seq.is_not(None)))


def ack(tx: Connection, office: bytes, device: bytes, ids: Collection[bytes]) -> None:
    """An officer's device has read these epoch letters of its office."""
    c = wraps.c
    for part in chunks(sorted(ids)):
        own = (
            select(c.envelope)
            .where(c.office == office, c.holder_kind == EPOCH, c.envelope.in_(part))
            .distinct()
        )
        insert_new(tx, acks, [{"envelope": row.envelope, "device": device} for row in every(tx, own)])


def acked_by(tx: Connection, office: bytes, ids: Collection[bytes] | None = None) -> dict[bytes, set[bytes]]:
    """Which devices acknowledged each of the office's epoch letters."""
    statement = select(acks).join(envelopes, acks.c.envelope == envelopes.c.envelope)
    statement = statement.where(envelopes.c.office == office, envelopes.c.common.is_not(None))
    found: dict[bytes, set[bytes]] = {}
    parts = [None] if ids is None else list(chunks(sorted(ids)))
    for part in parts:
        for row in every(tx, statement if part is None else statement.where(acks.c.envelope.in_(part))):
            found.setdefault(row.envelope, set()).add(row.device)
    return found


def drop_epoch_wraps(tx: Connection, ids: Collection[bytes]) -> None:
    for part in chunks(sorted(ids)):
        tx.execute(wraps.delete().where(wraps.c.holder_kind == EPOCH, wraps.c.envelope.in_(part)))


def drop_devices(tx: Connection, office: bytes, gone: Collection[bytes]) -> set[bytes]:
    """Drop all wraps of these devices; returns the letters they belonged to."""
    if not gone:
        return set()
    c = wraps.c
    own = and_(c.office == office, c.holder_kind == DEVICE, c.holder.in_(gone))
    return _drop(tx, own)


def drop_contact(tx: Connection, office: bytes, contact: bytes, purpose: str | None) -> set[bytes]:
    """Drop the contact's wraps that rest on consent, to this or any purpose; returns their letters."""
    c = wraps.c
    which = c.purpose != SAFETY if purpose is None else c.purpose == purpose
    return _drop(tx, and_(c.office == office, c.contact == contact, which))


def drop_notice(tx: Connection, office: bytes, notice: bytes, version: int) -> None:
    """Destroy every letter of a notice version (itself, its goes, any word) for everyone who has not stored it.

    Fetched is not stored: an answer may be lost on a bad line. Who stored a letter has acknowledged it.
    """
    c = envelopes.c
    own = and_(c.office == office, c.notice == notice, c.version == version)
    tx.execute(wraps.delete().where(wraps.c.envelope.in_(select(c.envelope).where(own))))
    tx.execute(envelopes.update().where(own).values(common=None))


def drop_sender(tx: Connection, office: bytes, device: bytes) -> None:
    """Delete every letter of a device, whoever has not read it yet."""
    tx.execute(envelopes.delete().where(envelopes.c.office == office, envelopes.c.sender == device))


def _drop(tx: Connection, which: ColumnElement[bool]) -> set[bytes]:
    letters = {row.envelope for row in every(tx, select(wraps.c.envelope).where(which).distinct())}
    if letters:
        tx.execute(wraps.delete().where(which))
    return letters


def drop_bodies(tx: Connection, ids: Collection[bytes]) -> None:
    """Drop the bodies among these letters that have no wrap left; their rows stay until expiry."""
    for part in chunks(sorted(ids)):
        left = exists().where(wraps.c.envelope == envelopes.c.envelope)
        bare = envelopes.update().where(envelopes.c.envelope.in_(part), not_(left))
        tx.execute(bare.values(common=None))


def held_back(tx: Connection, envelope: bytes) -> list[Found]:
    """Address and contact of the wraps of a letter that is not released yet."""
    c = wraps.c
    columns = (c.holder_kind, c.holder, c.prekey, c.contact)
    return every(
        tx, select(*columns).where(c.envelope == envelope, c.seq.is_(None)).order_by(c.holder, c.prekey)
    )


def release(tx: Connection, envelope: bytes, first_seq: int, held: Sequence[Found]) -> None:
    """Number the wraps of a held-back letter: from now on they stand in their mailboxes."""
    if not held:
        return
    c = wraps.c
    own = (c.holder_kind == bindparam("kind"), c.holder == bindparam("who"), c.prekey == bindparam("key"))
    numbered = wraps.update().where(c.envelope == envelope, *own).values(seq=bindparam("number"))
    rows = [
        {"kind": row.holder_kind, "who": row.holder, "key": row.prekey, "number": number}
        for number, row in enumerate(held, first_seq)
    ]
    tx.execute(numbered, rows)


def sealed(tx: Connection, envelope: bytes) -> bytes | None:
    """Header and body of a letter while somebody may still get it."""
    row = first(tx, select(envelopes.c.common).where(envelopes.c.envelope == envelope))
    return None if row is None else row.common


def expire(tx: Connection, now: datetime) -> int:
    """Delete what is past its time; how many letters went."""
    tx.execute(wraps.delete().where(wraps.c.expires_at <= now))
    return changed(tx, envelopes.delete().where(envelopes.c.expires_at <= now))


def unread_count(tx: Connection, office: bytes, now: datetime) -> tuple[int, datetime | None]:
    """How many of the office's letters no officer fetched, and when the oldest came; unverified people's apart."""
    c = wraps.c
    statement = (
        select(func.count(c.envelope.distinct()), func.min(envelopes.c.accepted_at))
        .join(envelopes, c.envelope == envelopes.c.envelope)
        .where(c.office == office, c.holder_kind == EPOCH, c.fetched_at.is_(None), c.expires_at > now)
        .where(not_(exists().where(referrals.c.device == envelopes.c.sender)))
    )
    count, oldest = tx.execute(statement).one()
    return count, oldest
