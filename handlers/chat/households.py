"""Officers' commands about households: they show numbers and codes, and propose what a device is to confirm."""

from datetime import datetime

from crypto.encoding import b64u
from handlers.chat.officers import Nested, age, dropped
from handlers.chat.turn import VANISH, Turn
from relay import assignments, caseviews, proposals
from relay.auth import OfficerDevice
from relay.caseviews import MemberView
from relay.errors import Kind, RelayError
from relay.facts import FactView

#: As the language names itself.
NAMES = {"": "nothing", "en": "button-english", "fa-AF": "button-dari", "ps-AF": "button-pashto"}


def household(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/household H-4821"):
        return
    try:
        view = caseviews.show(turn.tx, officer, turn.arguments[0], turn.now)
    except RelayError as error:
        _unless_missing(turn, error)
        return
    params = {
        "alias": view.alias,
        "state": {"key": f"household-{view.reason or view.state}"},
        "adults": str(view.adults),
        "minors": str(view.minors),
        "needs": {
            "list": [{"key": f"need-{need}"} for need in view.needs] or [{"key": "nothing"}],
            "between": " + ",
        },
        "preferred": {"key": f"prefer-{view.preferred_officer}"},
        "language": {"key": NAMES[view.language]},
        "intent": {"key": f"intent-{view.intent}" if view.intent else "answer-unknown"},
        "role": assignments.listed(turn.tx, officer).get(view.alias) or {"key": "nothing"},
        "verified": {"key": f"vet-{view.verification.state}"},
        "then": [
            *(_minor(each) for each in view.members if each.kind == "minor"),
            *(_fact(each, turn.now) for each in view.facts),
        ],
    }
    turn.say("officer-household", params, vanish_after=VANISH)


def fact(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/fact H-4821 ready yes"):
        _propose(turn, officer, "fact")


def intent(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/intent H-4821 wants"):
        _propose(turn, officer, "intent")


def vet(turn: Turn, officer: OfficerDevice) -> None:
    if not dropped(turn, "/vet H-4821 papers"):
        _propose(turn, officer, "vet")


def _propose(turn: Turn, officer: OfficerDevice, kind: str) -> None:
    alias, *words = turn.arguments
    said = {"kind": kind, "subject": alias, "words": " ".join(words).lower()}
    try:
        proposal = proposals.propose(turn.tx, officer, turn.now, **said)
    except RelayError as error:
        _unless_missing(turn, error)
        return
    params: Nested = {"proposal": b64u(proposal)[:8]}
    turn.say("officer-proposed", params, vanish_after=VANISH)


def _minor(member: MemberView) -> Nested:
    return {
        "key": "officer-minor",
        "member": str(member.member),
        "guardian": str(member.guardian),
        "assent": {"key": f"assent-{member.assent}"},
    }


def _fact(said: FactView, now: datetime) -> Nested:
    estimated = "-estimated" if said.grade == "estimated" else ""
    return {
        "key": "officer-fact",
        "fact": {"key": f"fact-{said.fact}"},
        "answer": {"key": f"answer-{said.answer}{estimated}"},
        "age": age(said.as_of, now),
    }


def _unless_missing(turn: Turn, error: RelayError) -> None:
    """Says that there is no such code. Raises any other error."""
    if error.kind is not Kind.MISSING:
        raise error
    turn.say("officer-case-unknown", vanish_after=VANISH)
