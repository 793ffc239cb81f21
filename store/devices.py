"""Queries about devices and officers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Update, and_, select

from crypto.roster import ANY_ROLE
from store.ids import among, laid
from store.sql import Found, chunks, count, insert, many, one, update
from store.tables.offices import devices, officers
from store.tables.people import contacts

_WITH_OFFICER = and_(devices.c.office == officers.c.office, devices.c.officer == officers.c.officer)


def _known() -> Select[Any]:
    return select(devices, officers.c.role_code).outerjoin(officers, _WITH_OFFICER)


@one
def device(device: bytes) -> Select[Any]:
    """The device, with the role_code of its officer (None for a contact's)."""
    return _known().where(devices.c.device == device)


def several(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    return {row.device: row for row in _several(tx, laid(wanted))} if wanted else {}


@many
def _several(wanted: bytes) -> Select[Any]:
    return _known().where(among(wanted, devices.c.device))


def add(tx: Connection, **row: object) -> None:
    insert(tx, devices, [row])


def set_state(tx: Connection, device: bytes, state: str, **values: object) -> None:
    update(tx, devices, {"device": device}, state=state, **values)


@many
def of_contact(office: bytes, contact: bytes) -> Select[Any]:
    c = devices.c
    return select(devices).where(c.office == office, c.contact == contact).order_by(c.device)


def of_contacts(tx: Connection, office: bytes, wanted: Collection[bytes]) -> list[Found]:
    """The enrolled devices of these contacts, by contact."""
    return [row for part in chunks(sorted(wanted)) for row in _of_contacts(tx, office, part)]


@many
def _of_contacts(office: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    c = devices.c
    own = select(devices).where(c.office == office, c.contact.in_(wanted), c.state == "enrolled")
    return own.order_by(c.contact, c.device)


def of_people(tx: Connection, office: bytes, wanted: Collection[bytes]) -> dict[bytes, bytes]:
    """The enrolled devices of these contacts, each with whose it is."""
    found: dict[bytes, bytes] = {}
    for part in chunks(sorted(wanted)):
        found |= {row.device: row.contact for row in _of_people(tx, office, part)}
    return found


@many
def _of_people(office: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    c = devices.c
    return _of_enrolled().where(c.office == office, c.contact.in_(wanted))


@many
def of_office(office: bytes) -> Select[Any]:
    """The devices of the newest roster, ascending."""
    c = devices.c
    return _known().where(c.office == office, c.state == "standing").order_by(c.device)


def reading(tx: Connection, office: bytes, roles: int, now: datetime) -> set[bytes]:
    """Devices that stand now with one of the roles."""
    return {row.device for row in _reading(tx, office, roles, now)}


@many
def _reading(office: bytes, roles: int, now: datetime) -> Select[Any]:
    c = devices.c
    return (
        select(c.device)
        .where(c.office == office, c.state == "standing", c.not_before <= now, c.not_after > now)
        .where(c.roles.bitwise_and(roles) != 0)
    )


@one
def officer_device(office: bytes, officer: bytes, now: datetime) -> Select[Any]:
    """A device with which the officer stands now, and does more than confirm."""
    c = devices.c
    return (
        _known()
        .where(c.office == office, c.officer == officer, c.state == "standing")
        .where(c.not_before <= now, c.not_after > now, c.roles.bitwise_and(int(ANY_ROLE)) != 0)
        .order_by(c.device)
        .limit(1)
    )


def replace_officers(tx: Connection, office: bytes, rows: Sequence[dict[str, object]]) -> None:
    """Make exactly these the office's active officers; former ones stay on record."""
    update(tx, officers, {"office": office}, active=False)
    known = {row.officer for row in _officers(tx, office)}
    for row in rows:
        if row["officer"] in known:
            update(tx, officers, {"office": office, "officer": row["officer"]}, **row)
        else:
            insert(tx, officers, [row])


@many
def _officers(office: bytes) -> Select[Any]:
    return select(officers.c.officer).where(officers.c.office == office)


def remove_officer_devices(tx: Connection, office: bytes, keep: Collection[bytes]) -> list[bytes]:
    """Take away the standing of all officers' devices but these; returns whom it hit."""
    gone = [row.device for row in of_office(tx, office) if row.device not in keep]
    for part in chunks(gone):
        _remove(tx, part)
    return gone


@count
def _remove(gone: Sequence[bytes]) -> Update:
    return devices.update().where(devices.c.device.in_(gone)).values(state="removed")


def enrolled(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    """Contacts' enrolled devices."""
    found: dict[bytes, Found] = {}
    for part in chunks(sorted(wanted)):
        found |= {row.device: row for row in _enrolled(tx, part)}
    return found


@many
def _enrolled(wanted: Sequence[bytes]) -> Select[Any]:
    return _of_enrolled().where(devices.c.device.in_(wanted))


def _of_enrolled() -> Select[Any]:
    d, p = devices.c, contacts.c
    person = and_(d.office == p.office, d.contact == p.contact)
    known = select(d.device, d.office, d.contact).select_from(devices.join(contacts, person))
    return known.where(d.state == "enrolled", p.state == "enrolled")


def remove_of_contact(tx: Connection, office: bytes, contact: bytes, keep: Collection[bytes]) -> list[bytes]:
    """Retire the contact's enrolled devices that its newest card no longer names."""
    held = [row.device for row in of_contact(tx, office, contact) if row.state == "enrolled"]
    gone = [device for device in held if device not in keep]
    for part in chunks(gone):
        _remove(tx, part)
    return gone
