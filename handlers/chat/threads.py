"""/threads: what goes between offices, as counts and ages. With whom, and what, stands at the desk alone."""

from handlers.chat.officers import Nested, age, dropped
from handlers.chat.turn import VANISH, Turn
from relay import threads as rules
from relay.auth import OfficerDevice
from relay.threads import Waiting


def threads(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/threads"):
        return
    view = rules.summary(turn.tx, officer, turn.now)

    def waiting(what: Waiting) -> Nested:
        return {"key": "officer-waiting", "count": str(what.count), "age": age(what.oldest, turn.now)}

    params = {
        "partners": str(view.partners),
        "unread": waiting(view.unread),
        "mediate": waiting(view.mediate),
        "held": waiting(view.held),
        "asked": waiting(view.asked),
        "passed": str(view.passed_on),
        "returned": str(view.returned),
    }
    turn.say("officer-threads", params, vanish_after=VANISH)
