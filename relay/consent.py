"""Consent: per purpose, recipient office and group of fields, signed by the person's own device; withdrawal acts in
the same transaction. To one's own office it is given whole; to another one, group by group (relay.disclosures).

state       given      withdrawn                                                       a year over
(none)      given      withdrawn                                                       -
given       given      withdrawn: pending sends stop, sealed copies at the relay go,   lapsed: as withdrawn
                       held seats go back; a word that calls off what they hold
                       stays, and comes. What was passed
                on is to be destroyed there. What waits
                to be told to a relative becomes the
                answer that tells nothing
withdrawn   given      withdrawn                                                       -
lapsed      given      withdrawn                                                       -

Whoever reads a letter can make a device that waits. So what a device says before a card names it is kept aside and
changes nothing; the card makes it the contact's word, a refusal deletes it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.device import DeviceRecord
from crypto.encoding import moment
from crypto.statement import CONSENT_LIFE, SHARING, Consent, check_statement
from relay import addressing, audit, auth, disclosures, doorbells, offers, unverified
from relay.audit import Event
from relay.auth import ContactDevice, Principal
from relay.disclosures import Ground
from relay.errors import Kind, RelayError, checked
from relay.sponsors import SPONSOR
from relay.unit import Tx
from store import accounts, attachments, consents, mail, people, sponsors
from store.sql import Found

LANGUAGE = re.compile(r"[A-Za-z-]{2,12}")
"""As at enrolment: a BCP 47 tag short enough for a catalogue's name."""
LIFE = timedelta(seconds=CONSENT_LIFE)
MOST_AT_ONCE = 500
"""Consents that lapse in one sweep: the next one is an hour later, and they stand no more anyway."""
MOST_TEXT_VERSION = (1 << 31) - 1
"""What a column for whole numbers holds in PostgreSQL."""
TEXTS = range(1, 2)
"""Versions of the wording that are in force: agreement to another one is agreement to something else."""
MOST_SHARED = 200
"""Offices and groups that one person can decide about."""


@dataclass(frozen=True, slots=True)
class ConsentView:
    purpose: str
    recipient: bytes
    fields: str
    given: bool
    at: datetime
    counter: int
    statement: bytes


def record(tx: Tx, who: Principal, statement: bytes, now: datetime) -> str:
    """Take a consent statement; says what stands then, "given" or "withdrawn". The same again is harmless.

    Raises RelayError `not_enrolled`, `malformed`, `consent_refused`, `purpose_unknown`, `consent_out_of_order`,
    `text_changed`, `too_many_consents`.
    """
    me = auth.contact(who, "pending", "frozen", "enrolled")
    with checked("consent_refused"):
        said = check_statement(statement, Consent, DeviceRecord.parse(me.record))
    _plausible(said)
    about = (said.purpose, said.recipient, said.fields)
    held = consents.statement(tx, me.device, about, said.counter) if said.counter < 1 << 63 else None
    if held is not None and held.statement == statement:
        return _word(said.given)
    if not consents.last_counter(tx, me.device, about) < said.counter < 1 << 63:
        raise RelayError("consent_out_of_order", "a newer statement is here; count on from it", Kind.CONFLICT)
    if not now < moment(said.lapses) <= now + LIFE + addressing.SLACK:
        raise RelayError(
            "consent_refused",
            "the statement is dated in the future or a year ago; set the clock",
            Kind.UNACCEPTABLE,
        )
    decides = _may_say(tx, me, said, now)
    row = {
        "office": me.office,
        "contact": me.contact,
        "purpose": said.purpose,
        "recipient": said.recipient,
        "fields": said.fields,
        "device": me.device,
        "counter": said.counter,
        "given": said.given,
        "text_version": said.text_version,
        "language": said.language,
        "at": now,
        "lapses_at": moment(said.lapses),
        "statement": statement,
    }
    if decides and not _overruled(tx, me, said):
        consents.add(tx, row)
        taken = consents.statement(tx, me.device, about, said.counter)
        if taken is not None:
            _take_effect(tx, taken, now, event=_event(given=said.given))
        return _word(said.given)
    consents.keep_aside(tx, row)
    return _word(said.given and me.state != "enrolled")


def adopt(tx: Tx, device: DeviceRecord, now: datetime) -> None:
    """A card names the device from now on: what it said while it waited is the contact's word.

    Where the contact said something later by another device, that stands.
    """
    decided = {_about(row): row.at for row in consents.newest(tx, device.office, device.owner)}
    for row in consents.last_of_device(tx, device.device):
        if _about(row) not in decided or decided[_about(row)] <= row.at:
            consents.adopt(tx, row)
            _take_effect(tx, row, now, event=_event(given=row.given))


def lapse(tx: Tx, now: datetime) -> int:
    """What was given a year ago and not given anew counts as taken back; how many."""
    over = consents.lapsed(tx, now, MOST_AT_ONCE)
    for row in over:
        consents.lapse(tx, row)
        _take_effect(tx, row, now, event=Event.CONSENT_LAPSED)
    return len(over)


