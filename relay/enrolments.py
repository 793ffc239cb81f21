"""How a person comes in: a device that shows the letter's token, then a card that names it.

    device state   submit        second device    refuse    card       wipe
    (none)         pending       frozen, and the first with it
    pending        -             frozen           refused   enrolled   wiped
    frozen         -             frozen           refused   -          wiped
    enrolled       -             -                -         enrolled   wiped
Refusing all frozen devices of a letter but one makes that one pending again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.card import Card, CardBody
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import moment
from crypto.letter import admits
from crypto.roster import Entry, Role, Roster
from relay import (
    accounts,
    addressing,
    applicants,
    audit,
    auth,
    consent,
    doorbells,
    offices,
    prekeys,
    unverified,
)
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx, Vault
from relay.wipe import end_change, forget
from store import accounts as account_rows
from store import devices, people, referrals
from store import offices as office_rows
from store.sql import Found

CERTIFIERS = Role.COORDINATOR | Role.CASEWORKER
MOST_DEVICES = 8
_NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Form:
    """What a phone sends to enrol. `telegram_id` comes from verified initData only."""

    invitation: bytes
    admit: bytes
    record: bytes
    mac: bytes
    roster_version: int
    prekeys: Sequence[bytes]
    language: str
    telegram_id: int | None


@dataclass(frozen=True, slots=True)
class Submitted:
    contact: bytes
    state: str
    created: bool


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    invitation: bytes
    contact: bytes
    alias: str
    record: bytes
    mac: bytes
    roster_version: int
    prekeys: list[bytes]
    state: str
    at: datetime
    card: bytes | None  # what a first officer signed for a known contact's new phone


def applicant(record: bytes) -> DeviceRecord:
    """The device that signs the enrolment request. Raises RelayError `malformed`."""
    with checked():
        return DeviceRecord.parse(record)


def submit(tx: Tx, vault: Vault, form: Form, now: datetime) -> Submitted:
    """Take an enrolment; the same device again is harmless, also when its card came before it heard the answer.

    A wrong token, an unknown, used, void or expired letter are one and the same `letter_not_valid`, found by
    the same work. A second device under one letter freezes all of them: only the office can tell them apart.
    Other errors: `malformed`, `device_refused`, `device_taken`, those of prekeys.add.
    """
    record = applicant(form.record)
    under = people.enrolments_under(tx, form.invitation)
    held = devices.device(tx, record.device)
    if held is not None and held.state == "enrolled" and _same(held, form.record, under):
        return Submitted(record.owner, held.state, created=False)
    letter = _letter(tx, form, now)
    if (record.owner_kind, record.office, record.owner) != (OwnerKind.CONTACT, letter.office, letter.contact):
        raise RelayError(
            "device_refused", "the device was made for another letter; start again", Kind.UNACCEPTABLE
        )
    if len(form.mac) != 32 or not 0 <= form.roster_version < 1 << 63 or len(form.language) > 16:
        raise RelayError("malformed", "the enrolment's fields have the wrong length", Kind.MALFORMED)
    if held is not None:
        return _again(held, form.record, under)
    if len(under) >= MOST_DEVICES:
        raise _not_valid()
    live = [row for row in under if row.state in ("pending", "frozen")]
    state = "frozen" if live else "pending"
    for row in live:
        applicants.move(tx, letter.invitation, row.device, "frozen")
    account = None if form.telegram_id is None else accounts.known(tx, vault, form.telegram_id, now)
    if account is not None and form.language:
        # What is on the person's screen; the account has at most what Telegram guessed.
        accounts.speak(tx, account.id, form.language)
    _add(tx, letter, form, now, state=state, account=None if account is None else account.id)
    person = people.contact(tx, letter.office, letter.contact)
    if person is not None and person.state != "enrolled":
        people.set_contact(tx, letter.office, letter.contact, state=state, language=form.language)
    event = Event.ENROLMENT_FROZEN if live else Event.ENROLMENT_ASKED
    if people.card(tx, letter.office, letter.contact) is not None:
        event = Event.ENROLMENT_FROZEN if live else Event.NEW_PHONE_ASKED
        bells = account_rows.of_officers(tx, letter.office, int(CERTIFIERS), now)
        doorbells.ring(tx, dict.fromkeys(bells, False), now)
    audit.happened(tx, event, now, office=letter.office, about="" if person is None else person.alias)
    return Submitted(letter.contact, state, created=True)


def listed(tx: Tx, who: Principal, now: datetime) -> list[EnrolmentView]:
    """Enrolments that wait for the desk; from now on they count as seen."""
    me = auth.officer(who, CERTIFIERS)
    if people.shown(tx, me.office, now):
        for account in account_rows.of_officers(tx, me.office, int(CERTIFIERS), now):
            doorbells.read(tx, account, now)
    views = []
    for row in people.waiting_enrolments(tx, me.office):
        keys = prekeys.of(tx, row.device)
        views.append(
            EnrolmentView(
                row.invitation,
                row.contact,
                row.alias,
                row.record,
                row.mac,
                row.roster_version,
                keys,
                row.state,
                row.at,
                row.card,
            )
        )
    return views


def refuse(tx: Tx, who: Principal, invitation: bytes, now: datetime, device: bytes | None = None) -> None:
    """Turn away one device under a letter, or all; another may follow while the letter is open.

    Raises RelayError `enrolment_not_found`.
    """
    me = auth.officer(who, CERTIFIERS)
    letter = people.invitation(tx, invitation)
    known = letter is not None and letter.office == me.office
    turned = [row for row in applicants.waiting(tx, invitation) if device is None or row.device == device]
    if letter is None or not known or not turned:
        raise RelayError("enrolment_not_found", "no such enrolment waits; list them anew", Kind.MISSING)
    applicants.refuse(tx, letter, turned)
    person = people.contact(tx, me.office, letter.contact)
    audit.note(tx, Event.ENROLMENT_REFUSED, now, by=me, about="" if person is None else person.alias)


def card(tx: Tx, who: Principal, wire: bytes, invitation: bytes | None, now: datetime) -> bytes:
    """Take a contact card: exactly its devices are the contact's from now on. The same again is harmless.

    Raises RelayError `malformed`, `card_refused`, `card_out_of_order`, `enrolment_frozen`,
    `enrolment_not_found`, `contact_not_found`.
    """
    me = auth.officer(who, CERTIFIERS)
    with checked("card_refused", Kind.UNACCEPTABLE):
        opened = Card.parse(wire)
    body = opened.body
    person = people.contact(tx, me.office, body.contact)
    if body.office != me.office or person is None:
        raise RelayError("contact_not_found", "the card is for nobody this office knows", Kind.MISSING)
    held = people.card(tx, me.office, body.contact)
    if held is not None and held.wire == wire:
        return bytes(body.contact)
    _check_card(tx, me, opened, held, now)
    _check_invitation(tx, body, invitation)
    unlettered = referrals.referral(tx, me.office, body.contact)
    if unlettered is not None:
        unverified.check_card(opened, unlettered, now)
    bells = _unbind(tx, body)
    fresh = [record for record in body.devices if _enrol(tx, record)]
    gone = devices.remove_of_contact(tx, me.office, body.contact, {record.device for record in body.devices})
    forget(tx, me.office, gone)
    end_change(tx, me.office, body.contact)
    account_rows.leave(tx, bells)
    for account in bells:
        doorbells.read(tx, account, now)
    people.add_card(
        tx,
        office=me.office,
        contact=body.contact,
        serial=body.serial,
        hash=body.hash,
        certifier=body.certifier,
        counter=body.counter,
        wire=wire,
        at=now,
    )
    people.set_contact(tx, me.office, body.contact, state="enrolled")
    if unlettered is not None:
        unverified.certified(tx, unlettered)
    audit.note(tx, Event.CARD_TAKEN, now, by=me, about=person.alias)
    for record in fresh:
        consent.adopt(tx, record, now)
    return bytes(body.contact)


def _check_card(tx: Tx, me: OfficerDevice, card: Card, held: Found | None, now: datetime) -> None:
    body, roster = card.body, offices.newest(tx, me.office)
    with checked("card_out_of_order", Kind.CONFLICT):
        card.follows(None if held is None else Card.parse(held.wire))
    if held is not None and body.serial == held.serial:
        raise RelayError("card_out_of_order", "another card has this serial; fetch the newest", Kind.CONFLICT)
    check_counter(tx, body)
    if moment(body.issued) > now + addressing.SLACK:
        raise RelayError("card_refused", "the card is dated in the future; set the clock", Kind.UNACCEPTABLE)
    with checked("card_refused", Kind.UNACCEPTABLE):
        card.check(roster, [] if roster.entry(body.certifier) else _former(tx, me.office, roster))


def check_counter(tx: Tx, body: CardBody) -> None:
    """Raises RelayError `card_out_of_order` where the certifier signed another card with this counter."""
    if body.counter >= 1 << 63 or people.counter_used(tx, body.office, body.certifier, body.counter):
        raise RelayError("card_out_of_order", "this certifier's counter was used; count on", Kind.CONFLICT)


def _former(tx: Tx, office: bytes, roster: Roster) -> list[Entry]:
    """Entries of removed devices, from the newest roster that still had them."""
    wanted, found = {removal.device for removal in roster.removals}, []
    for wire in office_rows.former_rosters(tx, office):
        for entry in Roster.peek(wire).entries:
            if entry.device.device in wanted:
                wanted.discard(entry.device.device)
                found.append(entry)
        if not wanted:
            break
    return found


def _check_invitation(tx: Tx, body: CardBody, invitation: bytes | None) -> None:
    """A card that answers an enrolment names a device of it."""
    if invitation is not None:
        under = {row.device for row in people.enrolments_under(tx, invitation)}
        if not under & {record.device for record in body.devices}:
            raise _never_asked()


def _unbind(tx: Tx, body: CardBody) -> list[int]:
    """The Telegram account goes with the old phone, whoever has it now: a new one brings its own, or none."""
    named = {record.device for record in body.devices}
    held = {
        row.device for row in devices.of_contact(tx, body.office, body.contact) if row.state == "enrolled"
    }
    if not held or held & named:
        return []
    bound = account_rows.of_contacts(tx, body.office, [body.contact]).values()
    account_rows.unlink_contact(tx, body.office, body.contact)
    return list(bound)


def _enrol(tx: Tx, record: DeviceRecord) -> bool:
    """Make the device the contact's; says whether it was not yet."""
    row = devices.device(tx, record.device)
    under = people.enrolments_by(tx, record.device)
    if row is None or row.record != record.encode():
        raise _never_asked()
    if row.state == "frozen":
        raise RelayError(
            "enrolment_frozen", "two devices showed this letter; refuse the false one first", Kind.CONFLICT
        )
    if row.state not in ("pending", "enrolled"):
        raise RelayError(
            "card_refused", "the card names a device that was refused or wiped", Kind.UNACCEPTABLE
        )
    for enrolment in under:
        if enrolment.state != "pending":
            continue
        applicants.move(tx, enrolment.invitation, record.device, "enrolled")
        people.close_invitation(tx, enrolment.invitation, "used")
        if enrolment.account is not None:
            account_rows.link_contact(tx, enrolment.account, record.office, record.owner)
    devices.set_state(tx, record.device, "enrolled")
    return bool(row.state == "pending")


