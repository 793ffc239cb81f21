"""Queries about contacts, their letters, enrolments and cards."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, bindparam, exists, func, not_, select

from store.sql import Found, chunks, each_of, insert, many, one, update, value
from store.sql import count as count_rows
from store.tables.mail import envelopes, wraps
from store.tables.offices import devices
from store.tables.people import cards, contact_keys, contacts, enrolments, invitations
from store.tables.referrals import referrals


@one
def contact(office: bytes, contact: bytes) -> Select[Any]:
    return select(contacts).where(contacts.c.office == office, contacts.c.contact == contact)


@one
def by_alias(office: bytes, alias: str) -> Select[Any]:
    return select(contacts).where(contacts.c.office == office, contacts.c.alias == alias)


@many
def listed(office: bytes) -> Select[Any]:
    """Everybody who ever enrolled, by alias; unverified people are apart."""
    c = contacts.c
    unverified = exists().where(referrals.c.office == c.office, referrals.c.contact == c.contact)
    known = select(contacts).where(c.office == office, c.state != "invited", not_(unverified))
    return known.order_by(c.alias)


def aliases(tx: Connection, office: bytes) -> dict[bytes, str]:
    """The alias of every contact."""
    return {row.contact: row.alias for row in _aliases(tx, office)}


@many
def _aliases(office: bytes) -> Select[Any]:
    return select(contacts.c.contact, contacts.c.alias).where(contacts.c.office == office)


def since(tx: Connection, office: bytes, wanted: Collection[bytes]) -> dict[bytes, datetime]:
    """When each of these contacts came."""
    return {
        row.contact: row.created_at for part in chunks(sorted(wanted)) for row in _since(tx, office, part)
    }


@many
def _since(office: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    c = contacts.c
    return select(c.contact, c.created_at).where(c.office == office, c.contact.in_(wanted))


@value
def count(office: bytes) -> Select[Any]:
    """How many contacts the office has, letters that nobody used yet included."""
    return select(func.count()).select_from(contacts).where(contacts.c.office == office)


def add_contact(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    """With the key that backups seal the contact's rows with."""
    insert(tx, contacts, [row])
    own = {"office": row["office"], "contact": row["contact"]}
    insert(tx, contact_keys, [own | {"secret": secrets.token_bytes(32)}])


def renew_key(tx: Connection, office: bytes, contact: bytes) -> None:
    """The old one is gone: backups made before keep nothing of the contact."""
    update(tx, contact_keys, {"office": office, "contact": contact}, secret=secrets.token_bytes(32))


def set_contact(tx: Connection, office: bytes, contact: bytes, **values: object) -> None:
    update(tx, contacts, {"office": office, "contact": contact}, **values)


def heard(tx: Connection, when: Mapping[tuple[bytes, bytes], datetime]) -> None:
    """Note when contacts, by (office, contact), last wrote; one executemany for all."""
    if when:
        each_of(tx, _heard(), [{"of": of, "whom": whom, "at": at} for (of, whom), at in when.items()])


@cache
def _heard() -> Update:
    c = contacts.c
    whom = contacts.update().where(c.office == bindparam("of"), c.contact == bindparam("whom"))
    return whom.values(heard_at=bindparam("at"))


def unread_oldest(tx: Connection, office: bytes, now: datetime) -> dict[bytes, tuple[datetime, int]]:
    """Per contact: when its oldest letter came that no officer fetched, and how many there are; no strangers."""
    return {row.contact: (row.oldest, row.letters) for row in _unread_oldest(tx, office, now)}


@many
def _unread_oldest(office: bytes, now: datetime) -> Select[Any]:
    return _unread(office, now, devices.c.contact).group_by(devices.c.contact)


def unread_of(tx: Connection, office: bytes, contact: bytes, now: datetime) -> tuple[datetime | None, int]:
    """The same of one contact; (None, 0) when all are fetched."""
    row = _unread_of(tx, office, contact, now)
    return (row.oldest, row.letters) if row else (None, 0)


@one
def _unread_of(office: bytes, contact: bytes, now: datetime) -> Select[Any]:
    return _unread(office, now).where(devices.c.contact == contact)


