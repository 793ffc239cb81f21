"""What waits for a device: listing, acknowledging, and what goes when everyone has read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.envelope import join
from relay import auth, doorbells, unverified
from relay.auth import READING, ContactDevice, OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.heads import Head, head
from relay.unit import Tx
from store import accounts, devices, mail, recipients

PAGE = 100
ACKS = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """One letter as its reader gets it: header, body and the reader's own wrap."""

    seq: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    items: list[Item]
    more: bool
    head: Head
    fetched: list[bytes]


def fetch(
    tx: Tx, who: Principal, after: int, limit: int, now: datetime, *, sent: Collection[bytes] = ()
) -> Mail:
    """The letters after a number, oldest first; they count as fetched, and a doorbell nobody needs goes.

    `sent` names letters of the device's own: `fetched` are those that a desk has and keeps. An id of anybody else's
    is an unknown one.

    Raises RelayError `not_enrolled`, `not_allowed`, `malformed`.
    """
    if not 0 <= after < 1 << 63 or limit < 1:
        raise RelayError("malformed", "after and limit are out of range", Kind.MALFORMED)
    reads = isinstance(who, OfficerDevice) and bool(who.roles & READING)
    if isinstance(who, ContactDevice):
        unverified.reader(tx, who, now)
    else:
        auth.officer(who)
    page = min(limit, PAGE)
    found = mail.mailbox(tx, who.office, who.device, after=after, limit=page + 1, now=now, epochs=reads)
    rows = found[:page]
    fresh = [row for row in rows if row.fetched_at is None]
    if fresh:
        mail.fetched(tx, fresh, now)
        _quieten(tx, who, now)
    if isinstance(who, ContactDevice):
        for row in fresh:
            if row.notice is not None:
                recipients.fetched(tx, who.office, who.contact, (row.notice, row.version), now)
    items = [Item(row.seq, join(row.common, row.wrap)) for row in rows]
    kept = mail.kept(tx, who.device, sent) if sent else []
    return Mail(items, len(found) > page, head(tx, who.office), kept)


def ack(tx: Tx, who: Principal, ids: Sequence[bytes], now: datetime) -> None:
    """These letters are kept by the device: its own wraps go, an epoch wrap once all reading devices said so.

    Unknown ids are harmless (a retry). Raises RelayError `too_many_ids`, `not_allowed`.
    """
    if len(ids) > ACKS:
        raise RelayError("too_many_ids", f"acknowledge at most {ACKS} letters at once", Kind.TOO_LARGE)
    if isinstance(who, OfficerDevice):
        auth.officer(who)
    mail.drop_own(tx, who.office, who.device, ids)
    if isinstance(who, OfficerDevice) and who.roles & READING:
        mail.ack(tx, who.office, who.device, ids)
        prune(tx, who.office, ids, now)
    mail.drop_bodies(tx, ids)
    _quieten(tx, who, now)


def prune(tx: Tx, office: bytes, ids: Collection[bytes] | None, now: datetime) -> None:
    """Drop epoch wraps that every reading device of the office acknowledged; of all letters when ids is None."""
    readers = devices.reading(tx, office, int(READING), now)
    if not readers:
        return
    read = {letter for letter, by in mail.acked_by(tx, office, ids).items() if readers <= by}
    mail.drop_epoch_wraps(tx, read)
    mail.drop_bodies(tx, read)


def _quieten(tx: Tx, who: Principal, now: datetime) -> None:
    if isinstance(who, ContactDevice):
        mine = set(accounts.of_contacts(tx, who.office, [who.contact]).values())
    else:
        mine = accounts.of_officers(tx, who.office, int(READING), now)
    for account in mine:
        doorbells.read(tx, account, now)
