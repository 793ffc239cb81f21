"""Contacts as their office sees them, and what they set themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from crypto.roster import Role
from relay import accounts as account_rules
from relay import auth, consent
from relay.auth import Principal
from relay.consent import ConsentView
from relay.errors import Kind, RelayError
from relay.heads import Head, head
from relay.unit import Tx
from store import accounts, consents, devices, people, prekeys, referrals
from store.sql import Found

VIEWERS = Role.COORDINATOR | Role.CASEWORKER


@dataclass(frozen=True, slots=True)
class DeviceView:
    device: bytes
    record: bytes
    prekey: bytes | None


@dataclass(frozen=True, slots=True)
class ContactView:
    contact: bytes
    alias: str
    state: str
    card: bytes | None
    prekeys: list[DeviceView]
    consents: list[ConsentView]
    paused: bool
    language: str
    unread_oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Me:
    """What a device may know of itself.

    Without a letter: why it was `refused`, and until when it waits; then everything of it is deleted.
    """

    state: str
    office: bytes
    contact: bytes | None
    officer: bytes | None
    role_code: str
    roles: int
    device: bytes
    card: bytes | None
    head: Head
    newest_sequence: int
    seal_until: datetime | None
    telegram_linked: bool
    paused: bool
    refused: str | None
    waits_until: datetime | None


def listed(tx: Tx, who: Principal, now: datetime) -> list[ContactView]:
    """Everybody of the office who ever enrolled, by alias."""
    me = auth.officer(who, VIEWERS)
    unread = people.unread_oldest(tx, me.office, now)
    oldest = {contact: since for contact, (since, _) in unread.items()}
    return _views(tx, me.office, people.listed(tx, me.office), now, oldest)


def one(tx: Tx, who: Principal, contact: bytes, now: datetime) -> ContactView:
    """Raises RelayError `contact_not_found`."""
    me = auth.officer(who, VIEWERS)
    row = people.contact(tx, me.office, contact)
    if row is None or row.state == "invited" or referrals.referral(tx, me.office, contact):
        raise RelayError("contact_not_found", "no such contact; list the contacts anew", Kind.MISSING)
    since, _ = people.unread_of(tx, me.office, contact, now)
    return _views(tx, me.office, [row], now, {contact: since})[0]


def pause(tx: Tx, who: Principal, paused: bool, now: datetime) -> None:
    """Doorbells stop, or start again (also when they were silenced in the chat)."""
    me = auth.contact(who)
    people.set_contact(tx, me.office, me.contact, paused=paused)
    if not paused:
        for account in accounts.of_contacts(tx, me.office, [me.contact]).values():
            account_rules.pause(tx, account, paused=False, now=now)


def me(tx: Tx, who: Principal, now: datetime) -> Me:  # noqa: ARG001 – as every rule
    """The asking device's own state, office and newest prekey."""
    if isinstance(who, auth.OfficerDevice):
        auth.officer(who)
    newest = prekeys.newest(tx, who.device)
    contact, officer = getattr(who, "contact", None), getattr(who, "officer", None)
    person = None if contact is None else people.contact(tx, who.office, contact)
    card = None if contact is None else people.card(tx, who.office, contact)
    if contact is not None:
        account = accounts.of_contacts(tx, who.office, [contact]).get(contact)
    else:
        account = accounts.of_officer(tx, who.office, officer or b"")
    state = getattr(who, "state", "officer")
    unlettered = None if contact is None else referrals.referral(tx, who.office, contact)
    return Me(
        state=state,
        office=who.office,
        contact=contact,
        officer=officer,
        role_code=getattr(who, "role_code", ""),
        roles=int(getattr(who, "roles", 0)),
        device=who.device,
        card=card.wire if card is not None and state == "enrolled" else None,
        head=head(tx, who.office),
        newest_sequence=0 if newest is None else newest.sequence,
        seal_until=None if newest is None else newest.seal_until,
        telegram_linked=account is not None,
        paused=person is not None and person.paused,
        refused=None if unlettered is None else unlettered.reason,
        waits_until=None if unlettered is None else unlettered.expires_at,
    )


def _views(
    tx: Tx, office: bytes, rows: Collection[Found], now: datetime, oldest: Mapping[bytes, datetime | None]
) -> list[ContactView]:
    wanted = [row.contact for row in rows]
    owned: dict[bytes, list[Found]] = {}
    for device in devices.of_contacts(tx, office, wanted):
        owned.setdefault(device.contact, []).append(device)
    said: dict[bytes, list[ConsentView]] = {}
    for statement in consents.newest_of(tx, office, wanted):
        said.setdefault(statement.contact, []).append(consent.view(statement))
    keys = prekeys.newest_of(tx, [device.device for mine in owned.values() for device in mine], now)
    cards, silent = people.cards_of(tx, office, wanted), accounts.paused_of(tx, office, wanted)
    return [
        ContactView(
            row.contact,
            row.alias,
            row.state,
            cards.get(row.contact),
            [DeviceView(d.device, d.record, keys.get(d.device)) for d in owned.get(row.contact, [])],
            said.get(row.contact, []),
            row.paused or row.contact in silent,
            row.language,
            oldest.get(row.contact),
        )
        for row in rows
    ]
