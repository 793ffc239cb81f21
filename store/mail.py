"""Queries about envelopes and wraps."""

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Delete,
    Select,
    Update,
    and_,
    exists,
    func,
    not_,
    select,
    type_coerce,
)

from store import room
from store.ids import among, laid
from store.sql import Found, chunks, count, every, insert, insert_new, many, one, update, value
from store.tables.mail import acks, envelopes, wraps
from store.tables.notices import recipients
from store.tables.referrals import referrals

DEVICE, EPOCH = 1, 2
SAFETY = "safety"
"""What a wrap rests on that needs nobody's consent: it only voids what its reader holds."""


def known(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    """Digest and time of acceptance of envelopes already here, with or without their body."""
    return {row.envelope: row for row in _known(tx, laid(wanted))} if wanted else {}


@many
def _known(wanted: bytes) -> Select[Any]:
    c = envelopes.c
    return select(c.envelope, c.digest, c.accepted_at).where(among(wanted, c.envelope))


def add(tx: Connection, letters: Sequence[dict[str, Any]], copies: Sequence[dict[str, Any]]) -> None:
    insert(tx, envelopes, letters)
    insert(tx, wraps, copies)


def mailbox(
    tx: Connection, office: bytes, device: bytes, *, after: int, limit: int, now: datetime, epochs: bool
) -> list[Found]:
    """What waits for the device, oldest first; with the office's epoch wraps it has not acknowledged."""
    own = _own(tx, office, device, after, limit, now)
    if not epochs:
        return own
    # Apart: asked for either, SQLite goes through all that waits for anybody in the office.
    news = _epochs(tx, office, device, after, limit, now)
    return sorted([*own, *news], key=attrgetter("seq"))[:limit]


@many
def _own(office: bytes, device: bytes, after: int, limit: int, now: datetime) -> Select[Any]:
    return _waiting(office, after, limit, now).where(_held_by(device))


@many
def _epochs(office: bytes, device: bytes, after: int, limit: int, now: datetime) -> Select[Any]:
    acked = exists().where(acks.c.envelope == wraps.c.envelope, acks.c.device == device)
    return _waiting(office, after, limit, now).where(wraps.c.holder_kind == EPOCH, not_(acked))


def _held_by(device: bytes) -> ColumnElement[bool]:
    return and_(wraps.c.holder_kind == DEVICE, wraps.c.holder == device)


def _waiting(office: bytes, after: int, limit: int, now: datetime) -> Select[Any]:
    c = wraps.c
    return (
        select(wraps, envelopes.c.common, envelopes.c.notice, envelopes.c.version)
        .join(envelopes, c.envelope == envelopes.c.envelope)
        .where(c.office == office, c.seq > after, c.expires_at > now)
        .order_by(c.seq)
        .limit(limit)
    )


@one
def letter(device: bytes, envelope: bytes, now: datetime) -> Select[Any]:
    """One letter that waits for the device: its common part and its wrap."""
    w, e = wraps.c, envelopes.c
    own = select(w.wrap, e.common).join(envelopes, w.envelope == e.envelope).where(_held_by(device))
    return own.where(w.envelope == envelope, w.seq.is_not(None), w.expires_at > now, e.common.is_not(None))


def fetched(tx: Connection, rows: Sequence[Found], now: datetime) -> None:
    """These copies, as they were read."""
    for part in chunks(rows):
        _fetched(tx, [row.envelope for row in part], [row.seq for row in part], now)


@count
def _fetched(envelopes: Sequence[bytes], seqs: Sequence[int], now: datetime) -> Update:
    # By their letters, which are looked up: no index is by number alone, and all of an office's copies are many.
    c = wraps.c
    fresh = wraps.update().where(c.envelope.in_(envelopes), c.seq.in_(seqs), c.fetched_at.is_(None))
    return fresh.values(fetched_at=now)


def drop_own(tx: Connection, office: bytes, device: bytes, ids: Collection[bytes]) -> None:
    """The device acknowledged these: its own wraps go (never one still held back)."""
    for part in chunks(sorted(ids)):
        _drop_own(tx, office, device, part)


@count
def _drop_own(office: bytes, device: bytes, ids: Sequence[bytes]) -> Delete:
    c = wraps.c
    own = wraps.delete().where(c.office == office, _held_by(device))
    return own.where(c.envelope.in_(ids), c.seq.is_not(None))


def ack(tx: Connection, office: bytes, device: bytes, ids: Collection[bytes]) -> None:
    """An officer's device has read these epoch letters of its office."""
    for part in chunks(sorted(ids)):
        read = _epoch_letters(tx, office, part)
        insert_new(tx, acks, [{"envelope": row.envelope, "device": device} for row in read])


@many
def _epoch_letters(office: bytes, ids: Sequence[bytes]) -> Select[Any]:
    c = wraps.c
    own = select(c.envelope).where(c.office == office, c.holder_kind == EPOCH, c.envelope.in_(ids))
    return own.distinct()


def kept(tx: Connection, sender: bytes, wanted: Collection[bytes]) -> list[bytes]:
    """Those of the letters this device sent that a desk of its office has acknowledged; ascending."""
    found = [row.envelope for part in chunks(sorted(wanted)) for row in _kept(tx, sender, part)]
    return sorted(found)


@many
def _kept(sender: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    c = envelopes.c
    acked = exists().where(acks.c.envelope == c.envelope)
    return select(c.envelope).where(c.sender == sender, c.envelope.in_(wanted), acked)


def acked_by(tx: Connection, office: bytes, ids: Collection[bytes] | None = None) -> dict[bytes, set[bytes]]:
    """Which devices acknowledged each of the office's epoch letters."""
    if ids is None:
        rows = _all_acked(tx, office)
    else:
        rows = [row for part in chunks(sorted(ids)) for row in _acked_among(tx, office, part)]
    found: dict[bytes, set[bytes]] = {}
    for row in rows:
        found.setdefault(row.envelope, set()).add(row.device)
    return found


@many
def _all_acked(office: bytes) -> Select[Any]:
    return _acked(office)


@many
def _acked_among(office: bytes, ids: Sequence[bytes]) -> Select[Any]:
    return _acked(office).where(acks.c.envelope.in_(ids))


def _acked(office: bytes) -> Select[Any]:
    # Not joined: SQLite would begin with all of the office's letters.
    e = envelopes.c
    own = exists().where(e.envelope == acks.c.envelope, e.office == office, e.common.is_not(None))
    return select(acks).where(own)


def drop_epoch_wraps(tx: Connection, ids: Collection[bytes]) -> None:
    for part in chunks(sorted(ids)):
        _drop_epoch_wraps(tx, part)


@count
def _drop_epoch_wraps(ids: Sequence[bytes]) -> Delete:
    return wraps.delete().where(wraps.c.holder_kind == EPOCH, wraps.c.envelope.in_(ids))


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
    _drop_notice(tx, office, notice, version)
    update(tx, envelopes, {"office": office, "notice": notice, "version": version}, common=None)


@count
def _drop_notice(office: bytes, notice: bytes, version: int) -> Delete:
    c = envelopes.c
    own = select(c.envelope).where(c.office == office, c.notice == notice, c.version == version)
    return wraps.delete().where(wraps.c.envelope.in_(own))


@count
def drop_sender(office: bytes, device: bytes) -> Delete:
    """Delete every letter of a device, whoever has not read it yet."""
    return envelopes.delete().where(envelopes.c.office == office, envelopes.c.sender == device)


def _drop(tx: Connection, which: ColumnElement[bool]) -> set[bytes]:
    letters = {row.envelope for row in every(tx, select(wraps.c.envelope).where(which).distinct())}
    if letters:
        tx.execute(wraps.delete().where(which))
    return letters


def drop_bodies(tx: Connection, ids: Collection[bytes]) -> None:
    """Drop the bodies among these letters that have no wrap left; their rows stay until expiry."""
    for part in chunks(sorted(ids)):
        _drop_bodies(tx, part)


@count
def _drop_bodies(ids: Sequence[bytes]) -> Update:
    left = exists().where(wraps.c.envelope == envelopes.c.envelope)
    return envelopes.update().where(envelopes.c.envelope.in_(ids), not_(left)).values(common=None)


@many
def held_back_for(envelope: bytes, contact: bytes) -> Select[Any]:
    """Of these, one contact's."""
    c = wraps.c
    columns = (c.holder_kind, c.holder, c.prekey, c.contact)
    own = select(*columns).where(c.envelope == envelope, c.seq.is_(None), c.contact == contact)
    return own.order_by(c.holder, c.prekey)


def release(tx: Connection, version: Found, first_seq: int) -> list[bytes]:
    """Number the copies of a notice's letter: from now on they stand in their mailboxes. Whose, once for each copy.

    Not those of people who wait for a seat.
    """
    room.widen(tx)
    named = (version.office, version.notice, version.version, version.envelope)
    return [row.contact for row in _release(tx, *named, first_seq - 1)]


@many
def _release(office: bytes, notice: bytes, version: int, envelope: bytes, before: int) -> Update:
    # One statement for all: the database goes through them in the order in which they lie.
    c, r = wraps.c, recipients.c
    own = (r.office == office, r.notice == notice, r.version == version, r.contact == c.contact)
    waits = exists().where(*own, r.held_back).correlate(wraps)
    place = func.row_number().over(order_by=(c.holder_kind, c.holder, c.prekey)).label("place")
    held = select(c.holder_kind, c.holder, c.prekey, place)
    n = held.where(c.envelope == envelope, c.seq.is_(None), not_(waits)).subquery("numbered").c
    same = (c.holder_kind == n.holder_kind, c.holder == n.holder, c.prekey == n.prekey)
    numbered = type_coerce(before, BigInteger) + n.place
    return wraps.update().where(c.envelope == envelope, *same).values(seq=numbered).returning(c.contact)


@value
def sealed(envelope: bytes) -> Select[Any]:
    """Header and body of a letter while somebody may still get it."""
    return select(envelopes.c.common).where(envelopes.c.envelope == envelope)


def expire(tx: Connection, now: datetime) -> int:
    """Delete what is past its time; how many letters went."""
    _expire_wraps(tx, now)
    return _expire(tx, now)


@count
def _expire_wraps(now: datetime) -> Delete:
    return wraps.delete().where(wraps.c.expires_at <= now)


@count
def _expire(now: datetime) -> Delete:
    return envelopes.delete().where(envelopes.c.expires_at <= now)


def unread_count(tx: Connection, office: bytes, now: datetime) -> tuple[int, datetime | None]:
    """How many of the office's letters no officer fetched, and when the oldest came; unverified people's apart."""
    [row] = _unread_count(tx, office, now)
    return row.many, row.oldest


@many
def _unread_count(office: bytes, now: datetime) -> Select[Any]:
    c = wraps.c
    columns: tuple[Any, ...] = (
        func.count(c.envelope.distinct()).label("many"),
        func.min(envelopes.c.accepted_at).label("oldest"),
    )
    return (
        select(*columns)
        .join(envelopes, c.envelope == envelopes.c.envelope)
        .where(c.office == office, c.holder_kind == EPOCH, c.fetched_at.is_(None), c.expires_at > now)
        .where(not_(exists().where(referrals.c.device == envelopes.c.sender)))
    )
