"""Notices: scheduled as rows, released by the clock, answered, replaced, called off.

    state of a version   release_at   newer version scheduled   called off, it or a newer one   expires
    scheduled            released     replaced                  cancelled                       expired
    released             -            replaced                  cancelled                       expired
    replaced             -            -                         cancelled                       -
    cancelled, expired: final
A scheduled version that phones would refuse when it is due (relay/clearances.py) is withheld, with the reason: it is
still scheduled, keeps its seats, and may be called off. A new roster has it judged again; sealed anew, with approvals
that stand, it is released.
Whenever a version changes its state but by being released, every letter of it that nobody has stored yet (itself,
its goes, any word about it) is destroyed in the same transaction: from then on nothing of it is rung for or served.
A threat alert that goes out cancels what it voids on phones (relay/threats.py) in the same transaction.
A version that was out may be on phones, so it can be called off after it was replaced, whether or not its
successor is out; calling off a version ends all older ones with it. See relay/cancellations.py.
"""

from collections.abc import Sequence
from datetime import datetime

from crypto.encoding import moment
from crypto.envelope import Split
from crypto.notice import NoticeKind, verification_code
from crypto.prekey import HolderKind
from crypto.record import rec
from crypto.roster import Roster
from relay import (
    addressing,
    approvals,
    audit,
    auth,
    clearances,
    doorbells,
    movements,
    offers,
    offices,
    post,
    seats,
    standby,
    threats,
)
from relay.addressing import DEPARTURES, Directory
from relay.approvals import MOVING
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.cancellations import PLANNERS, call_off, cancel, end, word
from relay.drafts import Draft
from relay.errors import Kind, RelayError
from relay.seats import Seat
from relay.unit import Tx
from store import devices, mail, notices, recipients
from store import offers as offer_rows
from store import offices as office_rows
from store.sql import Found

NOBODY = recipients.Audience(set(), set(), set())

__all__ = ["Draft", "Seat", "cancel", "expire", "next_expiry", "next_release", "release_due", "schedule"]


def schedule(tx: Tx, who: Principal, draft: Draft, now: datetime) -> str:
    """Take a sealed notice to be released at its time; the same again is harmless. Returns its state.

    A newer version replaces the older one. A version that is withheld, or that phones could not open, is taken again
    in another letter, the same but for its approvals and release. A threat alert has to name whoever may hold what it
    voids; one that is due goes out at once. Raises RelayError `not_allowed`, `malformed`, `roster_expired`,
    `approvals_short`, `approval_refused`, `version_out_of_order`, `times_refused`, `movement_not_found`,
    `warned`, `movement_cancelled`, `movement_not_open`, `offers_refused`, `offer_taken`, `party_exceeds_household`,
    `seats_short`, `wraps_do_not_match`, `envelope_taken`, `wrong_sender` and those of Directory.copies.
    """
    me = auth.officer(who, PLANNERS)
    before = notices.newest(tx, me.office, draft.notice)
    letter, digest = post.opened(draft.envelope)
    if before is not None and before.version == draft.version and before.envelope == letter.header.envelope:
        return str(before.state)
    anew = before if _to_seal_anew(tx, before, draft.version) else None
    if anew is None and draft.version != (1 if before is None else before.version + 1):
        raise RelayError(
            "version_out_of_order", "versions count up by one; fetch the notice anew", Kind.CONFLICT
        )
    _check_draft(tx, me, draft, now)
    _check_approved(tx, me, draft, now)
    copies = _copies(tx, me, draft, letter, now)
    if anew is not None:
        _seal_anew(tx, me, anew, draft, now)
        mail.add(tx, [post.letter_row(me.office, letter, digest, now, (draft.notice, draft.version))], copies)
        return "scheduled"
    replaced: list[Found] = []
    if before is not None and before.state in notices.LIVE:
        replaced = offer_rows.live_of(tx, before)
        end(tx, before, "replaced", now)
    mail.add(tx, [post.letter_row(me.office, letter, digest, now, (draft.notice, draft.version))], copies)
    _add(tx, me, draft, letter, now)
    _give_up(tx, draft, replaced, now)
    waiting = set() if draft.movement is None else offers.make(tx, me.office, draft.movement, draft, now)
    _name(tx, me, draft, waiting)
    for movement in sorted({each.movement for each in replaced}):
        standby.promote(tx, me.office, movement, now)
    audit.note(tx, Event.NOTICE_SCHEDULED, now, by=me)
    if draft.kind is NoticeKind.THREAT and draft.release_at <= now:
        alert = notices.version(tx, me.office, draft.notice, draft.version)
        out = None if alert is None else _release(tx, offices.newest(tx, me.office), alert, now)
        if out is not None:
            doorbells.ring_contacts(tx, me.office, out, now, urgent=True)
            return "released"
    return "scheduled"


