"""Queries about contacts, their letters, enrolments and cards."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, not_, select

from store.sql import Found, chunks, every, first, insert
from store.tables.mail import envelopes, wraps
from store.tables.offices import devices
from store.tables.people import cards, contacts, enrolments, invitations
from store.tables.referrals import referrals


def contact(tx: Connection, office: bytes, contact: bytes) -> Found | None:
    return first(tx, select(contacts).where(contacts.c.office == office, contacts.c.contact == contact))


def by_alias(tx: Connection, office: bytes, alias: str) -> Found | None:
    return first(tx, select(contacts).where(contacts.c.office == office, contacts.c.alias == alias))


def listed(tx: Connection, office: bytes) -> list[Found]:
    """Everybody who ever enrolled, by alias; unverified people are apart."""
    c = contacts.c
    unverified = exists().where(referrals.c.office == c.office, referrals.c.contact == c.contact)
    known = select(contacts).where(c.office == office, c.state != "invited", not_(unverified))
    return every(tx, known.order_by(c.alias))


def aliases(tx: Connection, office: bytes) -> dict[bytes, str]:
    """The alias of every contact."""
    c = contacts.c
    return {
        row.contact: row.alias for row in tx.execute(select(c.contact, c.alias).where(c.office == office))
    }


def count(tx: Connection, office: bytes) -> int:
    """How many contacts the office has, letters that nobody used yet included."""
    statement = select(func.count()).select_from(contacts).where(contacts.c.office == office)
    return int(tx.execute(statement).scalar_one())


def add_contact(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, contacts, [row])


def set_contact(tx: Connection, office: bytes, contact: bytes, **values: object) -> None:
    c = contacts.c
    tx.execute(contacts.update().where(c.office == office, c.contact == contact).values(**values))


def heard(tx: Connection, when: Mapping[tuple[bytes, bytes], datetime]) -> None:
    """Note when contacts, by (office, contact), last wrote; one executemany for all."""
    if when:
        c = contacts.c
        statement = contacts.update().where(c.office == bindparam("of"), c.contact == bindparam("whom"))
        rows = [{"of": of, "whom": whom, "at": at} for (of, whom), at in when.items()]
        tx.execute(statement.values(heard_at=bindparam("at")), rows)


def unread_oldest(tx: Connection, office: bytes, now: datetime) -> dict[bytes, tuple[datetime, int]]:
    """Per contact: when its oldest letter came that no officer fetched, and how many there are; no strangers."""
    count, oldest = func.count().label("letters"), func.min(envelopes.c.accepted_at).label("oldest")
    statement = (
        select(devices.c.contact, oldest, count)
        .select_from(
            wraps.join(envelopes, wraps.c.envelope == envelopes.c.envelope).join(
                devices, and_(envelopes.c.sender == devices.c.device, devices.c.contact.is_not(None))
            )
        )
        .where(wraps.c.office == office, wraps.c.holder_kind == 2, wraps.c.fetched_at.is_(None))
        .where(wraps.c.expires_at > now, not_(exists().where(referrals.c.device == devices.c.device)))
        .group_by(devices.c.contact)
    )
    return {row.contact: (row.oldest, row.letters) for row in every(tx, statement)}


def invitation(tx: Connection, invitation: bytes) -> Found | None:
    return first(tx, select(invitations).where(invitations.c.invitation == invitation))


def add_invitation(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, invitations, [row])


def close_invitation(tx: Connection, invitation: bytes, state: str) -> None:
    """Used or void: either way the admit hash is erased."""
    c = invitations.c
    tx.execute(invitations.update().where(c.invitation == invitation).values(state=state, admit_hash=None))


def open_invitations_by(tx: Connection, office: bytes, issuers: Collection[bytes]) -> list[Found]:
    c = invitations.c
    found: list[Found] = []
    for part in chunks(sorted(issuers)):
        own = select(invitations).where(c.office == office, c.state == "open", c.issuer.in_(part))
        found += every(tx, own.order_by(c.invitation))
    return found


def invitations_of(tx: Connection, office: bytes) -> list[Found]:
    c = invitations.c
    on = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    statement = select(invitations, contacts.c.alias).join(contacts, on).where(c.office == office)
    return every(tx, statement.order_by(c.expires_at, c.invitation))


def enrolments_under(tx: Connection, invitation: bytes) -> list[Found]:
    c = enrolments.c
    return every(tx, select(enrolments).where(c.invitation == invitation).order_by(c.at, c.device))


def enrolments_by(tx: Connection, device: bytes) -> list[Found]:
    return every(tx, select(enrolments).where(enrolments.c.device == device))


def waiting_enrolments(tx: Connection, office: bytes) -> list[Found]:
    on = and_(invitations.c.office == contacts.c.office, invitations.c.contact == contacts.c.contact)
    joined = (
        enrolments.join(invitations, enrolments.c.invitation == invitations.c.invitation)
        .join(contacts, on)
        .join(devices, enrolments.c.device == devices.c.device)
    )
    statement = (
        select(enrolments, invitations.c.contact, contacts.c.alias, devices.c.record)
        .select_from(joined)
        .where(invitations.c.office == office, enrolments.c.state.in_(("pending", "frozen")))
        .order_by(enrolments.c.at, enrolments.c.device)
    )
    return every(tx, statement)


def add_enrolment(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, enrolments, [row])


def set_enrolment(tx: Connection, invitation: bytes, device: bytes, state: str) -> None:
    """The account it came from is kept only as long as a card may still bind it."""
    c = enrolments.c
    values: dict[str, object] = {"state": state}
    if state not in ("pending", "frozen"):
        values["account"] = None
    tx.execute(enrolments.update().where(c.invitation == invitation, c.device == device).values(**values))


def card(tx: Connection, office: bytes, contact: bytes) -> Found | None:
    """The contact's newest card."""
    c = cards.c
    held = select(cards).where(c.office == office, c.contact == contact)
    return first(tx, held.order_by(c.serial.desc()).limit(1))


def cards_of(tx: Connection, office: bytes) -> dict[bytes, bytes]:
    """The newest card of every contact, as it came."""
    c = cards.c
    rows = every(tx, select(c.contact, c.wire).where(c.office == office).order_by(c.serial))
    return {row.contact: row.wire for row in rows}


def counter_used(tx: Connection, office: bytes, certifier: bytes, counter: int) -> bool:
    c = cards.c
    used = select(c.serial).where(c.office == office, c.certifier == certifier, c.counter == counter)
    return first(tx, used) is not None


def add_card(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, cards, [row])
