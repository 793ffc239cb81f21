"""Delivery: one leader claims what is due, calls Telegram, and settles each outcome.

    state     claim                        settle                                lease over
    waiting   claimed, or dropped when     -                                     -
              a condition no longer holds
    claimed   -                            Sent: sent · Later: waiting           waiting
                                           Gone: gone (a deletion: waiting)
                                           Refused: refused (a ring: waiting)
                                           Uncertain: waiting (a reply at last: uncertain)
Expiry, cancellation, consent, silence and blocking are conditions of the claim: it may come an hour after the row. A
claim is settled only by who holds it (owner, fence, tries), and not while another one leads (relay/leader.py). A
process that starts anew takes the claims of its name back, each time a little later; those of another wait for the end
of their lease, and then for the next time that somebody takes the lead or renews it. A deletion rests while the bot is
blocked and is due again when it is let in. A ring that is refused rests ever longer, until the account gives a sign of
life.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import unb64u
from relay import accounts, armour, doorbells, leader, outbox
from relay.errors import Kind, RelayError
from relay.leader import SKEW, Lead
from relay.outbox import PRIORITY, REFUSED
from relay.pacing import MOST_MARGIN, SECOND, doubled
from relay.unit import Tx, Vault
from store import doorbells as bells
from store import inbox, recipients
from store import outbox as rows
from store.sql import Found

LEASE = timedelta(seconds=60)
UNCERTAIN_WAIT = timedelta(seconds=5)
"""After the first unanswered try; doubles with each."""
UNCERTAIN_MOST_WAIT = timedelta(minutes=5)
UNCERTAIN_REPLIES = 5
"""A reply without an answer from Telegram that often has most likely arrived as often."""
LOOK_AHEAD = 50
SHARE = 3
"""Each so many turns one belongs to urgent rings first, so that no crowd of askers can hold them up."""
ASIDE = timedelta(minutes=10)
"""Until a row whose sealed id does not open is tried again: it may be the vault key that is wrong, not the row."""
REFUSED_REST = timedelta(minutes=5)
"""After a ring's first refusal; doubles with each."""
REFUSED_MOST_REST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Claim:
    """One call to make. `replaces`: delete this doorbell first (a failure of that is no matter).

    `until`: the end of the lead it was claimed under; no request begins after that.

    `enclosed`: the armoured letter to hand out. Not `readable`: a sealed id or the parameters do not open, so that
    nothing can be sent (`chat` is 0).
    """

    id: int
    kind: str  # ring, reply, delete, answer_callback
    account: int
    chat: int
    key: str
    params: dict[str, Any]
    language: str
    silent: bool
    urgent: bool
    replaces: int | None
    message_id: int | None
    callback_id: str
    priority: int
    owner: str
    fence: int
    tries: int
    until: datetime
    readable: bool = True
    enclosed: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """`everyone`: Telegram asked the bot to be silent until then, whomever it writes to (a 429)."""

    at: datetime
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The person blocked the bot or the chat is no more."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will not have it, now or later."""

    code: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """No answer came: it may have been sent. Tried again: a doorbell twice is harmless, one lost is not."""


Outcome = Sent | Later | Gone | Refused | Uncertain


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claim, and when."""

    claim: Claim
    outcome: Outcome
    at: datetime


def lead(tx: Tx, owner: str, now: datetime, *, fresh: bool = False) -> Lead | None:
    """Become or stay the leader, and have the claims whose holder vanished wait again; None while somebody else leads.

    `fresh`: a process that has not led yet. What its predecessor of that name had in flight waits again: at once the
    first time, sent twice at worst and never late; then ever longer, so that a process that ends whenever it starts
    does not ring the same few people each time, nor one row hold up all others. And what Telegram refused may be
    accepted from this version.
    """
    taken = leader.take(tx, owner, now, fresh=fresh)
    if taken is None:
        return None
    if fresh:
        for row in rows.claims(tx):
            if leader.same_name(row.owner, owner):
                _wait_again(tx, row, now + _rest_cut_off(row.tries), now)
        rows.hasten_refused(tx, now)
    requeue(tx, now)
    return taken


def _rest_cut_off(tries: int) -> timedelta:
    """How long a claim rests whose process is gone; no longer than another process would wait for its lease's end."""
    return doubled(UNCERTAIN_WAIT, tries - 2, LEASE) if tries > 1 else timedelta()


def recent(tx: Tx, now: datetime) -> list[tuple[int, datetime]]:
    """Accounts and times of what left, or may have, within a second and any margin.

    For a process that begins to lead: Telegram counts what the one before sent.
    """
    return [(row.account, min(row.changed_at, now)) for row in rows.tried(tx, now - SECOND - MOST_MARGIN)]


