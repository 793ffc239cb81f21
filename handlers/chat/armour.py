"""Armour in the chat: what a phone hands in and asks for when the app's address is out of its reach.

Whether a device is known is told to its own person's account alone: every other account gets one and the same answer.
"""

from crypto.armour import REQUESTS, Kind, undress
from handlers.api.rates import ARMOUR_DEVICES
from handlers.chat.people import VANISH
from handlers.chat.turn import Turn
from relay import armour
from relay.armour import Asked
from relay.errors import Kind as ErrorKind
from relay.errors import RelayError, checked

#: A new one, made now, may be taken.
LATE = frozenset({"stale", "replayed", "clock_wrong", "expired"})


def taken(turn: Turn) -> None:
    """A sealed text or document, which leaves the chat at once."""
    turn.take_away()
    turn.say("armour-often" if turn.often else _answer(turn), vanish_after=VANISH)


def _answer(turn: Turn) -> str:
    try:
        found = _found(turn)
        if found is None:
            return "armour-part"
        if found[0] not in REQUESTS:
            return "armour-yours"
    except RelayError:
        return "armour-damaged"
    try:
        asked = armour.admit(turn.tx, *found, turn.now)
    except RelayError:
        return "armour-received"
    own = armour.is_own(turn.tx, turn.account.id, asked.who)
    try:
        answer = _carry_out(turn, asked)
    except RelayError as error:
        if error.kind is ErrorKind.UNAVAILABLE:
            raise  # the update is tried again
        answer = "armour-late" if error.code in LATE else "armour-refused"
    return answer if own else "armour-received"


def _found(turn: Turn) -> tuple[Kind, bytes] | None:
    if turn.document is None:
        return armour.whole(turn.tx, turn.vault, turn.account.id, turn.text, turn.now)
    with checked():
        return undress(turn.document)


def _carry_out(turn: Turn, asked: Asked) -> str:
    if not turn.rates.allows(ARMOUR_DEVICES, asked.who.device.hex()):
        return "armour-often"
    waiting = armour.carry_out(turn.tx, asked, turn.account.id, turn.now)
    if waiting is None:
        return "armour-taken"
    for named in (waiting.rosters, *waiting.letters):
        if named is not None:
            turn.say(armour.LETTER, named, vanish_after=VANISH)
    if not waiting.letters:
        return "armour-none"
    return "armour-more" if waiting.more else "armour-letters"
