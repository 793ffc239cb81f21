"""/household: one in numbers and codes."""

from datetime import datetime

from handlers.chat.officers import Nested, age, dropped, unless_missing
from handlers.chat.turn import VANISH, Turn
from relay import assignments, caseviews
from relay.auth import OfficerDevice
from relay.caseviews import MemberView
from relay.errors import RelayError
from relay.facts import FactView

#: As the language names itself.
NAMES = {"": "nothing", "en": "button-english", "fa-AF": "button-dari", "ps-AF": "button-pashto"}


def household(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/household H-4821"):
        return
    try:
        view = caseviews.show(turn.tx, officer, turn.arguments[0], turn.now)
    except RelayError as error:
        unless_missing(turn, error)
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
