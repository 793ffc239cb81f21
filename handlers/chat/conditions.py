"""Officers' commands about whether the way is clear: go/no-go lists and the board of routes, shown and proposed."""

from crypto.encoding import b64u
from crypto.notice import Route
from handlers.chat.officers import Nested, age, dropped, span
from handlers.chat.turn import VANISH, Turn
from relay import board, conditions, movements, proposals
from relay.auth import OfficerDevice
from relay.errors import Kind, RelayError


def listed(turn: Turn, officer: OfficerDevice) -> None:
    """A movement's list; with more words, what is to become of one condition."""
    if dropped(turn, "/conditions AIR-07"):
        return
    code, *words = turn.arguments
    if words:
        _propose(turn, officer, "condition", code, words)
        return
    try:
        listing = conditions.listed(turn.tx, officer, movements.named(turn.tx, officer, code), turn.now)
    except RelayError as error:
        _unless_missing(turn, error)
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
        _propose(turn, officer, "status", route, words)
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
    turn.say("officer-board" if lines else "officer-board-none", {"then": lines}, vanish_after=VANISH)


def _propose(turn: Turn, officer: OfficerDevice, kind: str, subject: str, words: list[str]) -> None:
    said = {"kind": kind, "subject": subject, "words": " ".join(words).lower()}
    try:
        proposal = proposals.propose(turn.tx, officer, turn.now, **said)
    except RelayError as error:
        _unless_missing(turn, error)
        return
    turn.say("officer-proposed", {"proposal": b64u(proposal)[:8]}, vanish_after=VANISH)


def _unless_missing(turn: Turn, error: RelayError) -> None:
    """Says that there is no such code. Raises any other error."""
    if error.kind is not Kind.MISSING:
        raise error
    turn.say("officer-movement-unknown", vanish_after=VANISH)
