"""What officers proposed in the chat, where a hijacked account can propose but never decide."""

import re

from crypto.roster import Role
from desk import cases, conditions, outcomes
from desk.answers import Answer
from desk.errors import DeskError
from desk.office import Desk

CODE = "[A-Z0-9][A-Z0-9-]{0,23}"
HOURS = "[1-9][0-9]{0,2}h"
"""How long it holds."""


def _any(*words: str) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


FORMS = {
    "fact": f"{_any(*cases.FACTS)} {_any(*cases.ANSWERS)}(?: estimated)?",
    "intent": _any(*cases.INTENTS),
    "vet": f"{_any(*cases.REASONS['confirm'])}?",
    "assign": CODE,
    "offboard": "",
    "condition": f"{_any(*conditions.CONDITIONS)} {_any(*conditions.STATES)} {_any(*conditions.GRADES)}(?: {HOURS})?",
    "status": f"{_any(*conditions.STATUSES)} {_any(*conditions.GRADES)} {HOURS}",
    "step": _any("open", "call", "depart", "arrive"),
    "outcome": f"{CODE} {_any(*(each.replace('_', '-') for each in outcomes.OUTCOMES))}",
    "offer": CODE,
    "lend": "[1-9][0-9]{0,4}",
    "cancel": "",
    "threat": "",
}
"""By kind of proposal: the words that it may have."""
SIGNED = {
    "offboard": "roster remove {subject} --medium …",
    "offer": "notice draft --movement {words} --to {subject} …",
    "lend": "movement lend {subject} OFFICE {words} --until …",
    "cancel": "movement cancel {subject} (its notices first: notice cancel ID)",
    "threat": "notice seal {subject}",
}
"""What confirming alone does not do, and the command that does."""


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
    if kind not in FORMS or not re.fullmatch(FORMS[kind], words):
        raise DeskError(
            "A proposal is not of a kind that this desk knows.",
            "Relay and desk may be of different versions; turn it down with --reject, or bring the desk up to date.",
            "bad_answer",
        )
    return f"{cases.code(wish.text('subject'))}: {kind} {words}".rstrip()


def left(kind: str, subject: str, words: str) -> str:
    """What a confirmed proposal leaves to be signed, and how; nothing where it is done."""
    if kind not in SIGNED:
        return ""
    command = "notice cancel {subject}" if kind == "cancel" and subject.isdecimal() else SIGNED[kind]
    return f"nothing has changed yet; sign it now: qasid-desk {command.format(subject=subject, words=words)}"
