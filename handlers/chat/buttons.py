"""Officers' buttons: each stands for a command that could be typed, or for the next page of an answer."""

from collections.abc import Mapping

from handlers.chat import people
from handlers.chat.officers import OfficerRule, answer
from handlers.chat.turn import Turn, split
from relay import buttons, links
from relay.errors import RelayError


def press(commands: Mapping[str, OfficerRule], turn: Turn) -> None:
    """A pressed button. One that does not count (any more) does nothing, and says so to whoever presses it."""
    if not turn.data.startswith(buttons.PREFIX):
        people.press(turn)
        return
    officer = links.officer_of(turn.tx, turn.account.id, turn.now)
    try:
        says = buttons.press(
            turn.tx, turn.vault, turn.data, turn.now, account=turn.account.id, officer=officer
        )
    except RelayError:
        officer = None
    if officer is None:
        turn.acknowledge("button-over")
        return
    turn.acknowledge()
    command, argument, after = split(says)
    if after:
        turn.take_away()  # the next page takes the place of this one
    turn.arguments, turn.after = (argument,) if argument else (), after
    answer(turn, officer, commands[command])
