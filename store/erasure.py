"""Deleting a person from every table that names them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, exists, or_, select

from store import assignments, mail, marks, proposals
from store.model import metadata
from store.sql import count, value
from store.tables.mail import wraps
from store.tables.notices import notices, recipients
from store.tables.offices import nonces
from store.tables.people import enrolments, invitations


def erase(tx: Connection, office: bytes, contact: bytes, alias: str, devices: Sequence[bytes]) -> None:
    """Delete the contact: devices, statements, answers, whatever refers to it, in tables present and to come.

    What waits for the devices and their prekeys are gone before (relay.wipe.forget), and no household names it.
    """
    assignments.drop(tx, office, alias)
    proposals.forget(tx, office, alias)
    marks.drop(tx, office, alias)
    for device in devices:
        mail.drop_sender(tx, office, device)
    _drop_nonces(tx, devices)
    _drop_enrolments(tx, office, contact, devices)
    for table in reversed(metadata.sorted_tables):  # what refers goes before what it refers to
        if {"office", "contact"} <= set(table.c.keys()):
            tx.execute(table.delete().where(table.c.office == office, table.c.contact == contact))


@count
def _drop_nonces(devices: Sequence[bytes]) -> Delete:
    return nonces.delete().where(nonces.c.device.in_(devices))


@count
def _drop_enrolments(office: bytes, contact: bytes, devices: Sequence[bytes]) -> Delete:
    c, letter = enrolments.c, invitations.c
    own = select(letter.invitation).where(letter.office == office, letter.contact == contact)
    return enrolments.delete().where(or_(c.device.in_(devices), c.invitation.in_(own)))


@value
def in_notice(office: bytes, contact: bytes, now: datetime) -> Select[Any]:
    """Whether a notice that is out names the contact."""
    r, n = recipients.c, notices.c
    same = (n.office == r.office, n.notice == r.notice, n.version == r.version)
    out = exists().where(*same, n.state == "released", n.expires_at > now)
    return select(exists().where(r.office == office, r.contact == contact, out))


@value
def to_be_told(office: bytes, contact: bytes, purpose: str, now: datetime) -> Select[Any]:
    """Whether word that rests on this purpose waits for the contact's phones."""
    w = wraps.c
    return select(
        exists().where(w.office == office, w.contact == contact, w.purpose == purpose, w.expires_at > now)
    )
