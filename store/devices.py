"""Queries about devices and officers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from store.sql import Found, changed, chunks, every, first, insert
from store.tables.offices import devices, officers
from store.tables.people import contacts

_WITH_OFFICER = and_(devices.c.office == officers.c.office, devices.c.officer == officers.c.officer)


def _known() -> Select[Any]:
    return select(devices, officers.c.role_code, officers.c.roles).outerjoin(officers, _WITH_OFFICER)


def device(tx: Connection, device: bytes) -> Found | None:
    """The device, with role_code and roles of its officer (None for a contact's)."""
    return first(tx, _known().where(devices.c.device == device))


def several(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    found: dict[bytes, Found] = {}
    for part in chunks(sorted(wanted)):
        found |= {row.device: row for row in every(tx, _known().where(devices.c.device.in_(part)))}
    return found


def add(tx: Connection, **row: object) -> None:
    insert(tx, devices, [row])


def set_state(tx: Connection, device: bytes, state: str, **values: object) -> None:
    tx.execute(devices.update().where(devices.c.device == device).values(state=state, **values))


def of_contact(tx: Connection, office: bytes, contact: bytes) -> list[Found]:
    c = devices.c
    return every(tx, select(devices).where(c.office == office, c.contact == contact).order_by(c.device))


def of_contacts(tx: Connection, office: bytes) -> list[Found]:
    """Every enrolled device of the office's contacts."""
    c = devices.c
    return every(
        tx,
        select(devices)
        .where(c.office == office, c.contact.is_not(None), c.state == "enrolled")
        .order_by(c.contact, c.device),
    )


def of_office(tx: Connection, office: bytes) -> list[Found]:
    """The devices of the newest roster, ascending."""
    c = devices.c
    return every(tx, _known().where(c.office == office, c.state == "standing").order_by(c.device))


def reading(tx: Connection, office: bytes, roles: int, now: datetime) -> set[bytes]:
    """Devices that stand now with one of the roles."""
    c = devices.c
    statement = (
        select(c.device)
        .join(officers, _WITH_OFFICER)
        .where(c.office == office, c.state == "standing", c.not_before <= now, c.not_after > now)
        .where(officers.c.roles.bitwise_and(roles) != 0)
    )
    return {row.device for row in every(tx, statement)}


def officer_device(tx: Connection, office: bytes, officer: bytes, now: datetime) -> Found | None:
    """A device with which the officer stands now."""
    c = devices.c
    statement = (
        _known()
        .where(c.office == office, c.officer == officer, c.state == "standing")
        .where(c.not_before <= now, c.not_after > now)
        .order_by(c.device)
    )
    return first(tx, statement)


def replace_officers(tx: Connection, office: bytes, rows: Sequence[dict[str, object]]) -> None:
    """Make exactly these the office's active officers; former ones stay on record."""
    tx.execute(officers.update().where(officers.c.office == office).values(active=False))
    known = {row.officer for row in every(tx, select(officers.c.officer).where(officers.c.office == office))}
    for row in rows:
        if row["officer"] in known:
            c = officers.c
            tx.execute(officers.update().where(c.office == office, c.officer == row["officer"]).values(**row))
        else:
            insert(tx, officers, [row])


def remove_officer_devices(tx: Connection, office: bytes, keep: Collection[bytes]) -> list[bytes]:
    """Take away the standing of all officers' devices but these; returns whom it hit."""
    c = devices.c
    rows = every(tx, select(c.device).where(c.office == office, c.state == "standing"))
    gone = [row.device for row in rows if row.device not in keep]
    for part in chunks(gone):
        tx.execute(devices.update().where(c.device.in_(part)).values(state="removed"))
    return gone


def enrolled(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    """Contacts' enrolled devices, with their contact's `paused`."""
    found: dict[bytes, Found] = {}
    joined = devices.join(
        contacts, and_(devices.c.office == contacts.c.office, devices.c.contact == contacts.c.contact)
    )
    for part in chunks(sorted(wanted)):
        statement = (
            select(devices.c.device, devices.c.office, devices.c.contact)
            .select_from(joined)
            .where(devices.c.device.in_(part), devices.c.state == "enrolled", contacts.c.state == "enrolled")
        )
        found |= {row.device: row for row in every(tx, statement)}
    return found


def remove_of_contact(tx: Connection, office: bytes, contact: bytes, keep: Collection[bytes]) -> list[bytes]:
    """Retire the contact's enrolled devices that its newest card no longer names."""
    c = devices.c
    rows = every(tx, select(c.device).where(c.office == office, c.contact == contact, c.state == "enrolled"))
    gone = [row.device for row in rows if row.device not in keep]
    if gone:
        changed(tx, devices.update().where(c.device.in_(gone)).values(state="removed"))
    return gone
