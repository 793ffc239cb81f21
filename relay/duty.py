"""Duty: whom of an office the doorbell wakes.

on → (off) off → (on) on; everybody begins on duty

Off duty silences one officer's own bell, and only while it may: as long as a colleague on duty can be rung, and no
letter has waited PATIENCE without any desk fetching it. Else everybody is rung; and coordinators always, for whoever
waits too long for an answer (relay.escalations): a forgotten "off", a colleague who
sleeps, or whoever took over somebody's account must not make an office deaf. The condition itself stands in
store.doorbells.unread, where every ring is asked about.
"""

from dataclasses import dataclass
from datetime import datetime

from relay import accounts as account_rules
from relay import audit, auth, doorbells
from relay.audit import Event
from relay.auth import READING, Principal
from relay.unit import Tx
from store import accounts, duty
from store.doorbells import PATIENCE

__all__ = ["PATIENCE", "DutyView", "set_", "show"]


@dataclass(frozen=True, slots=True)
class DutyView:
    """`since`: off duty since. `others`: colleagues on duty whom a bell can reach."""

    on: bool
    since: datetime | None
    others: int


def show(tx: Tx, who: Principal, now: datetime) -> DutyView:
    """The officer's own duty. For those whom mail rings. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    since = duty.since(tx, me.office, me.officer)
    others = accounts.officers_in_reach(tx, me.office, int(READING), now) - {me.officer}
    return DutyView(since is None, since, len(others - duty.away(tx, me.office)))


def set_(tx: Tx, who: Principal, *, on: bool, now: datetime) -> DutyView:
    """Begin or end the officer's own duty; the same again is harmless. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    if on is (duty.since(tx, me.office, me.officer) is None):
        return show(tx, who, now)
    if on:
        duty.come(tx, me.office, me.officer)
    else:
        duty.leave(tx, me.office, me.officer, now)
    audit.note(tx, Event.DUTY_BEGUN if on else Event.DUTY_ENDED, now, by=me)
    account = accounts.of_officer(tx, me.office, me.officer)
    if account is not None:
        if on:
            account_rules.wake(tx, account, now)
        else:
            doorbells.read(tx, account, now)
    return show(tx, who, now)
