"""/consents: which offices have not acknowledged that something was taken back; whose it is, the desk tells."""

from handlers.chat.officers import MOST_WAITING, Nested, age, dropped, next_, page
from handlers.chat.turn import VANISH, Turn
from relay import disclosures
from relay.auth import OfficerDevice
from relay.disclosures import Laggard


def consents(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/consents"):
        return
    found = disclosures.laggards(turn.tx, officer)
    ours = disclosures.waiting(turn.tx, officer)
    shown, more = page(found, _order, turn.after, MOST_WAITING)
    params: Nested = {
        "count": str(sum(each.waiting.count for each in found)),
        "ours": str(ours.count),
        "age": age(ours.oldest, turn.now),
        "then": [
            {
                "key": "officer-laggard",
                "office": each.office,
                "count": str(each.waiting.count),
                "age": age(each.waiting.oldest, turn.now),
            }
            for each in shown
        ],
        "buttons": next_(turn, officer, "consents", more),
    }
    turn.say("officer-consents", params, vanish_after=VANISH)


def _order(each: Laggard) -> str:
    return f"{each.waiting.oldest}{each.office}"
