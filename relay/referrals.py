"""Self-referral: somebody without a letter asks an office that takes such people. Neither side is verified.

    state        vouch                        card (two officers)    refuse     LIFE over    wipe
    (none)       -                            -                      -          -            -
    waiting      waiting, one signature kept  a contact (enrolled)   refused    deleted      deleted
    refused      -                            -                      -          deleted      deleted

An office takes them by its own word, under a code name of its choice; of others nobody can learn here.
What the device may meanwhile is in relay/unverified.py.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.card import Card, Evidence
from crypto.device import DeviceRecord, OwnerKind
from crypto.errors import Refused
from crypto.roster import Role
from crypto.statement import Consent
from relay import accounts, audit, auth, consent, offices, prekeys
from relay.addressing import MESSAGES
from relay.audit import Event
from relay.auth import ContactDevice, Principal
from relay.enrolments import CERTIFIERS
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx, Vault
from relay.wipe import forget
from store import consents, devices, mail, people, referrals
from store.sql import Found

LIFE = timedelta(days=30)
"""How long somebody waits for two officers; then everything of them is deleted."""
REFUSED_LIFE = timedelta(days=7)
"""How long a refusal is kept, for the phone to hear the reason."""
MOST_OF_ACCOUNT = 3
"""At once, of one Telegram account: the adults of a household may share it."""
MOST_OF_OFFICE = 200
MOST = 1000
"""Who may wait at one office and in the whole relay: a flood fills no more than what officers can look through."""
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")
REASONS = ("unknown", "duplicate", "mismatch", "elsewhere", "abuse")
"""Not known to the office; is a contact already; the number was another; belongs to another office; misuse."""


@dataclass(frozen=True, slots=True)
class OpenOffice:
    office: bytes
    code: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a phone sends. `telegram_id` comes from verified initData only; `consent` is its signed yes to messages."""

    office: bytes
    record: bytes
    consent: bytes
    prekeys: Sequence[bytes]
    language: str
    telegram_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """At `expires` everything is deleted. Why somebody was refused stands in what a device may know of itself."""

    contact: bytes
    state: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class ReferralView:
    contact: bytes
    alias: str
    record: bytes
    prekeys: list[bytes]
    consent: bytes | None
    language: str
    letters: int
    card: bytes | None
    at: datetime
    expires: datetime


def open_offices(tx: Tx) -> list[OpenOffice]:
    """The offices that take people without a letter; for everybody."""
    return [OpenOffice(row.office, row.code) for row in referrals.offices(tx)]


def open_(tx: Tx, who: Principal, code: str, now: datetime) -> None:
    """Take people without a letter from now on, under this code name. Raises RelayError `not_allowed`, `code_taken`."""
    me = auth.officer(who, Role.COORDINATOR)
    if not CODE.fullmatch(code):
        raise RelayError("malformed", "a code name is up to 16 capitals, digits and dashes", Kind.MALFORMED)
    held = referrals.by_code(tx, code)
    if held is not None and held.office != me.office:
        raise RelayError("code_taken", "another office goes by this code; choose another", Kind.CONFLICT)
    if held is None:
        referrals.open_office(tx, me.office, code, now)
        audit.note(tx, Event.REFERRALS_OPENED, now, by=me)


def close(tx: Tx, who: Principal, now: datetime) -> None:
    """Take nobody new without a letter; who waits stays."""
    me = auth.officer(who, Role.COORDINATOR)
    if referrals.office(tx, me.office) is not None:
        referrals.close_office(tx, me.office)
        audit.note(tx, Event.REFERRALS_CLOSED, now, by=me)


def ask(tx: Tx, vault: Vault, form: Form, now: datetime) -> Standing:
    """Take somebody without a letter; the same device again is harmless.

    An office that takes none and one that there is not are the same `office_not_open`. Other errors: `malformed`,
    `device_refused`, `device_taken`, `referrals_full`, `too_many_referrals`, `consent_refused`, those of prekeys.take.
    """
    with checked():
        record = DeviceRecord.parse(form.record)
    held = referrals.of_devices(tx, [record.device]).get(record.device)
    if held is not None:
        row = devices.device(tx, record.device)
        if row is not None and row.record == form.record and held.office == form.office:
            return _standing(held)
        raise _taken()
    if referrals.office(tx, form.office) is None:
        raise RelayError(
            "office_not_open", "no office takes people without a letter there; list them anew", Kind.MISSING
        )
    if (record.owner_kind, record.office) != (OwnerKind.CONTACT, form.office):
        raise RelayError(
            "device_refused", "the device was made for another office; start again", Kind.UNACCEPTABLE
        )
    if devices.device(tx, record.device) or people.contact(tx, form.office, record.owner):
        raise _taken()
    if referrals.count(tx, form.office, now) >= MOST_OF_OFFICE or referrals.count(tx, None, now) >= MOST:
        raise RelayError(
            "referrals_full", "too many people wait there at the moment; try again in a day", Kind.UNAVAILABLE
        )
    account = _account(tx, vault, form, now)
    with checked("consent_refused"):
        said = Consent.peek(form.consent)
    if said.purpose != MESSAGES or not said.given:
        raise RelayError("consent_refused", "it comes with a consent to messages", Kind.UNACCEPTABLE)
    standing = _add(tx, form, record, account, now)
    me = ContactDevice(record.device, record.office, record.owner, "pending", record.sign_pk, form.record)
    consent.record(tx, me, form.consent, now)
    prekeys.take(tx, record, form.prekeys, now)
    return standing