def release_due(tx: Tx, now: datetime, limit: int = 100) -> int:
    """Put the copies of due notices into their mailboxes and queue urgent rings; how many notices it dealt with.

    Call it until it returns 0. Copies of people who withdrew consent are gone already; those of people on standby
    wait for a seat. What phones would refuse is withheld. Threat alerts go first, alone: what they call off is not due
    any more.
    """
    rows = notices.due(tx, now, limit)
    rows = [row for row in rows if row.kind == notices.THREAT] or rows
    rosters = {office: offices.newest(tx, office) for office in {row.office for row in rows}}
    rung: dict[bytes, set[bytes]] = {}
    for row in rows:
        rung.setdefault(row.office, set()).update(_release(tx, rosters[row.office], row, now) or ())
    for office, people in sorted(rung.items()):
        doorbells.ring_contacts(tx, office, people, now, urgent=True)
    return len(rows)


def next_release(tx: Tx) -> datetime | None:
    """When the next notice is to be released."""
    due: datetime | None = notices.next_release(tx)
    return due


def next_expiry(tx: Tx) -> datetime | None:
    """When the next notice is to expire."""
    due: datetime | None = notices.next_expiry(tx)
    return due


def expire(tx: Tx, now: datetime, limit: int = 100) -> int:
    """End notices past their time, with the offers nobody answered; how many. Call it until it returns 0."""
    rows = notices.overdue(tx, now, limit)
    for row in rows:
        over = [each for each in offer_rows.live_of(tx, row) if each.state != "accepted"]
        end(tx, row, "expired", now)
        for offer in over:
            seats.move(tx, offer, "expired", now)
        if over:
            standby.promote(tx, row.office, row.movement, now)
    return len(rows)


def _release(tx: Tx, roster: Roster, row: Found, now: datetime) -> set[bytes] | None:
    """Let one version out, or withhold it (None); whom to ring for it."""
    why = clearances.obstacle(tx, roster, row, now)
    if why is not None:
        clearances.withhold(tx, row, why, now)
        return None
    if not notices.move(tx, row, "released", now):
        return None
    if row.kind == notices.THREAT:
        call_off(tx, row, now)
        threats.ask_for_review(tx, roster, row, now)
    # Nobody else takes numbers meanwhile: asking for none locks the office's row.
    going = mail.release(tx, row, office_rows.next_seqs(tx, row.office, 0))
    office_rows.next_seqs(tx, row.office, len(going))
    if row.movement is not None:
        standby.promote(tx, row.office, row.movement, now)
    audit.happened(tx, Event.NOTICE_RELEASED, now, office=row.office)
    return set(going)


def _check_approved(tx: Tx, me: OfficerDevice, draft: Draft, now: datetime) -> None:
    named = (draft.notice, draft.version, draft.content_hash)
    approvals.check(tx, me, draft.approvals, notice=named, kind=draft.kind, now=now)
    if draft.movement is not None and threats.stops(tx, me.office, draft.movement, rec(*draft.approvals)):
        raise RelayError(
            "warned",
            "a threat alert for this route came after its approvals; draft it anew and have that approved",
            Kind.CONFLICT,
        )


def _check_draft(tx: Tx, me: OfficerDevice, draft: Draft, now: datetime) -> None:
    if (len(draft.notice), len(draft.content_hash)) != (16, 32) or not 0 < draft.version < 1 << 32:
        raise RelayError("malformed", "the notice's fields have the wrong length", Kind.MALFORMED)
    if not draft.answer_by <= draft.expires or draft.expires <= now or draft.release_at >= draft.expires:
        raise RelayError(
            "times_refused", "release and answer come before expiry, expiry after now", Kind.UNACCEPTABLE
        )
    contacts = [seat.contact for seat in draft.offers]
    ids = [seat.offer for seat in draft.offers]
    if not contacts or len(set(contacts)) != len(contacts) or len(set(ids)) != len(ids):
        raise _offers("name every recipient once, each with an offer of their own")
    if any(len(seat.offer) != 16 or not 0 <= seat.party <= 255 for seat in draft.offers):
        raise _offers("an offer has an id of 16 bytes and a party of at most 255")
    moving = draft.kind in MOVING
    if moving is (draft.movement is None) or (moving and any(seat.party < 1 for seat in draft.offers)):
        raise _offers("what sends people somewhere names a movement and a party; other notices name none")
    if any(seat.standby is not None and not (moving and 1 <= seat.standby <= 9) for seat in draft.offers):
        raise _offers("standby is a class from 1 to 9, for seats on a movement")
    if any(
        seat.hold_until is not None and not now < seat.hold_until <= draft.expires for seat in draft.offers
    ):
        raise _offers("seats are held for some time, until the notice's end at most")
    if draft.movement is not None:
        movements.offering(tx, me.office, draft.movement)


