"""Who is not rung though mail waits for them, and why: people to telephone.

    why         what rings nobody                                     it ends when
    no_account  they have no chat (the app alone, or it was taken)    they say /start again
    blocked     they blocked the bot, or the chat is no more          they let it in
    paused      they asked for silence                                they end it
    refused     Telegram will not have the ring; it is tried again    it does
    late        it waits for its turn since more than LATE            it is sent
The first that holds is told. Whoever reads the mail, or was reached since the newest of it came (relay/attempts.py),
is on the list no more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import audit, auth, casebook
from relay.audit import Event
from relay.auth import Principal
from relay.unit import Tx
from store import assignments, attempts, unrung
from store.sql import Found

LATE = timedelta(minutes=15)
WHY = ("no_account", "blocked", "paused", "refused", "late")


@dataclass(frozen=True, slots=True)
class Unrung:
    """`since` when the oldest unread mail waits; `departure`: some of it says when to come. `why` is one of WHY.

    `tried_at`: when an officer last tried to reach them since then. `assigned`: a role code.
    """

    alias: str
    why: str
    since: datetime
    urgent: bool
    departure: bool
    tried_at: datetime | None
    assigned: str | None


def listed(tx: Tx, who: Principal, now: datetime) -> list[Unrung]:
    """The own office's, departures first, then urgent mail, then who waits longest; the look is logged.

    Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, casebook.KEEPERS)
    rows = unrung.of_office(tx, me.office, now, now - LATE)
    tries: dict[str, list[Found]] = {}
    for each in attempts.of_office(tx, me.office) if rows else []:
        tries.setdefault(each.alias, []).append(each)
    assigned = assignments.listed(tx, me.office)
    found = []
    for row in rows:
        since = [each for each in tries.get(row.alias, []) if each.at >= row.since]
        if any(each.outcome in attempts.REACHED and each.at >= row.newest for each in since):
            continue
        tried_at = since[-1].at if since else None
        urgent, departure = bool(row.urgent), bool(row.departure)
        found.append(
            Unrung(row.alias, _why(row), row.since, urgent, departure, tried_at, assigned.get(row.alias))
        )
    if found:
        audit.note(tx, Event.UNRUNG_READ, now, by=me)
    return sorted(found, key=lambda each: (not each.departure, not each.urgent, each.since, each.alias))


def _why(row: Found) -> str:
    holds = (row.account is None, row.blocked, row.paused, row.refused, True)
    return next(why for why, so in zip(WHY, holds, strict=True) if so)
