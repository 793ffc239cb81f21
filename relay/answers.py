"""Answers to notices, signed by the contact's device, and how far a notice came. Silence is no answer."""

from dataclasses import dataclass
from datetime import datetime

from crypto.device import DeviceRecord
from crypto.roster import Role
from crypto.statement import Answer, Reply, check_statement
from relay import auth, doorbells, offers, seats
from relay.auth import ContactDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import accounts, notices, recipients
from store import offers as offer_rows
from store.sql import Found

VIEWERS = Role.COORDINATOR | Role.CASEWORKER


@dataclass(frozen=True, slots=True)
class Counts:
    """Over the recipients of one version."""

    recipients: int
    rung: int
    fetched: int
    answered: int
    accepted: int
    declined: int
    help: int


@dataclass(frozen=True, slots=True)
class AnswerView:
    contact: bytes
    answer: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Boarded:
    """How many of a contact's party boarded, and whether the contact did."""

    contact: bytes
    travellers: int
    in_person: bool


@dataclass(frozen=True, slots=True)
class NoticeView:
    notice: bytes
    version: int
    kind: int
    movement: bytes | None
    state: str  # scheduled, withheld, released, cancelled, replaced, expired
    why: (
        str | None
    )  # it is withheld: roster, approvals, sender, movement, warned, restored; phones: see stale
    release_at: datetime
    answer_by: datetime
    expires_at: datetime
    counts: Counts
    seated: list[bytes]  # contacts that a seat is held for, or confirmed, or of whose party somebody boarded
    boarded: list[Boarded]  # of those, whose outcome is recorded
    waiting: list[bytes]  # contacts whose copies wait for a seat
    stale: list[
        bytes
    ]  # contacts who could not open their copies of what is scheduled: it is to be sealed anew
    answers: list[AnswerView]


def answer(tx: Tx, who: Principal, statement: bytes, now: datetime) -> str:
    """Take an answer to an offer; returns the offer's state, "help", or "replaced". The same again is harmless.

    Declining and asking for help work until the notice expires; accepting until answer_by, or as long as the seats
    are held, if that is longer. Nobody goes by a version that is being changed, so an answer to it moves no seat; it is
    kept for the office ("replaced"), who sees it with that version, and the change asks anew. Asking for help is kept
    when the notice was called off, too. Raises
    RelayError `not_enrolled`, `malformed`, `answer_refused`, `answer_out_of_order`, `offer_not_found`,
    `notice_over`, `party_too_large`, `seats_short`.
    """
    me = auth.contact(who)
    with checked("answer_refused"):
        said = check_statement(statement, Answer, DeviceRecord.parse(me.record))
    copies = recipients.by_offer(tx, me.office, me.contact, said.offer)
    mine = (row for row in copies if (row.notice, row.version) == (said.notice, said.version))
    copy = next((row for row in mine if not row.held_back), None)
    last = recipients.last_answer(tx, me.device)
    if last is not None and last.statement == statement and copy is not None:
        return _state(tx, me, said)
    if not (0 if last is None else last.counter) < said.counter < 1 << 63:
        raise RelayError("answer_out_of_order", "a newer answer is here; count on from it", Kind.CONFLICT)
    if copy is None:
        raise RelayError(
            "offer_not_found", "no such offer was made to you; open the notice again", Kind.MISSING
        )
    notice = _answerable(tx, me, said, now)
    if notice.state == "released":
        _act(tx, me, said, notice, now)
    recipients.set_answer(tx, copy, int(said.answer), now)
    recipients.add_answer(
        tx,
        device=me.device,
        counter=said.counter,
        office=me.office,
        contact=me.contact,
        notice=said.notice,
        version=said.version,
        statement=statement,
        at=now,
    )
    for account in accounts.of_contacts(tx, me.office, {me.contact}).values():
        doorbells.read(tx, account, now)  # who was reminded has answered
    return _state(tx, me, said)


def listed(tx: Tx, who: Principal) -> list[NoticeView]:
    """The office's notices with how far each came and each contact's newest answer."""
    me = auth.officer(who, VIEWERS)
    counts, seated = recipients.counts(tx, me.office), offer_rows.seated(tx, me.office)
    waiting, stale = recipients.all_waiting(tx, me.office), recipients.stale(tx, me.office)
    said: dict[tuple[bytes, int], dict[bytes, AnswerView]] = {}
    for row in recipients.answers_of(tx, me.office):
        newest = AnswerView(row.contact, row.statement, row.at)
        said.setdefault((row.notice, row.version), {})[row.contact] = newest
    views = []
    for row in notices.listed(tx, me.office):
        key = (row.notice, row.version)
        c = counts[key]
        reached = Counts(c.recipients, c.rung, c.fetched, c.answered, c.accepted, c.declined, c.help)
        times = (row.release_at, row.answer_by, row.expires_at)
        unopened = stale.get(key, [])
        on = seated.get(key, [])
        boarded = [
            Boarded(each.contact, each.boarded, each.state == "boarded") for each in on if each.boarded
        ]
        people = ([each.contact for each in on], boarded, waiting.get(key, []), unopened)
        state = "withheld" if row.withheld and row.state == "scheduled" else row.state
        why = row.withheld if state == "withheld" else "phones" if unopened else None
        shown = (*key, row.kind, row.movement, state, why, *times, reached, *people)
        views.append(NoticeView(*shown, list(said.get(key, {}).values())))
    return views


def _answerable(tx: Tx, me: ContactDevice, said: Answer, now: datetime) -> Found:
    """The version, if it was out and an answer to it still says something."""
    row = notices.version(tx, me.office, said.notice, said.version)
    if row is None or row.released_at is None:
        raise RelayError(
            "offer_not_found", "no such offer was made to you; open the notice again", Kind.MISSING
        )
    if row.content_hash != said.content_hash:
        raise RelayError(
            "answer_refused", "it answers another text than this version's; open it again", Kind.UNACCEPTABLE
        )
    said_of = ("released", "replaced", "cancelled") if said.answer is Reply.HELP else ("released", "replaced")
    if row.state not in said_of or now >= row.expires_at:
        raise seats.over()
    return row


def _act(tx: Tx, me: ContactDevice, said: Answer, notice: Found, now: datetime) -> None:
    offer = offer_rows.offer(tx, me.office, said.offer)
    if said.answer is Reply.HELP:
        return
    if offer is None or (offer.notice, offer.version, offer.contact) != (
        said.notice,
        said.version,
        me.contact,
    ):
        raise RelayError(
            "answer_refused", "this notice offers no seats; ask for help instead", Kind.UNACCEPTABLE
        )
    if said.answer is Reply.DECLINE:
        offers.decline(tx, offer, now)
        return
    if now >= max(notice.answer_by, offer.hold_until):
        raise RelayError("notice_over", "the time to accept is over; write to the office", Kind.GONE)
    offers.accept(tx, offer, said.party, now)


def _state(tx: Tx, me: ContactDevice, said: Answer) -> str:
    offer = offer_rows.offer(tx, me.office, said.offer)
    if said.answer is Reply.HELP or offer is None:
        return "help"
    row = notices.version(tx, me.office, said.notice, said.version)
    return "replaced" if row is not None and row.state == "replaced" else str(offer.state)
