"""Assent: what a guardian's device says for a minor in their care, by number, and what the minor says themselves.

state       consents, and the minor agrees or is too small    either says no                        a year over
(none)      stands                                            refused                               -
stands      stands                                            refused: what was passed on of the    none: as refused
                                                              family is destroyed, or to be
                                                              destroyed there
refused     stands                                            refused                               none

Without one that stands for each minor nothing that tells of the family is passed on (relay.minors). All that was said
goes with the minor's place in the household, and with the household.
"""

from dataclasses import dataclass
from datetime import datetime

from crypto.casefile import FAMILY
from crypto.device import DeviceRecord
from crypto.encoding import moment, unix
from crypto.statement import Assent, check_statement
from relay import addressing, audit, auth, consent, disclosures, minors
from relay.audit import Event
from relay.auth import ContactDevice, Principal
from relay.disclosures import Ground
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import assents
from store.sql import Found

MOST_AT_ONCE = 500
"""Assents that lapse in one sweep: the next one is an hour later, and they stand no more anyway."""
TEXTS = range(1, 2)
"""Versions of the wording that are in force."""


@dataclass(frozen=True, slots=True)
class MinorView:
    """A minor by number, and what was said last for them, if anything. `standing` is one of minors.STANDINGS."""

    member: int
    standing: str
    given: bool | None
    assent: int | None
    at: datetime | None
    lapses_at: datetime | None


def record(tx: Tx, who: Principal, statement: bytes, now: datetime) -> str:
    """Take a guardian's statement; says what stands then, of minors.STANDINGS. The same again is harmless.

    Raises RelayError `not_enrolled`, `malformed`, `statement_refused`, `minor_not_found`, `assent_out_of_order`,
    `text_changed`.
    """
    me = auth.contact(who)
    with checked("statement_refused"):
        said = check_statement(statement, Assent, DeviceRecord.parse(me.record))
    _plausible(said, now)
    minor = next((row for row in _minors(tx, me) if row.member == said.member), None)
    if minor is None:
        raise RelayError(
            "minor_not_found", "no child with this number is in your care; ask your office", Kind.MISSING
        )
    held = assents.statement(tx, me.device, minor.alias, said.member, said.counter)
    if held is not None and held.statement == statement:
        return minors.standing(minor, now)
    if said.at < unix(minor.joined_at):
        raise RelayError(
            "statement_refused",
            "this was said before the child with this number was in your care; say it anew",
            Kind.UNACCEPTABLE,
        )
    counted = assents.last_counter(tx, me.device, minor.alias, said.member)
    if said.counter <= counted or _overruled(me, minor, said):
        raise RelayError("assent_out_of_order", "something newer was said; look at it anew", Kind.CONFLICT)
    row = {
        "office": me.office,
        "alias": minor.alias,
        "member": said.member,
        "contact": me.contact,
        "device": me.device,
        "counter": said.counter,
        "given": said.given,
        "said": int(said.assent),
        "text_version": said.text_version,
        "language": said.language,
        "at": now,
        "lapses_at": moment(said.lapses),
        "statement": statement,
    }
    assents.append(tx, row)
    event = Event.ASSENT_GIVEN if said.permits else Event.ASSENT_REFUSED
    audit.happened(tx, event, now, office=me.office, about=minor.alias)
    if not said.permits:
        ground = Ground(me.office, me.contact, FAMILY)
        disclosures.withdraw(tx, ground, now, reason="withdrawn", statement=statement)
    return next(minors.standing(each, now) for each in _minors(tx, me) if each.member == said.member)


def listed(tx: Tx, who: Principal, now: datetime) -> list[MinorView]:
    """The minors in the contact's care, by number. Raises RelayError `not_enrolled`."""
    return [
        MinorView(row.member, minors.standing(row, now), row.given, row.said, row.at, row.lapses_at)
        for row in _minors(tx, auth.contact(who))
    ]


def lapse(tx: Tx, now: datetime) -> int:
    """What was said a year ago and not said anew counts as never said; how many."""
    over = assents.lapsed(tx, now, MOST_AT_ONCE)
    for row in over:
        assents.forget_member(tx, row.office, row.alias, row.member)
        ground = Ground(row.office, row.contact, FAMILY)
        disclosures.withdraw(tx, ground, now, reason="lapsed", statement=row.statement)
        audit.happened(tx, Event.ASSENT_LAPSED, now, office=row.office, about=row.alias)
    return len(over)


def _minors(tx: Tx, me: ContactDevice) -> list[Found]:
    return assents.minors(tx, me.office, me.contact)


def _plausible(said: Assent, now: datetime) -> None:
    """What the protocol's types let through and no phone of ours says: the databases would differ over it."""
    if consent.LANGUAGE.fullmatch(said.language) is None or said.text_version > consent.MOST_TEXT_VERSION:
        raise RelayError("malformed", "the language is no tag, or the text version too high", Kind.MALFORMED)
    if said.counter >= 1 << 63:
        raise RelayError("malformed", "the counter is out of its range", Kind.MALFORMED)
    if not now < moment(said.lapses) <= now + consent.LIFE + addressing.SLACK:
        raise RelayError(
            "statement_refused",
            "the statement is dated in the future or a year ago; set the clock",
            Kind.UNACCEPTABLE,
        )
    if said.permits and said.text_version not in TEXTS:
        raise RelayError(
            "text_changed",
            "the wording has changed since it was shown; read it again and decide",
            Kind.CONFLICT,
        )


def _overruled(me: ContactDevice, minor: Found, said: Assent) -> bool:
    """Whether another device of the contact said no later than this one said yes: it only came late."""
    if not said.permits or minor.statement is None or minor.device == me.device:
        return False
    last = Assent.peek(minor.statement)
    return not last.permits and last.at >= said.at