def _copies(tx: Tx, me: OfficerDevice, draft: Draft, letter: Split, now: datetime) -> list[dict[str, object]]:
    """The wraps, held back: to every recipient, and to nobody else."""
    if letter.header.sender != me.device:
        raise RelayError("wrong_sender", "the envelope names another sender than the request", Kind.FORBIDDEN)
    addressing.check_time(letter, now)
    if moment(letter.header.expires) <= draft.release_at:
        raise RelayError(
            "times_refused", "the letter expires before its release; seal it anew", Kind.UNACCEPTABLE
        )
    if mail.known(tx, [letter.header.envelope]):
        raise RelayError("envelope_taken", "another envelope has this id; seal it again", Kind.CONFLICT)
    if any(address.kind is not HolderKind.DEVICE for address, _ in letter.wraps):
        raise _wraps()
    named = {seat.contact for seat in draft.offers}
    directory = Directory.load(tx, devices.several(tx, [me.device]), [letter])
    # Whoever may hold what an alert voids hears of it whatever they consent to by now, as of a cancel.
    alert = draft.kind is NoticeKind.THREAT
    holders = threats.audience(tx, me.office, draft.route, now) if alert else NOBODY
    theirs = {device for device, row in directory.contacts.items() if row.contact in holders.sent}
    owed = tuple(wrap for wrap in letter.wraps if wrap[0].holder in theirs)
    others = tuple(wrap for wrap in letter.wraps if wrap[0].holder not in theirs)
    plain = letter._replace(wraps=others)
    # So that no consent lapses under an offer, or under a come that somebody goes by.
    copies = directory.copies(me, plain, now, purpose=DEPARTURES, among=named, until=draft.expires)
    if owed:
        copies += word(tx, me, letter._replace(wraps=owed), holders, now)
    reached = {copy["contact"] for copy in copies}
    if not reached <= named or not named - reached <= holders.sent:
        raise _wraps()
    if not threats.to_be_told(tx, me.office, holders, now) <= reached:
        raise RelayError(
            "wraps_do_not_match",
            "somebody who was sent a come or a change of this route is not among the recipients; draft it anew",
            Kind.UNACCEPTABLE,
        )
    until = min(moment(letter.header.expires), draft.expires)  # however late the clock's own job comes
    return [copy | {"expires_at": until} for copy in copies]


def _add(tx: Tx, me: OfficerDevice, draft: Draft, letter: Split, now: datetime) -> None:
    row = {
        "office": me.office,
        "notice": draft.notice,
        "version": draft.version,
        "kind": int(draft.kind),
        "movement": draft.movement,
        "route": int(draft.route),
        "content_hash": draft.content_hash,
        "code": verification_code(draft.content_hash),
        "envelope": letter.header.envelope,
        "approved": rec(*draft.approvals),
        "release_at": draft.release_at,
        "answer_by": draft.answer_by,
        "expires_at": draft.expires,
        "state": "scheduled",
        "changed_at": now,
    }
    notices.add(tx, row)


def _name(tx: Tx, me: OfficerDevice, draft: Draft, waiting: set[bytes]) -> None:
    """Note the recipients, and which of them wait for a seat."""
    own = {"office": me.office, "notice": draft.notice, "version": draft.version}
    named = [{"contact": seat.contact, "offer": seat.offer} for seat in draft.offers]
    recipients.add(tx, [own | each | {"held_back": each["contact"] in waiting} for each in named])


def _to_seal_anew(tx: Tx, row: Found | None, version: int) -> bool:
    """Whether it was withheld, or is for phones that could not open it."""
    if row is None or row.version != version or row.state != "scheduled":
        return False
    return row.withheld is not None or (row.notice, row.version) in recipients.stale(tx, row.office)


def _seal_anew(tx: Tx, me: OfficerDevice, row: Found, draft: Draft, now: datetime) -> None:
    """Another letter for the same version. Raises RelayError `version_out_of_order`."""
    held = {offer.offer: offer.party for offer in offer_rows.live_of(tx, row)}
    was = (row.kind, row.movement, row.route or 0, row.content_hash, row.answer_by, row.expires_at)
    told = (int(draft.kind), draft.movement, int(draft.route), draft.content_hash)
    same = was == (*told, draft.answer_by, draft.expires)
    named = {(copy.contact, copy.offer) for copy in recipients.named(tx, row)}
    same = same and named == {(seat.contact, seat.offer) for seat in draft.offers}
    if draft.movement is not None:
        same = same and held == {seat.offer: seat.party for seat in draft.offers}
    if not same:
        raise RelayError(
            "version_out_of_order",
            "this version was sealed with another text or for other people; draft the next version",
            Kind.CONFLICT,
        )
    mail.drop_notice(tx, row.office, row.notice, row.version)
    letter = {"envelope": post.opened(draft.envelope)[0].header.envelope, "approved": rec(*draft.approvals)}
    notices.seal_anew(tx, row, now, release_at=draft.release_at, **letter)
    audit.note(tx, Event.NOTICE_SEALED_ANEW, now, by=me)


def _give_up(tx: Tx, draft: Draft, replaced: Sequence[Found], now: datetime) -> None:
    """Withdraw what the replaced version holds and the new one does not offer again under its id."""
    kept = {seat.offer for seat in draft.offers}
    for offer in replaced:
        if offer.offer not in kept or offer.movement != draft.movement:
            seats.move(tx, offer, "withdrawn", now)


def _offers(why: str) -> RelayError:
    return RelayError("offers_refused", why, Kind.UNACCEPTABLE)


def _wraps() -> RelayError:
    return RelayError(
        "wraps_do_not_match",
        "the envelope needs a wrap for each recipient named, and no other",
        Kind.UNACCEPTABLE,
    )