def claim(
    tx: Tx,
    vault: Vault,
    lead: Lead,
    now: datetime,
    *,
    limit: int = 1,
    resting: Collection[int] = (),
    turn: int = 1,
) -> list[Claim]:
    """Take what is about to be sent, replies first; nothing for the accounts that rest.

    `turn` counts the calls: see SHARE.
    Rows whose conditions no longer hold are dropped on the way. Raises RelayError `not_leader`.
    """
    if not leader.leads(tx, lead, now):
        raise RelayError("not_leader", "another process delivers now", Kind.CONFLICT)
    claims: list[Claim] = []
    look = limit
    while len(claims) < limit and (found := _due(tx, now, resting, look, turn)):
        claims += _taken(tx, vault, lead, found, now, limit=limit - len(claims))
        look = max(limit, LOOK_AHEAD)
    return claims


def _taken(
    tx: Tx, vault: Vault, lead: Lead, found: Sequence[Found], now: datetime, *, limit: int
) -> list[Claim]:
    """Claims on these rows, one for each account; what is not wanted is dropped on the way."""
    shown = bells.visible_by_account(tx, [row.account for row in found if row.kind == "ring"])
    claims: dict[int, Claim] = {}
    for row in found:
        if len(claims) == limit:
            break
        bell = shown.get(row.account) if row.kind == "ring" else None
        if row.account in claims:  # one call at a time, in order
            continue
        if row.kind == "delete" and row.blocked and now < row.expires_at:
            rows.rest_deletions(tx, row.account)
        elif not _wanted(row, bell, now) or (enclosed := armour.enclosed(tx, row, now)) is None:
            rows.drop(tx, row.id, now)
        else:
            claims[row.account] = replace(_claim(row, bell, vault, lead, now), enclosed=enclosed)
    ids = [claim.id for claim in claims.values()]
    rows.claim(tx, ids, now, owner=lead.owner, fence=lead.fence, lease_until=now + LEASE)
    return list(claims.values())


def settle(tx: Tx, claim: Claim, outcome: Outcome, now: datetime) -> bool:
    """Record what became of a claim; False, with nothing changed, when it is no longer ours."""
    (held,) = settle_many(tx, [Settlement(claim, outcome, now)])
    return held


def settle_many(tx: Tx, settlements: Sequence[Settlement]) -> list[bool]:
    """As `settle`, for what came back at about the same time; for `store.gather`."""
    claimed = rows.claimed(tx, [each.claim.id for each in settlements])
    rival = leader.rival(tx, max(each.at for each in settlements))
    held = [_holds(each.claim, claimed.get(each.claim.id), rival) for each in settlements]
    ours = [(claimed[each.claim.id], each) for each, its in zip(settlements, held, strict=True) if its]
    rung: list[tuple[Found, int | None, datetime]] = []
    for row, each in ours:
        if row.kind == "ring" and isinstance(each.outcome, Sent):
            rung.append((row, each.outcome.message_id, each.at))
        else:
            _settled(tx, row, each.outcome, each.at)
    _rung(tx, rung)
    return held


def _holds(claim: Claim, row: Found | None, rival: str | None) -> bool:
    """Whether the row is still this claim's, and nobody else leads."""
    if row is None or rival not in (None, claim.owner):
        return False
    return bool((row.owner, row.fence, row.tries) == (claim.owner, claim.fence, claim.tries))