def listed(tx: Tx, who: Principal) -> list[ConsentView]:
    """The contact's newest statement about each; a device that waits sees only what it said itself."""
    me = auth.contact(who, "pending", "frozen", "enrolled")
    if me.state == "enrolled":
        return [view(row) for row in consents.newest(tx, me.office, me.contact)]
    return [view(row) for row in consents.last_of_device(tx, me.device)]


def view(row: Found) -> ConsentView:
    return ConsentView(row.purpose, row.recipient, row.fields, row.given, row.at, row.counter, row.statement)


def _may_say(tx: Tx, me: ContactDevice, said: Consent, now: datetime) -> bool:
    """Whether it decides, rather than being kept aside. Raises RelayError `not_enrolled`, `too_many_consents`."""
    if me.state == "enrolled":
        known = said.purpose != SHARING or any(
            _about(row) == (said.purpose, said.recipient, said.fields)
            for row in consents.newest(tx, me.office, me.contact)
        )
        if not known and consents.sharing(tx, me.office, me.contact) >= MOST_SHARED:
            raise RelayError(
                "too_many_consents",
                f"one person decides about at most {MOST_SHARED} groups and offices",
                Kind.CONFLICT,
            )
        return True
    unverified_yet = unverified.waiting(tx, me.device, now) is not None
    if said.purpose in (SHARING, SPONSOR) or (unverified_yet and said.purpose != addressing.MESSAGES):
        raise RelayError(
            "not_enrolled", "the office asks for that once it has confirmed this phone", Kind.FORBIDDEN
        )
    return unverified_yet


def _overruled(tx: Tx, me: ContactDevice, said: Consent) -> bool:
    """Whether another device of the contact took back later what this one gave: it only came late."""
    if not said.given:
        return False
    rows = [
        row
        for row in consents.newest(tx, me.office, me.contact)
        if _about(row) == (said.purpose, said.recipient, said.fields)
    ]
    return any(
        not row.given and row.device != me.device and Consent.peek(row.statement).at >= said.at
        for row in rows
    )


def _plausible(said: Consent) -> None:
    """What the protocol's types let through and no phone of ours says: the databases would differ over it."""
    if said.purpose not in (*addressing.PURPOSES, SPONSOR, SHARING):
        raise RelayError(
            "purpose_unknown", "this purpose is not known here; update the app", Kind.UNACCEPTABLE
        )
    if LANGUAGE.fullmatch(said.language) is None:
        raise RelayError(
            "malformed", "the consent's language is no language tag, as en or fa-AF", Kind.MALFORMED
        )
    if said.text_version > MOST_TEXT_VERSION:
        raise RelayError("malformed", "the consent's text version is out of its range", Kind.MALFORMED)
    if said.given and said.text_version not in TEXTS:
        raise RelayError(
            "text_changed",
            "the wording has changed since it was shown; read it again and decide",
            Kind.CONFLICT,
        )


def _about(row: Found) -> tuple[str, bytes, str]:
    return (row.purpose, row.recipient, row.fields)


def _take_effect(tx: Tx, row: Found, now: datetime, *, event: Event) -> None:
    office, contact = row.office, row.contact
    if row.purpose == SHARING:
        if event is not Event.CONSENT_GIVEN:
            reason = "lapsed" if event is Event.CONSENT_LAPSED else "withdrawn"
            ground = Ground(office, contact, row.fields, row.recipient)
            disclosures.withdraw(tx, ground, now, reason=reason, statement=row.statement)
    elif row.purpose == SPONSOR:
        if event is not Event.CONSENT_GIVEN:
            sponsors.silence(tx, office, contact)
    elif event is not Event.CONSENT_GIVEN:
        _withdraw(tx, office, contact, row.purpose, now)
    person = people.contact(tx, office, contact)
    audit.happened(tx, event, now, office=office, about="" if person is None else person.alias)


def _event(*, given: bool) -> Event:
    return Event.CONSENT_GIVEN if given else Event.CONSENT_WITHDRAWN


def _withdraw(tx: Tx, office: bytes, contact: bytes, purpose: str, now: datetime) -> None:
    """Every notice needs consent to messages too, so that withdrawing this one takes all that waits."""
    everything = purpose == addressing.MESSAGES
    letters = mail.drop_contact(tx, office, contact, None if everything else purpose)
    mail.drop_bodies(tx, letters)
    if everything:
        attachments.drop_contact(tx, office, contact)
    waiting = ("standby", "held")
    offers.withdraw_contact(tx, office, contact, now, waiting if everything else (*waiting, "accepted"))
    for account in accounts.of_contacts(tx, office, [contact]).values():
        doorbells.read(tx, account, now)


def _word(given: bool) -> str:
    return "given" if given else "withdrawn"
