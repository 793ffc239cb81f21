"""/duty: the officer's own bell, and nobody else's."""

from handlers.chat.officers import Nested, age, dropped
from handlers.chat.turn import VANISH, Turn
from relay import duty as rules
from relay.auth import OfficerDevice


def duty(turn: Turn, officer: OfficerDevice) -> None:
    """/duty shows it, /duty on and /duty off change it."""
    if dropped(turn, "/duty off"):
        return
    if turn.arguments:
        view = rules.set_(turn.tx, officer, on=turn.arguments[0].upper() == "ON", now=turn.now)
    else:
        view = rules.show(turn.tx, officer, turn.now)
    params: Nested = {"count": str(view.others)}
    if not view.on:
        params["age"] = age(view.since, turn.now)
    other = "off" if view.on else "on"
    params["buttons"] = [turn.button(officer, {"key": f"button-duty-{other}"}, "duty", other.upper())]
    turn.say("officer-duty-on" if view.on else "officer-duty-off", params, vanish_after=VANISH)
