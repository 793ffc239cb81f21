"""Whom nothing rings though mail waits for them: people to telephone."""

from dataclasses import dataclass
from typing import Final

from desk import cases
from desk.answers import Answer
from desk.office import Desk

WHY: Final = {
    "no_account": "no chat with the bot",
    "blocked": "blocked the bot",
    "paused": "asked for silence",
    "refused": "Telegram refuses the ring",
    "late": "the ring has not gone out",
}


@dataclass(frozen=True)
class Unrung:
    """`why` is one of WHY; `since` and `tried_at` in unix seconds."""

    alias: str
    why: str
    since: int
    urgent: bool
    departure: bool
    tried_at: int | None
    assigned: str | None


def listed(desk: Desk) -> list[Unrung]:
    """The own office's, departures first. Raises DeskError where the desk's officer sees no contacts."""
    desk.require(cases.KEEPERS, "see contacts")
    return [_read(row) for row in Answer(desk.relay.get("/unrung")).many("contacts")]


def _read(row: Answer) -> Unrung:
    plain = row.plain()
    return Unrung(
        alias=cases.code(row.text("alias")),
        why=cases.word(row.text("why"), tuple(WHY), "reason"),
        since=row.integer("since"),
        urgent=row.truth("urgent"),
        departure=row.truth("departure"),
        tried_at=None if plain.get("tried_at") is None else row.integer("tried_at"),
        assigned=None if plain.get("assigned") is None else cases.code(row.text("assigned")),
    )
