"""What officers propose: it is noted, and said what a desk does about it. Nothing changes here."""

from crypto.encoding import b64u
from handlers.chat.officers import dropped, unless_missing
from handlers.chat.turn import VANISH, Turn
from relay import proposals, wishes
from relay.auth import OfficerDevice
from relay.errors import RelayError

MOVEMENT = "officer-movement-unknown"


def propose(
    turn: Turn,
    officer: OfficerDevice,
    kind: str,
    subject: str,
    words: str = "",
    *,
    unknown: str = "officer-case-unknown",
) -> None:
    """Note the proposal; `unknown` is said when there is no such code."""
    said = {"kind": kind, "subject": subject, "words": words}
    try:
        proposal = proposals.propose(turn.tx, officer, turn.now, **said)
    except RelayError as error:
        unless_missing(turn, error, unknown)
        return
    key = "officer-to-sign" if kind in wishes.AT_DESK else "officer-proposed"
    turn.say(key, {"proposal": b64u(proposal)[:8]}, vanish_after=VANISH)


def invite(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/invite"):
        return
    proposal = proposals.propose(turn.tx, officer, turn.now)
    turn.say("officer-invite", {"proposal": b64u(proposal)[:8]}, vanish_after=VANISH)


def assign(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/assign H-4821 W-02"):
        propose(turn, officer, "assign", *turn.arguments)


def offboard(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/offboard W-02"):
        propose(turn, officer, "offboard", *turn.arguments)


def fact(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/fact H-4821 ready yes"):
        _of_household(turn, officer, "fact")


def intent(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/intent H-4821 wants"):
        _of_household(turn, officer, "intent")


def vet(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/vet H-4821 papers"):
        _of_household(turn, officer, "vet")


def lend(turn: Turn, officer: OfficerDevice) -> None:
    """To which office, and until when, is said at the desk: a name could be typed here."""
    if not dropped(turn, "/lend AIR-07 12"):
        propose(turn, officer, "lend", *turn.arguments, unknown=MOVEMENT)


def offer(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/offer AIR-07 K-4821"):
        return
    code, alias = turn.arguments
    propose(turn, officer, "offer", alias, code)


def outcome(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/outcome AIR-07 K-4821 boarded"):
        return
    code, alias, word = turn.arguments
    propose(turn, officer, "outcome", alias, f"{code} {word.lower()}")


def cancel(turn: Turn, officer: OfficerDevice) -> None:
    """A notice by its number, or a departure by its code."""
    if not dropped(turn, "/cancel AIR-07"):
        propose(turn, officer, "cancel", *turn.arguments, unknown=MOVEMENT)


def threat(turn: Turn, officer: OfficerDevice) -> None:
    """The alert is written and approved at desks; /approve shows its number."""
    if not dropped(turn, "/threat 4821733905"):
        propose(turn, officer, "threat", *turn.arguments, unknown=MOVEMENT)


def _of_household(turn: Turn, officer: OfficerDevice, kind: str) -> None:
    alias, *words = turn.arguments
    propose(turn, officer, kind, alias, " ".join(words).lower())