def _letter(tx: Tx, form: Form, now: datetime) -> Found:
    """The letter, by which somebody who shows that they hold it may still come."""
    letter = people.invitation(tx, form.invitation)
    stored = _NOTHING if letter is None or letter.admit_hash is None else letter.admit_hash
    admitted = admits(form.admit, stored)
    if letter is None or not admitted or letter.state != "open" or letter.expires_at <= now:
        raise _not_valid()
    return letter


def _same(held: Found, record: bytes, under: Sequence[Found]) -> bool:
    """Whether the device that is known is this one, and asked under this letter."""
    return bool(held.record == record) and held.device in {row.device for row in under}


def _again(held: Found, record: bytes, under: Sequence[Found]) -> Submitted:
    if not _same(held, record, under):
        raise RelayError("device_taken", "this device id is in use; start again", Kind.CONFLICT)
    return Submitted(held.contact, held.state, created=False)


def _add(tx: Tx, letter: Found, form: Form, now: datetime, *, state: str, account: int | None) -> None:
    record = applicant(form.record)
    devices.add(
        tx,
        device=record.device,
        office=letter.office,
        contact=letter.contact,
        record=form.record,
        sign_pk=record.sign_pk,
        state=state,
    )
    people.add_enrolment(
        tx,
        invitation=letter.invitation,
        device=record.device,
        account=account,
        mac=form.mac,
        roster_version=form.roster_version,
        state=state,
        at=now,
    )
    prekeys.take(tx, record, form.prekeys, now)


def _never_asked() -> RelayError:
    return RelayError("enrolment_not_found", "the card names a device that never asked here", Kind.MISSING)


def _not_valid() -> RelayError:
    return RelayError(
        "letter_not_valid",
        "this letter is not valid (any more); ask the office for a new one",
        Kind.FORBIDDEN,
    )
