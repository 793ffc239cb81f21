"""Answers to notices, signed by the contact's device, and how far a notice came. Silence is no answer."""

from dataclasses import dataclass
from datetime import datetime

from crypto.device import DeviceRecord
from crypto.roster import Role
from crypto.statement import Answer, Reply, check_statement
from relay import auth, seats
from relay.auth import ContactDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import notices
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
class NoticeView:
    notice: bytes
    version: int
    kind: int
    movement: bytes | None
    state: str  # scheduled, withheld, released, cancelled, replaced, expired
    why: str | None  # it is withheld: roster, approvals, sender
    release_at: datetime
    answer_by: datetime
    expires_at: datetime
    counts: Counts
    answers: list[AnswerView]


def answer(tx: Tx, who: Principal, statement: bytes, now: datetime) -> str:
    """Take an answer to an offer; returns the offer's state, or "help". The same again is harmless.

    Declining and asking for help work until the notice expires; accepting until answer_by. Raises RelayError
    `not_enrolled`, `malformed`, `answer_refused`, `answer_out_of_order`, `offer_not_found`, `notice_replaced`,
    `notice_over`, `party_too_large`, `seats_short`.
    """
    me = auth.contact(who)
    with checked("answer_refused"):
        said = check_statement(statement, Answer, DeviceRecord.parse(me.record))
    copies = notices.recipient_by_offer(tx, me.office, me.contact, said.offer)
    copy = next((row for row in copies if (row.notice, row.version) == (said.notice, said.version)), None)
    last = notices.last_answer(tx, me.device)
    if last is not None and last.statement == statement and copy is not None:
        return _state(tx, me, said)
    if not (0 if last is None else last.counter) < said.counter < 1 << 63:
        raise RelayError("answer_out_of_order", "a newer answer is here; count on from it", Kind.CONFLICT)
    if copy is None:
        raise RelayError(
            "offer_not_found", "no such offer was made to you; open the notice again", Kind.MISSING
        )
    notice = _current(tx, me, said, now)
    if said.answer is Reply.ACCEPT and now >= notice.answer_by:
        raise RelayError("notice_over", "the time to accept is over; write to the office", Kind.GONE)
    _act(tx, me, said, now)
    notices.set_answer(tx, copy, int(said.answer), now)
    notices.add_answer(
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
    return _state(tx, me, said)


def listed(tx: Tx, who: Principal) -> list[NoticeView]:
    """The office's notices with how far each came and each contact's newest answer."""
    me = auth.officer(who, VIEWERS)
    counts = notices.counts(tx, me.office)
    said: dict[tuple[bytes, int], dict[bytes, AnswerView]] = {}
    for row in notices.answers_of(tx, me.office):
        newest = AnswerView(row.contact, row.statement, row.at)
        said.setdefault((row.notice, row.version), {})[row.contact] = newest
    views = []
    for row in notices.listed(tx, me.office):
        key = (row.notice, row.version)
        c = counts[key]
        reached = Counts(c.recipients, c.rung, c.fetched, c.answered, c.accepted, c.declined, c.help)
        times = (row.release_at, row.answer_by, row.expires_at)
        answers = list(said.get(key, {}).values())
        state = "withheld" if row.withheld and row.state == "scheduled" else row.state
        why = row.withheld if state == "withheld" else None
        views.append(NoticeView(*key, row.kind, row.movement, state, why, *times, reached, answers))
    return views


def _current(tx: Tx, me: ContactDevice, said: Answer, now: datetime) -> Found:
    """The notice if it can still be answered."""
    row = notices.version(tx, me.office, said.notice, said.version)
    if row is None or row.state == "scheduled":
        raise RelayError(
            "offer_not_found", "no such offer was made to you; open the notice again", Kind.MISSING
        )
    if row.state == "replaced" or row.content_hash != said.content_hash:
        raise RelayError(
            "notice_replaced", "the notice has changed; open the new one and answer that", Kind.CONFLICT
        )
    if row.state != "released" or now >= row.expires_at:
        raise seats.over()
    return row


def _act(tx: Tx, me: ContactDevice, said: Answer, now: datetime) -> None:
    offer = notices.offer(tx, me.office, said.offer)
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
    if said.answer is Reply.ACCEPT:
        seats.accept(tx, offer, said.party, now)
    else:
        seats.decline(tx, offer, now)


def _state(tx: Tx, me: ContactDevice, said: Answer) -> str:
    offer = notices.offer(tx, me.office, said.offer)
    return "help" if said.answer is Reply.HELP or offer is None else str(offer.state)
