"""Between offices: an envelope to another office's epoch, once both have accepted each other.

A message to be passed on: sent → passed_on | returned; sent → held → passed_on | returned. Whether an office is here
at all is nobody else's business: one that is not, and one that has not accepted, are answered alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.encoding import moment
from crypto.envelope import Split
from crypto.prekey import HolderKind
from crypto.roster import Role
from relay import audit, auth, disclosures, doorbells, post
from relay.addressing import SLACK, check_time
from relay.audit import Event
from relay.auth import READING, OfficerDevice, Principal
from relay.disclosures import Passing
from relay.errors import Kind, RelayError
from relay.heads import head
from relay.post import Accepted
from relay.unit import Tx
from store import accounts, threads
from store import mail as letters
from store import offices as office_rows

MOST_PARTNERS = 100
MOST_A_DAY = 1000
SIZE = 70 * 1024
DECISIONS = {"sent": ("passed_on", "held", "returned"), "held": ("passed_on", "returned")}
STATES = ("passed_on", "held", "returned")
EVENTS = {
    "passed_on": Event.MISSIVE_PASSED_ON,
    "held": Event.MISSIVE_HELD,
    "returned": Event.MISSIVE_RETURNED,
}


@dataclass(frozen=True, slots=True)
class PartnerView:
    """`mutual`: that office accepts this one, too; otherwise nothing is told of it."""

    office: bytes
    since: datetime
    mutual: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with the message in `envelope` by this one: passed on with it, or its author told so in it."""

    envelope: bytes
    state: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many, and since when the oldest."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class ThreadsView:
    partners: int
    unread: Waiting
    mediate: Waiting  # to be passed on by us
    held: Waiting  # by us
    asked: Waiting  # of a mediator, nothing decided yet, or held
    passed_on: int
    returned: int


def accept(tx: Tx, who: Principal, partner: bytes, now: datetime) -> None:
    """Accept mail of another office; the same again is harmless, and so is an office that is not here.

    Raises RelayError `not_allowed`, `malformed`, `too_many_partners`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    if partner == me.office:
        raise RelayError("malformed", "an office is no partner of itself", Kind.MALFORMED)
    if threads.accepts(tx, me.office, partner):
        return
    if len(threads.listed(tx, me.office)) >= MOST_PARTNERS:
        raise RelayError(
            "too_many_partners", f"an office has at most {MOST_PARTNERS} partners; end one", Kind.CONFLICT
        )
    threads.accept(tx, me.office, partner, now)
    audit.note(tx, Event.PARTNER_ACCEPTED, now, by=me, subject=audit.short(partner))


def end(tx: Tx, who: Principal, partner: bytes, now: datetime) -> None:
    """Take no more mail of that office; what has come stays. Harmless when it was none.

    Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    if threads.end(tx, me.office, partner):
        audit.note(tx, Event.PARTNER_ENDED, now, by=me, subject=audit.short(partner))


def partners(tx: Tx, who: Principal) -> list[PartnerView]:
    """Whom the own office accepts."""
    me = auth.officer(who, READING)
    rows = threads.listed(tx, me.office)
    return [PartnerView(row.partner, row.accepted_at, row.back is not None) for row in rows]