def _settled(tx: Tx, row: Found, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Sent():
            rows.end(tx, row, "sent", now)
            _sent(tx, row, outcome, now)
        case Later():
            if outcome.everyone:
                leader.rest(tx, outcome.at, now)
            _wait_again(tx, row, outcome.at, now)
        case Gone() if inbox.heard_between(tx, row.account, row.changed_at, now):
            _wait_again(tx, row, now, now)  # they were back before this answer was
        case Gone():
            _gone(tx, row, now)
        case Refused():
            _refused(tx, row, outcome, now)
        case Uncertain() if row.kind == "reply" and row.uncertain + 1 >= UNCERTAIN_REPLIES:
            rows.end(tx, row, "uncertain", now)
        case Uncertain():
            wait = doubled(UNCERTAIN_WAIT, row.uncertain, UNCERTAIN_MOST_WAIT)
            _wait_again(tx, row, now + wait, now, unanswered=1)


def requeue(tx: Tx, now: datetime, limit: int = 1000) -> int:
    """Claims whose holder vanished wait again; how many."""
    lost = rows.expired_leases(tx, now, limit)
    for row in lost:
        _wait_again(tx, row, now, now)
    return len(lost)


def mend(tx: Tx, now: datetime) -> int:
    """The rule for a clock that was set back; how many rows it changed.

    What was written at a time that is yet to come, by more than SKEW, was written by a clock that was ahead: all
    its times are moved back by the difference. So it waits as long as it was to wait when it was written (a pause
    that Telegram asked for is kept whole), and not for the clock to catch up; and it expires no later than it would
    have. To be called whenever the clock goes back and when a process starts.
    """
    return rows.shift_back(tx, now, now + SKEW) + bells.shift_back(tx, now, now + SKEW)


def next_due(tx: Tx, after: datetime | None = None) -> datetime | None:
    """When there is something to claim, or a lease to take back; `after`: the next such time later than this."""
    times = [rows.next_due(tx, after), rows.next_lease(tx, after)]
    return min((time for time in times if time is not None), default=None)


def _due(tx: Tx, now: datetime, resting: Collection[int], limit: int, turn: int) -> list[Found]:
    """What may be claimed, in the order of this turn."""
    if turn % SHARE == 0:
        urgent = rows.waiting(tx, now, resting, limit, priority=PRIORITY["urgent ring"])
        if urgent:
            return urgent
    return rows.waiting(tx, now, resting, limit)


def _wanted(row: Found, shown: Found | None, now: datetime) -> bool:
    if row.blocked or row.expires_at <= now:
        return False
    if row.kind != "ring":
        return True
    return bool(row.unread and not row.paused and (shown is None or shown.leaving or row.urgent or row.again))


def _claim(row: Found, shown: Found | None, vault: Vault, lead: Lead, now: datetime) -> Claim:
    callback_id, readable = "", True
    try:
        params = json.loads(row.params) if row.kind != "ring" else {}
        callback_id = vault.open_press(unb64u(row.callback_id)) if row.callback_id else ""
        chat = vault.open_id(row.sealed)
    except ValueError:  # whatever is wrong with it: a vault's errors and JSON's are of this kind
        chat, callback_id, params, readable = 0, "", {}, False
    return Claim(
        id=row.id,
        kind=row.kind,
        account=row.account,
        chat=chat,
        key=row.key,
        params=params,
        language=row.language,
        silent=row.kind == "ring" and not row.urgent and doorbells.quiet(now),
        urgent=row.urgent,
        replaces=None if shown is None else shown.message_id,
        message_id=row.message_id,
        callback_id=callback_id,
        priority=row.priority,
        owner=lead.owner,
        fence=lead.fence,
        tries=row.tries + 1,
        until=lead.until,
        readable=readable,
    )


def _sent(tx: Tx, row: Found, outcome: Sent, now: datetime) -> None:
    if row.kind == "delete":
        bells.deleted(tx, row.account, row.message_id)
    if row.vanish_seconds is not None and outcome.message_id is not None:
        gone = now + timedelta(seconds=row.vanish_seconds)
        outbox.delete(tx, row.account, outcome.message_id, now, not_before=gone, key=row.key)


def _rung(tx: Tx, rung: Sequence[tuple[Found, int | None, datetime]]) -> None:
    """Each (ring, message id, time) is its account's visible doorbell now, unless all was read meanwhile.

    A paid broadcast settles a thousand of them a second, so what they have in common is asked once for all.
    """
    if not rung:
        return
    times = {row.account: at for row, _, at in rung}
    rows.end_all(tx, [(row, at) for row, _, at in rung], "sent")
    bells.show(tx, [(row.account, message, at) for row, message, at in rung])
    behind = bells.people_behind(tx, list(times))
    recipients.rung(tx, [(office, contact, times[account]) for account, office, contact in behind])
    now = max(times.values())
    doorbells.clear(tx, times, now)


def _gone(tx: Tx, row: Found, now: datetime) -> None:
    """The account cannot be reached; a deletion rests with its others until it can."""
    if row.kind == "delete":
        _wait_again(tx, row, now, now)
    else:
        rows.end(tx, row, "gone", now)
    accounts.blocked(tx, row.account, blocked=True, now=now)


def _refused(tx: Tx, row: Found, outcome: Refused, now: datetime) -> None:
    """It is over; but a ring is tried again as long as there is mail, each time after a longer rest."""
    if row.kind != "ring":
        rows.end(tx, row, "refused", now, key=f"{row.key}:{outcome.code}"[:64])
        return
    bells.hide(tx, [row.account])  # the old one was deleted for it
    refused = outbox.refusals(row) + 1
    rest = doubled(REFUSED_REST, refused - 1, REFUSED_MOST_REST)
    _wait_again(tx, row, now + rest, now, refused=refused)


def _wait_again(
    tx: Tx, row: Found, at: datetime, now: datetime, *, unanswered: int = 0, refused: int = 0
) -> None:
    """Back to waiting; a ring joins the one that was queued meanwhile, if any."""
    other = rows.rings(tx, [row.account], "waiting").get(row.account) if row.kind == "ring" else None
    params = json.dumps({REFUSED: refused}) if refused else row.params
    if other is None:
        rows.again(tx, row, at, now, uncertain=row.uncertain + unanswered, params=params)
        return
    urgent = {"urgent": True, "priority": PRIORITY["urgent ring"]} if row.urgent else {}
    rows.change(tx, other.id, params=params, **urgent)
    rows.end(tx, row, "dropped", now)
