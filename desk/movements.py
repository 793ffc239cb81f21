"""Movements: code names, seats and times. The relay keeps the seat ledger; places and names never come near it."""

from dataclasses import asdict, dataclass

from crypto.encoding import b64u
from crypto.notice import Route
from crypto.roster import Role
from desk.answers import Answer
from desk.errors import DeskError, UsageError
from desk.office import Desk


@dataclass(frozen=True)
class Form:
    """A movement to be opened; `planned`: its seats are not offered before it is opened."""

    code: str
    route: Route
    departs_at: int
    seats: int
    planned: bool = False


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


def make(desk: Desk, form: Form) -> Answer:
    desk.require(Role.COORDINATOR, "open a movement")
    return Answer(desk.relay.post("/movements", asdict(form) | {"route": int(form.route)}))


def listed(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/movements")).many("movements")


def movement_id(desk: Desk, code: str) -> str:
    """The id of the movement with this code name, the own office's or one it has seats on. Raises DeskError."""
    return b64u(find(desk, code).octets("movement", 16))


def find(desk: Desk, code: str) -> Answer:
    """The movement of this code name, or with this id: two offices may use one code. Raises DeskError."""
    rows = listed(desk)
    found = [row for row in rows if row.text("code") == code.upper() and row.text("state") != "cancelled"]
    found = found or [row for row in rows if b64u(row.octets("movement", 16)) == code]
    if not found:
        raise DeskError(
            f"There is no open movement {code!r}.", "See `qasid-desk movement list`, or open one."
        )
    if len(found) > 1:
        ids = ", ".join(b64u(row.octets("movement", 16)) for row in found)
        raise DeskError(
            f"Two offices have a movement {code!r}.", f"Name it by its id instead of its code: {ids}."
        )
    return found[0]


def step(desk: Desk, code: str, word: str) -> str:
    """Open, call, depart or arrive; the state it is in then."""
    desk.require(Role.COORDINATOR, f"{word} a movement")
    body = {"step": word}
    return Answer(desk.relay.post(f"/movements/{movement_id(desk, code)}/step", body)).text("state")


def cancel(desk: Desk, code: str) -> None:
    desk.require(Role.COORDINATOR, "call a movement off")
    desk.relay.post(f"/movements/{movement_id(desk, code)}/cancel", {})


def silent(desk: Desk, code: str) -> list[Answer]:
    """Who has not answered an offer, the next hold to end first."""
    return Answer(desk.relay.get(f"/movements/{movement_id(desk, code)}/silent")).many("silent")


def standby(desk: Desk, code: str) -> list[Answer]:
    """Who waits for a seat, in the order of calling."""
    return Answer(desk.relay.get(f"/movements/{movement_id(desk, code)}/standby")).many("standby")
