"""/assign and /offboard: both propose; a desk confirms the one, and the office's root signs the other."""

from crypto.encoding import b64u
from handlers.chat.officers import dropped
from handlers.chat.turn import VANISH, Turn
from relay import proposals
from relay.auth import OfficerDevice
from relay.errors import Kind, RelayError


def assign(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/assign H-4821 W-02"):
        return
    alias, role_code = turn.arguments
    _propose(turn, officer, "assign", alias, role_code)


def offboard(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/offboard W-02"):
        return
    _propose(turn, officer, "offboard", turn.arguments[0])


def _propose(turn: Turn, officer: OfficerDevice, kind: str, subject: str, words: str = "") -> None:
    said = {"kind": kind, "subject": subject, "words": words}
    try:
        proposal = proposals.propose(turn.tx, officer, turn.now, **said)
    except RelayError as error:
        if error.kind is not Kind.MISSING:
            raise
        turn.say("officer-case-unknown", vanish_after=VANISH)
        return
    key = "officer-offboard" if kind == "offboard" else "officer-proposed"
    turn.say(key, {"proposal": b64u(proposal)[:8]}, vanish_after=VANISH)
