"""Whether the way is clear: a movement's go/no-go list and the board of routes, as the relay keeps them in codes."""

from dataclasses import dataclass
from typing import Any, Final

from crypto.notice import Route
from crypto.roster import Role
from desk import cases, movements
from desk.answers import Answer
from desk.errors import DeskError, UsageError
from desk.office import Desk

CONDITIONS: Final = (
    "security",
    "airport",
    "crossing",
    "permit",
    "carrier",
    "reception",
    "medical",
    "weather",
)
STATES: Final = ("green", "red")
STATUSES: Final = ("discussion", "technical", "limited", "open", "closed")
GRADES: Final = ("official", "partner", "media", "rumour")
LACKS: Final = ("unknown", "red", "expired", "unofficial", "closed")


@dataclass(frozen=True)
class Listing:
    """A movement's conditions as documents, and what stops a release: (condition or `route`, why)."""

    rows: list[dict[str, Any]]
    lacking: list[tuple[str, str]]


def listed(desk: Desk, code: str) -> Listing:
    """Raises DeskError."""
    answer = Answer(desk.relay.get(f"/movements/{movements.movement_id(desk, code)}/conditions"))
    return _listing(answer)


def say(
    desk: Desk, code: str, condition: str, state: str, *, grade: str, as_of: int | None, expires: int | None
) -> Listing:
    """Notes what is known of a condition. Raises UsageError, DeskError."""
    desk.require(Role.COORDINATOR, "say how a condition stands")
    said: dict[str, Any] = {
        "condition": cases.word(condition, CONDITIONS, "condition"),
        "state": cases.word(state, STATES, "state"),
        "grade": cases.word(grade, GRADES, "source"),
        "as_of": as_of,
        "expires": expires,
    }
    if (state == "green") != (expires is not None):
        raise UsageError(
            "What is green holds for a time; what is red until something else is said.",
            "Give --for 12h with green, and leave it out with red.",
        )
    path = f"/movements/{movements.movement_id(desk, code)}/conditions"
    return _listing(Answer(desk.relay.post(path, said)))


def board(desk: Desk) -> list[dict[str, Any]]:
    return _board(Answer(desk.relay.get("/board")))


def put_up(
    desk: Desk, route: Route, status: str, *, grade: str, as_of: int | None, expires: int
) -> list[dict[str, Any]]:
    """Says how a route stands, for every office to see. Raises UsageError, DeskError."""
    desk.require(Role.COORDINATOR, "put up how a route stands")
    said = {
        "route": int(route),
        "status": cases.word(status, STATUSES, "status"),
        "grade": cases.word(grade, GRADES, "source"),
        "as_of": as_of,
        "expires": expires,
    }
    return _board(Answer(desk.relay.post("/board", said)))


def check(desk: Desk, code: str) -> None:
    """Raises DeskError when something of the movement is not green: nobody shall set out then."""
    lacking = listed(desk, code).lacking
    if lacking:
        raise DeskError(
            f"The way is not clear for {code}: {', '.join(f'{name} {why}' for name, why in lacking)}.",
            f"Nothing was sent. See `qasid-desk condition list {code}`, and say what is known now.",
            "not_clear",
        )


def _listing(answer: Answer) -> Listing:
    rows: list[dict[str, Any]] = []
    for each in answer.many("conditions"):
        plain = each.plain()
        rows.append(
            {
                "condition": cases.word(each.text("condition"), CONDITIONS, "condition"),
                "state": cases.word(each.text("state"), (*STATES, "unknown"), "state"),
                "grade": plain.get("grade") and cases.word(each.text("grade"), GRADES, "source"),
                "as_of": plain.get("as_of") and each.integer("as_of"),
                "expires": plain.get("expires") and each.integer("expires"),
                "role_code": plain.get("role_code") and cases.code(each.text("role_code")),
                "lacks": plain.get("lacks") and cases.word(each.text("lacks"), LACKS, "reason"),
            }
        )
    lacking = [(row["condition"], row["lacks"]) for row in rows if row["lacks"]]
    if answer.plain().get("route"):
        lacking.append(("route", cases.word(answer.text("route"), LACKS, "reason")))
    return Listing(rows, lacking)


def _board(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "route": movements.route_name(Route(each.integer("route"))),
            "status": cases.word(each.text("status"), STATUSES, "status"),
            "grade": cases.word(each.text("grade"), GRADES, "source"),
            "as_of": each.integer("as_of"),
            "expires": each.integer("expires"),
            "own": each.truth("own"),
        }
        for each in answer.many("statuses")
    ]
