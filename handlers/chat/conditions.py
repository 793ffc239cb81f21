"""Officers' commands about whether the way is clear: go/no-go lists and the board of routes, shown and proposed."""

from crypto.notice import Route
from handlers.chat.officers import Nested, age, dropped, span, unless_missing
from handlers.chat.proposing import MOVEMENT, propose
from handlers.chat.turn import VANISH, Turn
from relay import board, conditions, movements
from relay.auth import OfficerDevice
from relay.errors import RelayError


def listed(turn: Turn, officer: OfficerDevice) -> None:
    """A movement's list; with more words, what is to become of one condition."""
    if dropped(turn, "/conditions AIR-07"):
        return
    code, *words = turn.arguments
    if words:
        propose(turn, officer, "condition", code, " ".join(words).lower(), unknown=MOVEMENT)
        return
    try:
        listing = conditions.listed(turn.tx, officer, movements.named(turn.tx, officer, code), turn.now)
    except RelayError as error:
        unless_missing(turn, error, MOVEMENT)
        return
    lines: list[Nested] = [
        {
            "key": "officer-condition-lacks" if each.lacks else "officer-condition",
            "condition": {"key": f"condition-{each.condition}"},
            "state": {
                "key": "state-doubt" if each.state == "green" and each.lacks else f"state-{each.state}"
            },
            "grade": {"key": f"grade-{each.grade}" if each.grade else "nothing"},
            "age": age(each.as_of, turn.now),
            "left": span(each.expires - turn.now) if each.expires else {"key": "nothing"},
            "lacks": {"key": f"lacks-{each.lacks}" if each.lacks else "nothing"},
        }
        for each in listing.conditions
    ]
    route = {"key": f"route-{listing.route or 'passable'}"}
    go = {"key": "go" if listing.clear else "no-go"}
    turn.say(
        "officer-conditions", {"code": code, "go": go, "route": route, "then": lines}, vanish_after=VANISH
    )


def routes(turn: Turn, officer: OfficerDevice) -> None:
    """How the routes stand; with more words, what is to be put up."""
    if dropped(turn, "/airport"):
        return
    if turn.arguments:
        route, *words = turn.arguments
        propose(turn, officer, "status", route, " ".join(words).lower())
        return
    lines: list[Nested] = [
        {
            "key": "officer-status",
            "route": Route(each.route).name.replace("_", "-"),
            "status": {"key": f"status-{each.status}"},
            "grade": {"key": f"grade-{each.grade}"},
            "age": age(each.as_of, turn.now),
            "left": span(each.expires - turn.now),
            "own": {"key": "said-own" if each.own else "said-other"},
        }
        for each in board.listed(turn.tx, officer, turn.now)
    ]
    turn.say("officer-routes" if lines else "officer-routes-none", {"then": lines}, vanish_after=VANISH)