def _unread(office: bytes, now: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
    letters, oldest = func.count().label("letters"), func.min(envelopes.c.accepted_at).label("oldest")
    return (
        select(*columns, oldest, letters)
        .select_from(
            wraps.join(envelopes, wraps.c.envelope == envelopes.c.envelope).join(
                devices, and_(envelopes.c.sender == devices.c.device, devices.c.contact.is_not(None))
            )
        )
        .where(wraps.c.office == office, wraps.c.holder_kind == 2, wraps.c.fetched_at.is_(None))
        .where(wraps.c.expires_at > now, not_(exists().where(referrals.c.device == devices.c.device)))
    )


@one
def invitation(invitation: bytes) -> Select[Any]:
    return select(invitations).where(invitations.c.invitation == invitation)


def add_invitation(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, invitations, [row])


def close_invitation(tx: Connection, invitation: bytes, state: str) -> None:
    """Used or void: either way the admit hash is erased."""
    update(tx, invitations, {"invitation": invitation}, state=state, admit_hash=None)


def open_invitations_by(tx: Connection, office: bytes, issuers: Collection[bytes]) -> list[Found]:
    return [row for part in chunks(sorted(issuers)) for row in _open_invitations_by(tx, office, part)]


@many
def _open_invitations_by(office: bytes, issuers: Sequence[bytes]) -> Select[Any]:
    c = invitations.c
    own = select(invitations).where(c.office == office, c.state == "open", c.issuer.in_(issuers))
    return own.order_by(c.invitation)


@many
def invitations_of(office: bytes) -> Select[Any]:
    c = invitations.c
    on = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    statement = select(invitations, contacts.c.alias).join(contacts, on).where(c.office == office)
    return statement.order_by(c.expires_at, c.invitation)


@many
def enrolments_under(invitation: bytes) -> Select[Any]:
    c = enrolments.c
    return select(enrolments).where(c.invitation == invitation).order_by(c.at, c.device)


@many
def enrolments_by(device: bytes) -> Select[Any]:
    return select(enrolments).where(enrolments.c.device == device)


@many
def waiting_enrolments(office: bytes) -> Select[Any]:
    """Who waits for the desk, the oldest first; `known`: in place of the phone that a contact has."""
    on = and_(invitations.c.office == contacts.c.office, invitations.c.contact == contacts.c.contact)
    joined = (
        enrolments.join(invitations, enrolments.c.invitation == invitations.c.invitation)
        .join(contacts, on)
        .join(devices, enrolments.c.device == devices.c.device)
    )
    carded = exists().where(cards.c.office == invitations.c.office, cards.c.contact == invitations.c.contact)
    return (
        select(enrolments, invitations.c.contact, contacts.c.alias, devices.c.record, carded.label("known"))
        .select_from(joined)
        .where(invitations.c.office == office, enrolments.c.state.in_(("pending", "frozen")))
        .order_by(enrolments.c.at, enrolments.c.device)
    )


def add_enrolment(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, enrolments, [row])


def set_enrolment(tx: Connection, invitation: bytes, device: bytes, state: str) -> None:
    """The account it came from is kept only as long as a card may still bind it; what one officer signed is void."""
    values: dict[str, object] = {"state": state, "card": None}
    if state not in ("pending", "frozen"):
        values["account"] = None
    update(tx, enrolments, {"invitation": invitation, "device": device}, **values)


def keep_half(tx: Connection, invitation: bytes, device: bytes, card: bytes) -> None:
    """What the first officer signed; a newer one takes its place."""
    update(tx, enrolments, {"invitation": invitation, "device": device}, card=card)


@count_rows
def shown(office: bytes, now: datetime) -> Update:
    """A desk of the office has seen all who wait."""
    c = enrolments.c
    own = select(invitations.c.invitation).where(invitations.c.office == office)
    unseen = (c.invitation.in_(own), c.state.in_(("pending", "frozen")), c.shown_at.is_(None))
    return enrolments.update().where(*unseen).values(shown_at=now)


@one
def card(office: bytes, contact: bytes) -> Select[Any]:
    """The contact's newest card."""
    c = cards.c
    held = select(cards).where(c.office == office, c.contact == contact)
    return held.order_by(c.serial.desc()).limit(1)


def cards_of(tx: Connection, office: bytes, wanted: Collection[bytes]) -> dict[bytes, bytes]:
    """The newest card of each of these contacts, as it came."""
    return {row.contact: row.wire for part in chunks(sorted(wanted)) for row in _cards_of(tx, office, part)}


@many
def _cards_of(office: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    c = cards.c
    return select(c.contact, c.wire).where(c.office == office, c.contact.in_(wanted)).order_by(c.serial)


def counter_used(tx: Connection, office: bytes, certifier: bytes, counter: int) -> bool:
    return _by_counter(tx, office, certifier, counter) is not None


@one
def _by_counter(office: bytes, certifier: bytes, counter: int) -> Select[Any]:
    c = cards.c
    return select(c.serial).where(c.office == office, c.certifier == certifier, c.counter == counter)


def add_card(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, cards, [row])
