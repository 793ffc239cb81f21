"""Doorbells: contentless nudges, at most one visible per Telegram account.

A routine ring is silent at night and not repeated while one stands unread. An urgent one deletes the old and
rings again with sound. One that stands unread is replaced before Telegram forbids deleting it. One that nobody
needs any more is deleted.

    state of an account   event                      what is queued          becomes
    nothing               routine or urgent mail     ring                    waiting
    waiting               routine mail               -                       waiting
    waiting               urgent mail                (the ring turns urgent  waiting
                                                     and rests no more)
    in flight             all else that is routine   -                       in flight
    in flight             urgent mail                another ring            waiting too
    waiting               claimed, nothing unread    -                       nothing
    in flight             refused                    (it rests ever longer)  waiting
    in flight             sent                       -                       visible
    in flight             sent, all read meanwhile   delete                  leaving
    visible               routine mail               -                       visible
    visible               urgent mail                ring (deletes the old)  waiting
    visible               older than 46 h, unread    ring (deletes the old)  waiting
    visible               older than 46 h, unread,   delete                  leaving
                          the chat silenced
    visible               all read, or the beat      delete                  leaving
                          finds nothing unread
    leaving               deleted                    -                       nothing
    leaving               routine or urgent mail     ring (deletes the old)  waiting
    any of waiting,       lost (expired, hidden,     nothing at once         nothing
    in flight, visible    dropped)
    nothing               the beat finds unread mail ring                    waiting
    not in flight         a reminder is due          ring (deletes the old)  waiting
What rings is unread mail, or an answer that somebody was reminded of (relay/reminders.py).
"""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from relay import outbox
from relay.outbox import PRIORITY
from relay.unit import Tx
from store import accounts, doorbells
from store import outbox as rows
from store.sql import Found

KABUL = ZoneInfo("Asia/Kabul")
QUIET_FROM, QUIET_UNTIL = time(21), time(6)
LIFE = timedelta(days=7)
RENEW_AFTER = timedelta(hours=46)


def missed(tx: Tx, now: datetime, limit: int = 1000) -> dict[int, bool]:
    """Accounts that have something to be rung for and no bell, whatever became of it; True: urgent. For `ring`."""
    return doorbells.missed(tx, now, limit)


def needless(tx: Tx, now: datetime, limit: int = 1000) -> list[int]:
    """Accounts whose doorbell rings for nothing any more, whatever became of the mail or the duty. For `clear`."""
    return doorbells.needless(tx, now, limit)


def clear(tx: Tx, wanted: Collection[int], now: datetime) -> None:
    """Take these accounts' doorbells away, unless something came meanwhile."""
    _take_away(tx, doorbells.needless_of(tx, wanted, now), now)


def quiet(now: datetime) -> bool:
    """Whether people in Kabul should not be woken."""
    local = now.astimezone(KABUL).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def ring(tx: Tx, wanted: Mapping[int, bool], now: datetime, *, again: bool = False) -> None:
    """Queue a ring for each account (True: urgent); `again` replaces a visible one though it is routine."""
    waiting = rows.rings(tx, wanted, "waiting")
    for account in sorted(waiting):
        held = waiting[account]
        if wanted[account] and (not held.urgent or outbox.refusals(held)):
            rows.change(
                tx, held.id, urgent=True, priority=PRIORITY["urgent ring"], not_before=now, changed_at=now
            )
    urgent = {account for account, asked in wanted.items() if asked and account not in waiting}
    routine = {account for account, asked in wanted.items() if not asked and account not in waiting}
    routine -= rows.rings(tx, routine, "claimed").keys()
    if not again:
        routine -= doorbells.visible_of(tx, routine)
    outbox.ring(tx, urgent, now, now + LIFE, urgent=True, again=again)
    outbox.ring(tx, routine, now, now + LIFE, urgent=False, again=again)


def ring_contacts(tx: Tx, office: bytes, people: Collection[bytes], now: datetime, *, urgent: bool) -> None:
    """Ring whoever of these contacts has an account."""
    ring(tx, dict.fromkeys(accounts.of_contacts(tx, office, people).values(), urgent), now)


def read(tx: Tx, account: int, now: datetime) -> None:
    """Somebody behind the account read mail: with nothing left unread, the visible doorbell goes."""
    shown = doorbells.visible(tx, account)
    if shown is not None and not shown.leaving and not doorbells.has_unread(tx, account, now):
        _take_away(tx, [shown], now)


def _take_away(tx: Tx, shown: Collection[Found], now: datetime) -> None:
    messages = {bell.account: bell.message_id for bell in shown if bell.message_id is not None}
    doorbells.hide(tx, {bell.account for bell in shown} - messages.keys())
    doorbells.leave(tx, messages)
    outbox.delete_each(tx, messages, now)


def old(tx: Tx, now: datetime) -> list[int]:
    """Accounts whose doorbell is as old as one may become, the oldest first; for `renew`."""
    return doorbells.older(tx, now - RENEW_AFTER)


def renew(tx: Tx, wanted: Collection[int], now: datetime) -> int:
    """Replace the old doorbells of these accounts that are still unread, delete the others; how many are old.

    A chat that asked for silence is not rung again: there the old one goes too, and the end of silence rings. One that
    is being replaced already is left alone.
    """
    shown = {bell.account: bell for bell in doorbells.older_of(tx, wanted, now - RENEW_AFTER)}
    needless = {bell.account for bell in doorbells.needless_of(tx, shown, now)}
    going = accounts.paused_among(tx, shown) | needless
    _take_away(tx, [shown[account] for account in going], now)
    ring(tx, dict.fromkeys(shown.keys() - going, False), now, again=True)
    return len(shown)
