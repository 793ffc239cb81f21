"""Consent: per purpose, signed by the person's own device; withdrawal acts in the same transaction.

state       given      withdrawn
(none)      given      withdrawn
given       given      withdrawn: pending sends stop, sealed copies at the relay go, held seats go back
withdrawn   given      withdrawn
"""

from dataclasses import dataclass
from datetime import datetime

from crypto.device import DeviceRecord
from crypto.encoding import moment
from crypto.statement import Consent, check_statement
from relay import addressing, audit, auth, doorbells, seats
from relay.auth import ContactDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import accounts, consents, mail, people
from store.sql import Found


@dataclass(frozen=True, slots=True)
class ConsentView:
    purpose: str
    given: bool
    at: datetime
    counter: int
    statement: bytes


def record(tx: Tx, who: Principal, statement: bytes, now: datetime) -> str:
    """Take a consent statement: "given" or "withdrawn". The same again is harmless.

    Raises RelayError `not_enrolled`, `malformed`, `consent_refused`, `purpose_unknown`, `consent_out_of_order`.
    """
    me = auth.contact(who, "pending", "frozen", "enrolled")
    with checked("consent_refused"):
        said = check_statement(statement, Consent, DeviceRecord.parse(me.record))
    if said.purpose not in addressing.PURPOSES:
        raise RelayError(
            "purpose_unknown", "this purpose is not known here; update the app", Kind.UNACCEPTABLE
        )
    held = consents.statement(tx, me.device, said.purpose, said.counter) if said.counter < 1 << 63 else None
    if held is not None and held.statement == statement:
        return _word(said.given)
    if not consents.last_counter(tx, me.device, said.purpose) < said.counter < 1 << 63:
        raise RelayError("consent_out_of_order", "a newer statement is here; count on from it", Kind.CONFLICT)
    if moment(said.at) > now + addressing.SLACK:
        raise RelayError(
            "consent_refused", "the statement is dated in the future; set the clock", Kind.UNACCEPTABLE
        )
    consents.add(
        tx,
        {
            "office": me.office,
            "contact": me.contact,
            "purpose": said.purpose,
            "device": me.device,
            "counter": said.counter,
            "given": said.given,
            "text_version": said.text_version,
            "language": said.language,
            "at": now,
            "statement": statement,
        },
    )
    if not said.given:
        _withdraw(tx, me, said.purpose, now)
    person = people.contact(tx, me.office, me.contact)
    event = f"consent_{_word(said.given)}"
    audit.happened(tx, event, now, office=me.office, subject="" if person is None else person.alias)
    return _word(said.given)


def listed(tx: Tx, who: Principal) -> list[ConsentView]:
    """One's own newest statement per purpose."""
    me = auth.contact(who, "pending", "frozen", "enrolled")
    return [view(row) for row in consents.newest(tx, me.office, me.contact)]


def view(row: Found) -> ConsentView:
    return ConsentView(row.purpose, row.given, row.at, row.counter, row.statement)


def _withdraw(tx: Tx, me: ContactDevice, purpose: str, now: datetime) -> None:
    """Every notice needs consent to messages too, so that withdrawing this one takes all that waits."""
    everything = purpose == addressing.MESSAGES
    letters = mail.drop_contact(tx, me.office, me.contact, None if everything else purpose)
    mail.drop_bodies(tx, letters)
    seats.withdraw_contact(tx, me.office, me.contact, now, ("held",) if everything else ("held", "accepted"))
    for account in accounts.of_contacts(tx, me.office, [me.contact]).values():
        doorbells.read(tx, account, now)


def _word(given: bool) -> str:
    return "given" if given else "withdrawn"
