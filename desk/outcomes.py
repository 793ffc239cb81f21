"""Who boarded, who did not come, and who was not taken along; what follows from it."""

from typing import Final

from crypto.roster import Role
from desk.answers import Answer
from desk.errors import UsageError
from desk.movements import movement_id
from desk.office import Desk

OUTCOMES: Final = ("boarded", "no_show", "not_lifted")


def record(desk: Desk, alias: str, code: str, word: str, counts: dict[str, int]) -> None:
    """Says what became of a contact, and with them of their whole party unless counts by outcome are given.

    Raises UsageError.
    """
    desk.require(Role.COORDINATOR, "record who boarded")
    outcome = word.replace("-", "_")
    if outcome not in OUTCOMES:
        raise UsageError(f"There is no outcome {word!r}.", "The outcomes are boarded, no-show, not-lifted.")
    desk.relay.post(
        f"/movements/{movement_id(desk, code)}/outcomes", {"alias": alias, "outcome": outcome} | counts
    )


def board(desk: Desk, code: str) -> list[Answer]:
    """Planned, held, accepted and boarded per office."""
    return Answer(desk.relay.get(f"/movements/{movement_id(desk, code)}/board")).many("offices")


def rolled_over(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/rollovers")).many("rollovers")


def checks(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/safety-checks")).many("checks")


def close(desk: Desk, alias: str) -> None:
    desk.relay.post(f"/safety-checks/{alias}/close", {})