def send(
    tx: Tx,
    who: Principal,
    to: bytes,
    data: bytes,
    *,
    mediated: bool = False,
    decision: Decision | None = None,
    passing: Passing | None = None,
    now: datetime,
) -> Accepted:
    """Take an envelope with one wrap, for an epoch of the office `to`; with `decision`, note it about theirs.

    `passing`: it holds fields of a contact, who consents to that.

    The same envelope again is accepted again. Raises RelayError `not_allowed`, `malformed`, `too_large`,
    `wrong_sender`, `no_partner`, `envelope_taken`, `clock_wrong`, `expired`, `epoch_unknown`, `too_many_missives`,
    `missive_not_found`, `already_decided` (a colleague was faster), and for what is passed on `contact_not_found`,
    `no_consent`, `too_many_disclosures`.
    """
    me = auth.officer(who, READING)
    letter, digest = post.opened(data, SIZE)
    if letter.header.sender != me.device:
        raise RelayError("wrong_sender", "the envelope names another sender than the request", Kind.FORBIDDEN)
    if not threads.both_accept(tx, me.office, to):
        raise RelayError(
            "no_partner",
            "there is no such office, or you have not both accepted each other; agree on it by another channel",
            Kind.MISSING,
        )
    id_ = letter.header.envelope
    known = letters.known(tx, [id_]).get(id_)
    if known is not None:
        row = threads.missive(tx, id_)
        if known.digest != digest or row is None or (row.sender, row.office) != (me.office, to):
            raise RelayError("envelope_taken", "another envelope has this id; seal it again", Kind.CONFLICT)
        return Accepted(id_, known.accepted_at, head(tx, me.office))
    check_time(letter, now)
    _check_epoch(tx, to, letter, now)
    if threads.sent_since(tx, me.office, now - timedelta(days=1)) >= MOST_A_DAY:
        raise RelayError(
            "too_many_missives", f"an office sends at most {MOST_A_DAY} a day; wait", Kind.TOO_MANY
        )
    if decision is not None:
        _decide(tx, me, decision, to, now)
    if passing is not None:
        disclosures.keep(tx, me, passing, to=to, envelope=id_, now=now)
    _store(tx, to, letter, digest, now)
    threads.add(
        tx,
        envelope=id_,
        office=to,
        sender=me.office,
        mediated=mediated,
        state="sent",
        at=now,
        decided_at=None,
    )
    audit.note(tx, Event.MISSIVE_SENT, now, by=me, subject=audit.short(to))
    audit.happened(tx, Event.MISSIVE_RECEIVED, now, office=to, subject=audit.short(me.office))
    doorbells.ring(tx, dict.fromkeys(accounts.of_officers(tx, to, int(READING), now), False), now)
    return Accepted(id_, now, head(tx, me.office))


def summary(tx: Tx, who: Principal, now: datetime) -> ThreadsView:
    """The own office's threads as counts and ages."""
    me = auth.officer(who, READING)
    found = threads.mediated(tx, me.office)
    asked = [found[False, state] for state in ("sent", "held") if (False, state) in found]
    return ThreadsView(
        partners=sum(row.back is not None for row in threads.listed(tx, me.office)),
        unread=Waiting(*threads.unread(tx, me.office, now)),
        mediate=Waiting(*found.get((True, "sent"), (0, None))),
        held=Waiting(*found.get((True, "held"), (0, None))),
        asked=Waiting(sum(count for count, _ in asked), min((at for _, at in asked), default=None)),
        passed_on=found.get((False, "passed_on"), (0, None))[0],
        returned=found.get((False, "returned"), (0, None))[0],
    )


def _check_epoch(tx: Tx, to: bytes, letter: Split, now: datetime) -> None:
    address = letter.wraps[0][0]
    if len(letter.wraps) != 1 or address.kind is not HolderKind.EPOCH:
        raise RelayError("malformed", "between offices one wrap goes to one epoch", Kind.MALFORMED)
    row = office_rows.epochs_of(tx, [(to, address.prekey)]).get((to, address.prekey))
    if row is None or row.delete_at <= now or moment(letter.header.time) > row.seal_until + SLACK:
        raise RelayError(
            "epoch_unknown",
            "this is not a current epoch of that office; follow its roster and seal again",
            Kind.UNACCEPTABLE,
        )


def _decide(tx: Tx, me: OfficerDevice, decision: Decision, to: bytes, now: datetime) -> None:
    """In the transaction in which it goes on, so that two officers do not pass on the same."""
    row = threads.missive(tx, decision.envelope)
    if row is None or row.office != me.office or not row.mediated:
        raise RelayError(
            "missive_not_found", "nobody has asked here for such a message to be passed on", Kind.MISSING
        )
    if (row.sender == to) is (decision.state == "passed_on"):
        raise RelayError(
            "malformed", "it is passed on to a third office; its author is told the rest", Kind.MALFORMED
        )
    if decision.state not in DECISIONS.get(row.state, ()):
        raise RelayError("already_decided", f"that message was {row.state} already", Kind.CONFLICT)
    threads.decide(tx, decision.envelope, decision.state, now)
    audit.note(tx, EVENTS[decision.state], now, by=me, subject=audit.short(row.sender))


def _store(tx: Tx, to: bytes, letter: Split, digest: bytes, now: datetime) -> None:
    address, wrap = letter.wraps[0]
    copy = {
        "envelope": letter.header.envelope,
        "holder_kind": int(address.kind),
        "holder": address.holder,
        "prekey": address.prekey,
        "office": to,
        "contact": None,
        "purpose": None,
        "seq": office_rows.next_seqs(tx, to, 1),
        "quiet": False,
        "wrap": wrap,
        "fetched_at": None,
        "expires_at": moment(letter.header.expires),
    }
    letters.add(tx, [post.letter_row(to, letter, digest, now, None)], [copy])
