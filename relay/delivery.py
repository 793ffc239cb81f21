"""Delivery: one leader claims what is due, calls Telegram, and settles each outcome.

    state     claim                        settle                                lease over
    waiting   claimed, or dropped when     -                                     -
              a condition no longer holds
    claimed   -                            Sent: sent · Later: waiting           waiting
                                           Gone: gone (a deletion: waiting)
                                           Refused: refused (a ring: waiting)
                                           Uncertain: waiting (a reply at last: uncertain)
Expiry, cancellation, consent, silence and blocking are conditions of the claim: it may come an hour after the
row. A claim is settled only by who holds it (owner, fence, tries). A process that starts anew takes its own
claims back; those of another wait for the end of their lease. A deletion rests while the bot is blocked and is
due again when it is let in. A ring that is refused rests ever longer, until the account gives a sign of life.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import unb64u
from relay import accounts, armour, doorbells, outbox
from relay.errors import Kind, RelayError
from relay.outbox import PRIORITY, REFUSED
from relay.unit import Tx, Vault
from store import doorbells as bells
from store import inbox, notices
from store import outbox as rows
from store.sql import Found

LEADER = "delivery"
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
SKEW = timedelta(minutes=1)
"""What the clocks of two machines may differ by."""


@dataclass(frozen=True, slots=True)
class Lead:
    owner: str
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """One call to make. `replaces`: delete this doorbell first (a failure of that is no matter).

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
    readable: bool = True
    enclosed: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    at: datetime


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


def lead(
    tx: Tx, owner: str, now: datetime, term: timedelta = timedelta(seconds=30), *, fresh: bool = False
) -> Lead | None:
    """Become or stay the leader; None while somebody else is. Every change raises the fence.

    `fresh`: the first call of a process. What its predecessor of that name had in flight waits again at once:
    sent twice at worst, never late; and what Telegram refused may be accepted from this version.
    A lease longer than any was written by a clock that has been set back since: it holds nobody off.
    """
    held = rows.lease(tx, LEADER)
    if held is None:
        rows.add_lease(tx, LEADER, owner, now + term)
        return Lead(owner, 1, now + term)
    if now < held.until <= now + term + SKEW and held.owner != owner:
        return None
    stays = held.owner == owner and held.until > now and not fresh
    fence = held.fence if stays else held.fence + 1
    rows.set_lease(tx, LEADER, owner, fence, now + term)
    if fresh:
        for row in rows.claims_of(tx, owner):
            _wait_again(tx, row, now, now)
        rows.hasten_refused(tx, now)
    return Lead(owner, fence, now + term)


def resign(tx: Tx, lead: Lead, now: datetime) -> None:
    """Make room at once for the next leader."""
    if _leads(tx, lead):
        rows.set_lease(tx, LEADER, lead.owner, lead.fence, now)


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
    held = rows.lease(tx, LEADER)
    if held is None or (held.owner, held.fence) != (lead.owner, lead.fence) or held.until <= now:
        raise RelayError("not_leader", "another process delivers now", Kind.CONFLICT)
    claims: list[Claim] = []
    while len(claims) < limit and (found := _due(tx, now, resting, max(limit, LOOK_AHEAD), turn)):
        for row in found:
            if len(claims) == limit:
                break
            if row.account in {claim.account for claim in claims}:  # one call at a time, in order
                continue
            shown = bells.visible(tx, row.account) if row.kind == "ring" else None
            if row.kind == "delete" and row.blocked and now < row.expires_at:
                rows.rest_deletions(tx, row.account)
            elif not _wanted(row, shown, now) or (enclosed := armour.enclosed(tx, row, now)) is None:
                rows.drop(tx, row.id, now)
            elif rows.claim(tx, row.id, owner=lead.owner, fence=lead.fence, until=now + LEASE, now=now):
                claims.append(replace(_claim(row, shown, vault, lead, now), enclosed=enclosed))
    return claims


def settle(tx: Tx, claim: Claim, outcome: Outcome, now: datetime) -> bool:
    """Record what became of a claim; False, with nothing changed, when it is no longer ours."""
    row = rows.row(tx, claim.id)
    held = (claim.owner, claim.fence, claim.tries)
    if row is None or row.state != "claimed" or (row.owner, row.fence, row.tries) != held:
        return False
    match outcome:
        case Sent():
            rows.end(tx, row, "sent", now)
            _sent(tx, row, outcome, now)
        case Later():
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
            wait = min(UNCERTAIN_WAIT * (1 << min(row.uncertain, 16)), UNCERTAIN_MOST_WAIT)
            _wait_again(tx, row, now + wait, now, unanswered=1)
    return True


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
        readable=readable,
    )


def _sent(tx: Tx, row: Found, outcome: Sent, now: datetime) -> None:
    if row.kind == "delete":
        bells.deleted(tx, row.account, row.message_id)
    if row.kind == "ring":
        bells.show(tx, row.account, outcome.message_id, now)
        notices.rung(tx, bells.people_behind(tx, row.account), now)
        doorbells.read(tx, row.account, now)
    if row.vanish_seconds is not None and outcome.message_id is not None:
        gone = now + timedelta(seconds=row.vanish_seconds)
        outbox.delete(tx, row.account, outcome.message_id, now, not_before=gone, key=row.key)


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
    bells.hide(tx, row.account)  # the old one was deleted for it
    refused = outbox.refusals(row) + 1
    rest = min(REFUSED_REST * (1 << min(refused - 1, 16)), REFUSED_MOST_REST)
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


def _leads(tx: Tx, lead: Lead) -> bool:
    held = rows.lease(tx, LEADER)
    return held is not None and (held.owner, held.fence) == (lead.owner, lead.fence)
