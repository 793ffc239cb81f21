"""Forgetting a device: when its owner says so, when its office replaces it."""

from collections.abc import Collection
from datetime import datetime

from crypto.device import DeviceRecord
from crypto.errors import CryptoError
from crypto.statement import Wipe, check_statement
from relay import audit, disclosures, doorbells, offers
from relay.audit import Event
from relay.auth import unknown
from relay.errors import checked
from relay.unit import Tx
from store import (
    accounts,
    assents,
    assignments,
    attachments,
    attempts,
    cardchanges,
    cases,
    consents,
    devices,
    erasure,
    mail,
    marks,
    people,
    prekeys,
    referrals,
    sponsors,
)
from store.sql import Found

WAITING = ("pending", "frozen")


def wipe(tx: Tx, statement: bytes, now: datetime) -> None:
    """Drop the device that signed this, its prekeys and what waits for it; the same again is harmless.

    Of somebody who came without a letter nothing is left, and the same again is `unknown_device`.

    With the contact's last enrolled device goes the contact, whoever else waits to be confirmed: the Telegram
    account is unbound, held seats are given back, a household has a number in their place, the log a mark that is
    nobody's, and backups made before do not open for them any more. Raises RelayError `malformed`, `unknown_device`
    (also for one that is known and did not sign this: nobody finds out which devices there are).
    """
    with checked():
        named = Wipe.peek(statement)
    row = devices.device(tx, named.device)
    if row is None or row.contact is None:
        raise unknown()
    try:
        check_statement(statement, Wipe, DeviceRecord.parse(row.record))
    except CryptoError:
        raise unknown() from None
    if row.state == "wiped":
        return
    person = people.contact(tx, row.office, row.contact)
    alias = "" if person is None else str(person.alias)
    # First, while there is a mark: it goes with the person.
    audit.happened(tx, Event.DEVICE_WIPED, now, office=row.office, about=alias)
    if referrals.referral(tx, row.office, row.contact) is not None:
        forget(tx, row.office, [row.device])
        erasure.erase(tx, row.office, row.contact, alias, [row.device])
        return
    devices.set_state(tx, row.device, "wiped")
    for enrolment in people.enrolments_by(tx, row.device):
        people.set_enrolment(tx, enrolment.invitation, row.device, "wiped")
    forget(tx, row.office, [row.device])
    # Who asked, who was asked for, and what an officer signed of them: it is another matter now.
    end_change(tx, row.office, row.contact)
    if row.state in WAITING:
        consents.forget_devices(tx, [row.device])
    if person is not None and _was_last(tx, row):
        people.set_contact(tx, row.office, row.contact, state="wiped", due_at=None)
        people.renew_key(tx, row.office, row.contact)
        offers.withdraw_contact(tx, row.office, row.contact, now)
        assents.forget(tx, row.office, row.contact)
        cases.unlink(tx, row.office, row.contact)
        disclosures.erase(tx, row.office, row.contact, now)
        assignments.drop(tx, row.office, person.alias)
        attachments.drop_contact(tx, row.office, row.contact)
        attempts.forget(tx, row.office, row.contact)
        marks.drop(tx, row.office, person.alias)
        sponsors.drop(tx, row.office, row.contact)
        bound = accounts.of_contacts(tx, row.office, [row.contact]).values()
        accounts.unlink_contact(tx, row.office, row.contact)
        accounts.leave(tx, bound)
        for account in bound:
            doorbells.read(tx, account, now)


def end_change(tx: Tx, office: bytes, contact: bytes) -> None:
    """End what was to change about the contact's card: a device that still waits is turned away."""
    change = cardchanges.of(tx, office, contact)
    if change is None:
        return
    cardchanges.drop(tx, office, contact)
    waiting = change.device and devices.device(tx, change.device)
    if waiting and waiting.state in WAITING:
        devices.set_state(tx, waiting.device, "refused")
        forget(tx, office, [waiting.device])
        consents.forget_devices(tx, [waiting.device])


def forget(tx: Tx, office: bytes, gone: Collection[bytes]) -> None:
    """Drop the prekeys and waiting wraps of devices that are no more."""
    prekeys.drop_devices(tx, gone)
    mail.drop_bodies(tx, mail.drop_devices(tx, office, gone))


def _was_last(tx: Tx, wiped: Found) -> bool:
    """Whether the contact has nothing left of this device's kind: one that only asked keeps nobody enrolled."""
    kind = {"enrolled": ("enrolled",)} | dict.fromkeys(WAITING, (*WAITING, "enrolled"))
    if wiped.state not in kind:  # refused, or replaced by a card: it was not the contact's any more
        return False
    left = devices.of_contact(tx, wiped.office, wiped.contact)
    return not any(row.state in kind[wiped.state] for row in left)
