"""What is passed on of people to other offices: by their own consent, and taken back with it.

standing     consent withdrawn    nobody there fetched it: destroyed, and forgotten
             or over its year     otherwise withdrawn: that office is told, and shown the statement
             a no for a minor     of the family: as consent withdrawn, at every office
             person erased        as withdrawn, without a statement or a name
withdrawn    person erased        withdrawn, without a statement or a name
             that office's officer signs that it was destroyed: acknowledged
acknowledged person erased, or after a while: forgotten
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.casefile import FAMILY
from crypto.device import DeviceRecord
from crypto.disclosure import Acknowledgement
from crypto.statement import ALL
from relay import audit, auth, doorbells, minors
from relay.audit import Event
from relay.auth import READING, OfficerDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import accounts, consents, disclosures, people
from store.sql import Found

MOST_GROUPS = 8
MOST = 500
"""What one office can have passed on of one person: more is a mistake."""


@dataclass(frozen=True, slots=True)
class Passing:
    """That an envelope to another office holds these groups of fields of this contact."""

    contact: bytes
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """On what passing on rests: a group of a contact's fields, to one office, or to whichever (None)."""

    office: bytes
    contact: bytes
    fields: str
    recipient: bytes | None = None


@dataclass(frozen=True, slots=True)
class SentView:
    """What the own office passed on; `alias` is empty when the person was erased."""

    envelope: bytes
    fields: str
    recipient: bytes
    alias: str
    state: str
    reason: str | None
    at: datetime
    withdrawn_at: datetime | None
    acknowledged_at: datetime | None
    acknowledgement: bytes | None


@dataclass(frozen=True, slots=True)
class TakenBackView:
    """What the own office got and is to destroy; `statement` is the contact's word, gone with an erased person."""

    envelope: bytes
    fields: str
    office: bytes
    state: str
    reason: str
    withdrawn_at: datetime
    statement: bytes | None


@dataclass(frozen=True, slots=True)
class PassedOn:
    """For the person to see."""

    recipient: bytes
    fields: str
    state: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the own office still has to destroy: how much, and since when the oldest waits."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Laggard:
    """Another office, as logs name it, and what it has not acknowledged."""

    office: str
    waiting: Waiting


def keep(tx: Tx, me: OfficerDevice, passing: Passing, *, to: bytes, envelope: bytes, now: datetime) -> None:
    """Note that the envelope to that office passes this on; nothing may be sent when it raises.

    Raises RelayError `contact_not_found`, `malformed`, `too_many_disclosures`, `no_consent`, and of the family
    `assent_refused`, `assent_missing`.
    """
    person = people.contact(tx, me.office, passing.contact)
    if person is None:
        raise RelayError("contact_not_found", "no such contact here; list the contacts anew", Kind.MISSING)
    if not 1 <= len(passing.groups) <= MOST_GROUPS or len(set(passing.groups)) < len(passing.groups):
        raise RelayError("malformed", f"name 1 to {MOST_GROUPS} groups of fields, each once", Kind.MALFORMED)
    if len(disclosures.of_contact(tx, me.office, passing.contact)) >= MOST:
        raise RelayError(
            "too_many_disclosures", f"at most {MOST} disclosures of one person are kept", Kind.CONFLICT
        )
    allowed = {row.fields for row in consents.shared(tx, me.office, passing.contact, to, now)}
    if not set(passing.groups) <= allowed:
        raise RelayError(
            "no_consent",
            "this person does not (any more) consent to this being passed on to that office; leave it out, or ask them",
            Kind.FORBIDDEN,
        )
    if FAMILY in passing.groups:
        minors.check(tx, me.office, passing.contact, now)
    whole = {"envelope": envelope, "office": me.office, "recipient": to, "contact": passing.contact}
    rows = [whole | {"fields": group, "state": "standing", "at": now} for group in passing.groups]
    disclosures.add(tx, rows)
    audit.note(tx, Event.DISCLOSED, now, by=me, about=person.alias)


def withdraw(tx: Tx, ground: Ground, now: datetime, *, reason: str, statement: bytes) -> None:
    """That on which it rests is over: what nobody fetched goes, and the other office hears of the rest."""
    for row in disclosures.of_contact(tx, ground.office, ground.contact):
        there = ground.recipient in (None, row.recipient)
        if row.state == "standing" and row.fields == ground.fields and there:
            _withdraw(tx, row, reason, statement, now)