def listed(tx: Tx, who: Principal, now: datetime) -> list[ReferralView]:
    """Who waits, the oldest first; that it was looked at is logged."""
    me = auth.officer(who, CERTIFIERS)
    rows = referrals.waiting(tx, me.office, now)
    waiting = [row.contact for row in rows]
    said = {row.contact: row.statement for row in consents.newest_of(tx, me.office, waiting) if row.given}
    if rows:
        audit.note(tx, Event.REFERRALS_LISTED, now, by=me)
    return [
        ReferralView(
            row.contact,
            row.alias,
            row.record,
            prekeys.of(tx, row.device),
            said.get(row.contact),
            row.language,
            row.letters,
            row.card,
            row.at,
            row.expires_at,
        )
        for row in rows
    ]


def vouch(tx: Tx, who: Principal, contact: bytes, wire: bytes, now: datetime) -> None:
    """Keep the card that the first officer signed, for another to sign it too; a newer one takes its place.

    Raises RelayError `referral_not_found`, `malformed`, `card_refused`, `card_out_of_order`.
    """
    me = auth.officer(who, CERTIFIERS)
    row = _of(tx, me.office, contact, now)
    with checked("card_refused", Kind.UNACCEPTABLE):
        card = Card.parse(wire)
        body = card.body
        device = devices.device(tx, row.device)
        if card.cosigner or (body.office, body.contact, body.certifier) != (me.office, contact, me.device):
            raise Refused("it is another's card, or has two signatures already")
        if device is None or [each.encode() for each in body.devices] != [device.record]:
            raise Refused("the card does not name this phone")
        if body.evidence is not Evidence.NUMBER or body.serial != 1:
            raise Refused("without a letter, the number has to be compared")
        card.check(offices.newest(tx, me.office))
    if body.counter >= 1 << 63 or people.counter_used(tx, me.office, body.certifier, body.counter):
        raise RelayError("card_out_of_order", "this certifier's counter was used; count on", Kind.CONFLICT)
    referrals.change(tx, me.office, contact, card=wire)
    audit.note(tx, Event.REFERRAL_VOUCHED, now, by=me, about=_alias(tx, row))


def refuse(tx: Tx, who: Principal, contact: bytes, reason: str, now: datetime) -> None:
    """Turn somebody away; what they wrote and what waits for them goes, the reason stays for REFUSED_LIFE.

    Raises RelayError `malformed`, `referral_not_found`.
    """
    me = auth.officer(who, CERTIFIERS)
    if reason not in REASONS:
        raise RelayError("malformed", f"the reason is one of {', '.join(REASONS)}", Kind.MALFORMED)
    row = _of(tx, me.office, contact, now)
    devices.set_state(tx, row.device, "refused")
    forget(tx, me.office, [row.device])
    consents.forget_devices(tx, [row.device])
    mail.drop_sender(tx, me.office, row.device)
    told = {"state": "refused", "reason": reason, "card": None, "expires_at": now + REFUSED_LIFE}
    referrals.change(tx, me.office, contact, **told)
    audit.note(tx, Event.REFERRAL_REFUSED, now, by=me, about=_alias(tx, row))


def _account(tx: Tx, vault: Vault, form: Form, now: datetime) -> int | None:
    """The Telegram account it comes from, while it may bring another. Raises RelayError `too_many_referrals`."""
    if form.telegram_id is None:
        return None
    account = accounts.known(tx, vault, form.telegram_id, now, form.language).id
    if referrals.count_account(tx, account) >= MOST_OF_ACCOUNT:
        raise RelayError(
            "too_many_referrals",
            f"{MOST_OF_ACCOUNT} of this Telegram account wait already; wait for the office",
            Kind.TOO_MANY,
        )
    return account


def _add(tx: Tx, form: Form, record: DeviceRecord, account: int | None, now: datetime) -> Standing:
    alias = ""
    while not alias or people.by_alias(tx, form.office, alias) is not None:
        alias = f"U-{secrets.randbelow(90000) + 10000}"
    people.add_contact(
        tx,
        office=form.office,
        contact=record.owner,
        alias=alias,
        state="pending",
        language=form.language,
        paused=False,
        created_at=now,
    )
    devices.add(
        tx,
        device=record.device,
        office=form.office,
        contact=record.owner,
        record=form.record,
        sign_pk=record.sign_pk,
        state="pending",
    )
    referrals.add(
        tx,
        office=form.office,
        contact=record.owner,
        device=record.device,
        account=account,
        state="waiting",
        letters=0,
        at=now,
        expires_at=now + LIFE,
    )
    audit.happened(tx, Event.REFERRAL_ASKED, now, office=form.office, about=alias)
    return Standing(record.owner, "waiting", now + LIFE)


def _of(tx: Tx, office: bytes, contact: bytes, now: datetime) -> Found:
    row = referrals.referral(tx, office, contact)
    if row is None or row.state != "waiting" or row.expires_at <= now:
        raise _missing()
    return row


def _alias(tx: Tx, row: Found) -> str:
    person = people.contact(tx, row.office, row.contact)
    return "" if person is None else str(person.alias)


def _standing(row: Found) -> Standing:
    return Standing(row.contact, row.state, row.expires_at)


def _missing() -> RelayError:
    return RelayError("referral_not_found", "nobody waits under this number; list them anew", Kind.MISSING)


def _taken() -> RelayError:
    return RelayError("device_taken", "this device id is in use; start again", Kind.CONFLICT)
