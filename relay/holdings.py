"""What the relay holds of a person, for that person to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.attachment import SEALED_CHUNK
from relay import auth, consent, disclosures, facts
from relay.auth import Principal
from relay.consent import ConsentView
from relay.disclosures import PassedOn
from relay.facts import FactView
from relay.unit import Tx
from store import (
    accounts,
    assents,
    attachments,
    attempts,
    cases,
    consents,
    devices,
    holdings,
    people,
    sponsors,
)


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """What is noted of the household: numbers and codes. `checks`: how often an officer said who they are."""

    people: int
    facts: Sequence[FactView]
    intent: str | None
    needs: Sequence[str]
    checks: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that is kept of one contact. Letters are sealed, so that they can only be counted.

    `attachments`: sealed photographs and voice notes, to and from them, and `attachment_bytes` what these take.
    `assents`: what they said for minors in their care. `sponsors`: relatives who may ask when they were last heard
    of, and are told if the person permits it. `logged`: lines of the audit log about them; these stay when all else
    is gone, about nobody.
    """

    alias: str
    since: datetime
    heard_at: datetime | None
    language: str
    paused: bool
    telegram_linked: bool
    phones: int
    consents: Sequence[ConsentView]
    incoming: int
    outgoing: int
    seats: int
    answers: int
    attempts: int
    attachments: int
    attachment_bytes: int
    passed_on: Sequence[PassedOn]
    assents: int
    sponsors: int
    logged: int
    household: HouseholdView | None


def mine(tx: Tx, who: Principal, now: datetime) -> Holdings:  # noqa: ARG001 – as every rule
    """What is held of the contact who asks; nothing of others. Raises RelayError `not_enrolled`, `not_allowed`."""
    me = auth.contact(who)
    own = (me.office, me.contact)
    person, kept = people.contact(tx, *own), attachments.held(tx, *own)
    if person is None or kept is None:
        raise auth.unknown()
    return Holdings(
        alias=person.alias,
        since=person.created_at,
        heard_at=person.heard_at,
        language=person.language,
        paused=person.paused,
        telegram_linked=me.contact in accounts.of_contacts(tx, me.office, [me.contact]),
        phones=sum(1 for device in devices.of_contact(tx, *own) if device.state == "enrolled"),
        consents=[consent.view(row) for row in consents.newest(tx, *own)],
        incoming=holdings.incoming(tx, *own),
        outgoing=holdings.outgoing(tx, *own),
        seats=holdings.seats(tx, *own),
        answers=holdings.replies(tx, *own),
        attempts=len(attempts.of_contact(tx, *own)),
        attachments=kept.many,
        attachment_bytes=kept.chunks * SEALED_CHUNK,
        passed_on=disclosures.of_contact(tx, *own),
        assents=assents.of_contact(tx, *own),
        sponsors=sponsors.of_contact(tx, *own),
        logged=holdings.logged(tx, me.office, person.alias),
        household=_household(tx, *own),
    )


def _household(tx: Tx, office: bytes, contact: bytes) -> HouseholdView | None:
    case = holdings.household(tx, office, contact)
    if case is None:
        return None
    said = {of: cases.history(tx, of, office, case.alias, case.alias) for of in cases.HISTORIES}
    intents = said["intents"].get(case.alias, [])
    return HouseholdView(
        people=len(cases.members(tx, office, case.alias)),
        facts=facts.current(said["facts"].get(case.alias, [])),
        intent=intents[-1].intent if intents else None,
        needs=sorted(cases.needs(tx, office, case.alias)),
        checks=len(said["checks"].get(case.alias, [])),
    )