def erase(tx: Tx, office: bytes, contact: bytes, now: datetime) -> None:
    """The person is erased: other offices are told to destroy all they got, and nothing names whose it is."""
    for row in disclosures.of_contact(tx, office, contact):
        if row.state == "standing":
            _withdraw(tx, row, "erased", None, now)
    disclosures.name_nobody(tx, office, contact)


def sent(tx: Tx, who: Principal, now: datetime) -> list[SentView]:  # noqa: ARG001 – as every rule
    """What the own office passed on, the oldest first. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    return [
        SentView(
            row.envelope,
            row.fields,
            row.recipient,
            row.alias or "",
            row.state,
            row.reason,
            row.at,
            row.withdrawn_at,
            row.acknowledged_at,
            row.acknowledgement,
        )
        for row in disclosures.sent(tx, me.office)
    ]


def laggards(tx: Tx, who: Principal) -> list[Laggard]:
    """Who has not acknowledged that something was taken back, whoever waits longest first.

    Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, READING)
    rows = disclosures.laggards(tx, me.office)
    return [Laggard(audit.short(row.recipient), Waiting(row.many, row.oldest)) for row in rows]


def waiting(tx: Tx, who: Principal) -> Waiting:
    """What the own office has not acknowledged. Raises RelayError `not_allowed`."""
    [row] = disclosures.waiting(tx, auth.officer(who, READING).office)
    return Waiting(row.many, row.oldest)


def taken_back(tx: Tx, who: Principal, now: datetime) -> list[TakenBackView]:
    """What the own office is to destroy, or has destroyed lately; from now on it counts as seen.

    Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, READING)
    rows = disclosures.taken_back(tx, me.office)
    if disclosures.shown(tx, me.office, now):
        for account in accounts.of_officers(tx, me.office, int(READING), now):
            doorbells.read(tx, account, now)
    return [
        TakenBackView(
            row.envelope, row.fields, row.office, row.state, row.reason, row.withdrawn_at, row.statement
        )
        for row in rows
    ]


def acknowledge(tx: Tx, who: Principal, wire: bytes, now: datetime) -> None:
    """Take an officer's signed word that it was destroyed; the same again is harmless.

    Raises RelayError `not_allowed`, `acknowledgement_refused`, `disclosure_not_found`.
    """
    me = auth.officer(who, READING)
    with checked("acknowledgement_refused"):
        said = Acknowledgement.open(wire, DeviceRecord.parse(me.record).sign_pk)
    if (said.recipient, said.device) != (me.office, me.device):
        raise RelayError(
            "acknowledgement_refused", "it names another office or device than its signer", Kind.UNACCEPTABLE
        )
    rows = [
        row
        for row in disclosures.of_envelope(tx, said.envelope)
        if row.recipient == me.office
        and row.state != "standing"
        and (said.fields == (ALL if row.reason == "erased" else row.fields))
    ]
    if not rows:
        raise RelayError("disclosure_not_found", "nothing of this was taken back; list it anew", Kind.MISSING)
    for row in rows:
        if row.state == "withdrawn":
            disclosures.acknowledge(tx, row, wire, now)
            _log(tx, row, me, now)


def of_contact(tx: Tx, office: bytes, contact: bytes) -> list[PassedOn]:
    """What was passed on of the contact, for themselves."""
    return [
        PassedOn(row.recipient, row.fields, row.state, row.at, row.withdrawn_at)
        for row in disclosures.of_contact(tx, office, contact)
    ]


def _withdraw(tx: Tx, row: Found, reason: str, statement: bytes | None, now: datetime) -> None:
    if disclosures.disclosure(tx, row.envelope, row.fields) is None:  # went with another group of its letter
        return
    unread = disclosures.unread(tx, row.envelope)
    disclosures.drop_letter(tx, row.envelope)
    if unread:
        disclosures.forget(tx, row.envelope)
        return
    disclosures.withdraw(tx, row, reason, statement, now)
    audit.happened(tx, Event.WITHDRAWAL_RECEIVED, now, office=row.recipient, subject=audit.short(row.office))
    bells = accounts.of_officers(tx, row.recipient, int(READING), now)
    doorbells.ring(tx, dict.fromkeys(bells, False), now)


def _log(tx: Tx, row: Found, me: OfficerDevice, now: datetime) -> None:
    """In both offices' logs."""
    audit.note(tx, Event.WITHDRAWAL_ACKNOWLEDGED, now, by=me, subject=audit.short(row.office))
    event = Event.WITHDRAWAL_ACKNOWLEDGED
    audit.happened(tx, event, now, office=row.office, subject=audit.short(me.office))
