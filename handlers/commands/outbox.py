"""`outbox`: what waits for Telegram, since when, and why."""

import json
from dataclasses import asdict
from datetime import datetime

from rich.table import Table

from handlers.commands.common import Json, now, opened, out

WHY = {
    "in_turn": "its turn comes: as fast as Telegram allows",
    "claimed": "on its way",
    "claimed_by_lost": "its process is gone: taken up again within a minute",
    "no_leader": "nobody delivers: start qasid serve",
    "telegram_rests": "Telegram asked for a rest (429): goes on by itself, do not restart",
    "tried_again": "Telegram did not answer: tried again",
    "earlier_waits": "an earlier one to the same chat comes first",
    "earlier_in_flight": "another one is on its way to the same chat",
    "refused": "Telegram refused this ring: tried again more and more seldom",
    "blocked": "the person blocked the bot",
    "paused": "the person asked for silence",
    "due_later": "its time has not come",
    "expired": "its time is over: left out",
}


def outbox(*, as_json: Json = False) -> None:
    """Show what waits for Telegram: how much, since when, how fast it goes out, and why each part of it waits.

    Nobody is named. What goes out comes by priority: answers, then what is urgent, then the rest.
    """
    with opened() as (store, _):
        from relay import backlog  # noqa: PLC0415 – --help stays quick

        at = now()
        found = store.read_now(lambda tx: backlog.look(tx, at))
    if as_json:
        sums = {"now": at, "depth": found.depth, "late_since": found.late_since}
        out.print_json(json.dumps(sums | asdict(found), default=datetime.isoformat))
        return
    table = Table("why it waits", "what", "how many", "oldest")
    for group in found.groups:
        table.add_row(WHY[group.reason], group.kind, f"{group.count:,}", _since(group.oldest, at))
    if found.groups:
        out.print(table)
    late = "" if found.late_since is None else f", the latest {_since(found.late_since, at)}"
    out.print(f"Waiting: {found.depth:,}{late}.")
    out.print(
        f"Sent in the last minute: {found.sent_last_minute:,}. "
        f"Answers refused in the last day: {found.refused_last_day:,}; never confirmed: {found.unknown_last_day:,}."
    )
    if found.rested_at is not None:
        last = f"{found.rested_at:%Y-%m-%d %H:%M:%S}"
        out.print(f"Telegram asked for a rest (429): {found.rests_today:,} times today, the last one {last}.")
    if found.rest_until is not None:
        out.print(f"Telegram rests until {found.rest_until:%H:%M:%S}.")
    release = "none" if found.next_release is None else f"{found.next_release:%Y-%m-%d %H:%M:%S}"
    out.print(f"Next release: {release}. Times are UTC.")


def _since(due: datetime, at: datetime) -> str:
    """How long it has been due, or when it is."""
    seconds = int((at - due).total_seconds())
    if seconds < 0:
        return f"due {due:%Y-%m-%d %H:%M:%S}"
    minutes, seconds = divmod(seconds, 60)
    return f"due {minutes // 60}:{minutes % 60:02}:{seconds:02} ago"
