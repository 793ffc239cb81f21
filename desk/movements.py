"""Movements: code names, seats and times. The relay keeps the seat ledger; places and names never come near it."""

from crypto.encoding import b64u
from crypto.notice import Route
from crypto.roster import Role
from desk.answers import Answer
from desk.errors import DeskError, UsageError
from desk.office import Desk


def parse_route(text: str) -> Route:
    """`AIR`, `LAND-PK`, … or `none`. Raises UsageError."""
    try:
        return Route[text.upper().replace("-", "_")]
    except KeyError as unknown:
        raise UsageError(
            f"There is no route {text!r}.",
            f"The routes are {', '.join(route_name(route) for route in Route)}.",
        ) from unknown


def route_name(route: Route) -> str:
    return route.name.replace("_", "-")


def make(desk: Desk, code: str, route: Route, departs_at: int, seats: int) -> Answer:
    desk.require(Role.COORDINATOR, "open a movement")
    body = {"code": code, "route": int(route), "departs_at": departs_at, "seats": seats}
    return Answer(desk.relay.post("/movements", body))


def listed(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/movements")).many("movements")


def movement_id(desk: Desk, code: str) -> str:
    """The id of the open movement with this code name. Raises DeskError."""
    for row in listed(desk):
        if row.text("code") == code and row.text("state") != "cancelled":
            return b64u(row.octets("movement", 16))
    raise DeskError(f"There is no open movement {code!r}.", "See `qasid-desk movement list`, or open one.")
