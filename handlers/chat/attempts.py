"""/notreached: whom nobody reached; it only shows."""

from handlers.chat.officers import MOST_WAITING, Nested, age, dropped, next_, page
from handlers.chat.turn import VANISH, Turn
from relay import attempts
from relay.attempts import NotReached
from relay.auth import OfficerDevice


def notreached(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/notreached"):
        return
    found = attempts.not_reached(turn.tx, officer, turn.now)
    shown, more = page(found, _order, turn.after, MOST_WAITING)
    params: Nested = {
        "count": str(len(found)),
        "then": [
            {
                "key": "officer-tried",
                "alias": each.alias,
                "since": age(each.since, turn.now),
                "age": age(each.last, turn.now),
                "count": str(each.tries),
                "role": each.assigned or {"key": "nothing"},
            }
            for each in shown
        ],
        "buttons": next_(turn, officer, "notreached", more),
    }
    turn.say("officer-notreached", params, vanish_after=VANISH)


def _order(each: NotReached) -> str:
    return f"{int(each.since.timestamp()):010d}{each.alias}"
