"""Deleting a person from every table that names them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, exists, or_, select

from store import accounts, assignments, mail, marks, proposals, sponsors
from store.model import metadata
from store.sql import count, value
from store.tables.chat import inbox, links
from store.tables.delivery import outbox
from store.tables.mail import wraps
from store.tables.notices import notices, recipients
from store.tables.offices import nonces
from store.tables.people import enrolments, invitations


def erase(tx: Connection, office: bytes, contact: bytes, alias: str, devices: Sequence[bytes]) -> None:
    """Delete the contact: devices, statements, answers, whatever refers to it, in tables present and to come.

    What waits for the devices and their prekeys are gone before (relay.wipe.forget), and no household names it.
    """
    bound = accounts.behind(tx, office, contact)
    if alias:
        assignments.drop(tx, office, alias)
        proposals.forget(tx, office, alias)
        marks.drop(tx, office, alias)
        _forget_talk(tx, office, alias)
    for device in devices:
        mail.drop_sender(tx, office, device)
    sponsors.drop(tx, office, contact)
    _drop_nonces(tx, devices)
    _drop_enrolments(tx, office, contact, devices)
    for table in reversed(metadata.sorted_tables):  # what refers goes before what it refers to
        if {"office", "contact"} <= set(table.c.keys()):
            tx.execute(table.delete().where(table.c.office == office, table.c.contact == contact))
    accounts.leave(tx, bound)


def _forget_talk(tx: Connection, office: bytes, alias: str) -> None:
    """Drop what waits in the office's chats and names the alias: another's answer that goes with it is asked anew."""
    of = (office, f"%{alias}%")
    _drop_answers(tx, *of)
    _end_answers(tx, *of, before=accounts.LEFT)
    _drop_questions(tx, *of)


def _chats(office: bytes) -> Select[Any]:
    return select(links.c.account).where(links.c.office == office)


@count
def _drop_answers(office: bytes, named: str) -> Delete:
    c = outbox.c
    return outbox.delete().where(c.account.in_(_chats(office)), c.state == "waiting", c.params.ilike(named))


@count
def _end_answers(office: bytes, named: str, before: datetime) -> Update:
    """What is in flight is not said a second time; when it is over, it forgets what it was to say."""
    c = outbox.c
    flying = outbox.update().where(c.account.in_(_chats(office)), c.state == "claimed", c.params.ilike(named))
    return flying.values(expires_at=before)


@count
def _drop_questions(office: bytes, named: str) -> Update:
    c = inbox.c
    waiting = inbox.update().where(c.account.in_(_chats(office)), c.done.is_(False), c.payload.ilike(named))
    return waiting.values(done=True, payload=None)


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
    return select(exists().where(r.office == office, r.contact == contact, r.held_back.is_(False), out))


@value
def to_be_told(office: bytes, contact: bytes, purpose: str, now: datetime) -> Select[Any]:
    """Whether word that rests on this purpose waits for the contact's phones."""
    w = wraps.c
    return select(
        exists().where(w.office == office, w.contact == contact, w.purpose == purpose, w.expires_at > now)
    )
