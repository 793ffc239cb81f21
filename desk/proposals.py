"""What officers proposed in the chat, where a hijacked account can propose but never decide."""

from crypto.roster import Role
from desk import cases, conditions
from desk.answers import Answer
from desk.errors import DeskError
from desk.office import Desk

HOURS = tuple(f"{hours}h" for hours in range(1, 1000))
"""How long it holds."""
FORMS: dict[str, tuple[range, tuple[tuple[str, ...], ...]]] = {
    "fact": (range(2, 4), (cases.FACTS, cases.ANSWERS, ("estimated",))),
    "intent": (range(1, 2), (cases.INTENTS,)),
    "vet": (range(2), (cases.REASONS["confirm"],)),
    "condition": (range(3, 5), (conditions.CONDITIONS, conditions.STATES, conditions.GRADES, HOURS)),
    "status": (range(3, 4), (conditions.STATUSES, conditions.GRADES, HOURS)),
}
"""By kind of proposal: how many words it has, and which each may be."""


CODED = {"assign": 2, "offboard": 1}
"""Those about codes alone, and how many."""


def listed(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/proposals")).many("proposals")


def decide(desk: Desk, proposal: str, *, confirm: bool, reason: str = "") -> None:
    """`reason`: what the officer relies on who confirms a vetting."""
    desk.require(Role.COORDINATOR | Role.CASEWORKER, "decide on proposals")
    said = {"decision": "confirm" if confirm else "reject", "reason": reason}
    desk.relay.post(f"/proposals/{proposal}", said)


def describe(wish: Answer) -> str:
    """`H-48213: fact ready yes`, or `invite`. Raises DeskError for what this desk does not know."""
    kind, words = wish.text("kind"), wish.text("words", "")
    if kind == "invite":
        return kind
    if kind in CODED:
        codes = [cases.code(each) for each in (wish.text("subject"), *words.split())]
        if len(codes) == CODED[kind]:
            return f"{codes[0]}: {' '.join([kind, *codes[1:]])}"
    said = words.split()
    fits, allowed = FORMS.get(kind, (range(0), ()))
    if len(said) not in fits or any(word not in of for word, of in zip(said, allowed, strict=False)):
        raise DeskError(
            "A proposal is not of a kind that this desk knows.",
            "Relay and desk may be of different versions; turn it down with --reject, or bring the desk up to date.",
            "bad_answer",
        )
    return f"{cases.code(wish.text('subject'))}: {' '.join([kind, *said])}"
