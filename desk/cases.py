"""Households: numbers and codes that the relay keeps. Who they are stands in sealed letters, never here."""

import re
from collections.abc import Sequence
from typing import Any

from crypto.roster import Role
from desk.answers import Answer
from desk.errors import DeskError, UsageError
from desk.office import Desk

KEEPERS = Role.COORDINATOR | Role.CASEWORKER
FACTS = ("requested", "identified", "ready", "documents", "offered")
ANSWERS = ("yes", "no", "unknown")
GRADES = ("known", "estimated")
INTENTS = ("wants", "unsure", "no")
NEEDS = ("mobility", "medical", "infant", "interpreter", "escort")
OFFICERS = ("none", "female", "male")
LANGUAGES = ("en", "fa-AF", "ps-AF")
CLOSINGS = ("arrived", "withdrew", "erased")
REASONS = {
    "claim": ("letter", "self", "partner", "relative"),
    "confirm": ("papers", "voice", "interview", "partner", "witness"),
    "refuse": ("mismatch", "duplicate", "impostor", "unclear"),
    "revoke": ("mismatch", "duplicate", "impostor", "error"),
}
CHECKS = ("claimed", "once", "verified", "refused", "revoked")
STANDINGS = (*CHECKS, "none", "expired")
ASSENTS = ("agreed", "small", "declined", "none")
"""What stands of a minor; PROTOCOL section 8."""

PAGE = 500
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,23}")
_EVERY_REASON = tuple({each for of in REASONS.values() for each in of})


def word(given: str, allowed: Sequence[str], what: str) -> str:
    """A word of a fixed list. Raises UsageError, which names the list."""
    if given not in allowed:
        raise UsageError(f"{given!r} is no {what}.", f"Give one of {', '.join(allowed)}.")
    return given


def code(given: str) -> str:
    """A case's or contact's alias in capitals. Raises UsageError: it becomes part of an address."""
    if not _CODE.fullmatch(given.upper()):
        raise UsageError(f"{given!r} is no code.", "Codes look like H-48213 or K-4821.")
    return given.upper()


def open_(desk: Desk, contact: str, claim: str) -> str:
    """The alias that was drawn."""
    desk.require(KEEPERS, "open a case")
    said = {"contact": code(contact), "claim": word(claim, REASONS["claim"], "reason to claim")}
    return _code(Answer(desk.relay.post("/cases", said)), "alias")


def listed(desk: Desk, *, closed: bool) -> list[dict[str, Any]]:
    """Every case of the office by alias, open ones alone unless `closed`; page by page."""
    desk.require(KEEPERS, "see cases")
    found: list[dict[str, Any]] = []
    while True:
        after = found[-1]["alias"] if found else ""
        query = {"after": after, "limit": PAGE, "closed": "true" if closed else "false"}
        page = [_item(row) for row in Answer(desk.relay.get("/cases", **query)).many("cases")]
        aliases = [after, *[row["alias"] for row in page]]
        if aliases != sorted(set(aliases)):
            raise _bad("order")  # it might go on for ever
        found += page
        if len(page) < PAGE:
            return found


def show(desk: Desk, alias: str) -> dict[str, Any]:
    """One case whole, with its histories."""
    desk.require(KEEPERS, "see cases")
    row = Answer(desk.relay.get(f"/cases/{code(alias)}"))
    return _item(row) | {
        "members": [_member(each) for each in row.many("members")],
        "needs": _needs(row),
        "facts_before": [_fact(each) for each in row.many("facts_before")],
        "intents": [{"intent": _word(each, "intent", INTENTS), **_by(each)} for each in row.many("intents")],
        "checks": [
            {
                "state": _word(each, "state", CHECKS),
                "reason": _word(each, "reason", _EVERY_REASON),
                **_by(each),
            }
            for each in row.many("checks")
        ],
    }


def add_member(desk: Desk, alias: str, *, guardian: int | None, contact: str | None) -> int:
    """A minor when there is a guardian, an adult otherwise; the number given."""
    said: dict[str, Any] = {"kind": "adult" if guardian is None else "minor", "guardian": guardian}
    said["contact"] = None if contact is None else code(contact)
    return Answer(_post(desk, alias, "/members", said)).integer("member")


def remove_member(desk: Desk, alias: str, member: int) -> None:
    _post(desk, alias, f"/members/{member}/remove", {})


def set_needs(
    desk: Desk, alias: str, *, needs: Sequence[str] | None, officer: str | None, language: str | None
) -> None:
    """What is None stays as it is."""
    said = {
        "needs": None if needs is None else [word(each, NEEDS, "need") for each in needs],
        "preferred_officer": None if officer is None else word(officer, OFFICERS, "preferred officer"),
        "language": None if language is None else word(language, LANGUAGES, "language"),
    }
    _post(desk, alias, "/needs", said)


def record(desk: Desk, alias: str, fact: str, answer: str, *, estimated: bool, as_of: int | None) -> None:
    """`as_of` in unix seconds; now when None."""
    said = {"fact": word(fact, FACTS, "fact"), "answer": word(answer, ANSWERS, "answer"), "as_of": as_of}
    if estimated and answer == "unknown":
        raise UsageError("What is unknown is not estimated.", "Leave --estimated out.")
    _post(desk, alias, "/facts", said | {"grade": "estimated" if estimated else None})


def intend(desk: Desk, alias: str, intent: str) -> None:
    _post(desk, alias, "/intents", {"intent": word(intent, INTENTS, "intent")})


def check(desk: Desk, alias: str, step: str, reason: str) -> str:
    """Take a step of verification; where it led."""
    said = {"step": step, "reason": word(reason, REASONS[step], f"reason to {step}")}
    return _word(Answer(_post(desk, alias, "/checks", said)), "state", CHECKS)


def close(desk: Desk, alias: str, reason: str) -> None:
    _post(desk, alias, "/close", {"reason": reason})


def _post(desk: Desk, alias: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    desk.require(KEEPERS, "change a case")
    return desk.relay.post(f"/cases/{code(alias)}{path}", body)


def _item(row: Answer) -> dict[str, Any]:
    standing = row.one("verification")
    return {
        "alias": _code(row, "alias"),
        "state": _word(row, "state", ("open", "closed")),
        "reason": _maybe_word(row, "reason", CLOSINGS),
        "opened_at": row.integer("opened_at"),
        "closed_at": _maybe_number(row, "closed_at"),
        "preferred_officer": _word(row, "preferred_officer", OFFICERS),
        "language": _word(row, "language", ("", *LANGUAGES)),
        "adults": row.integer("adults"),
        "minors": row.integer("minors"),
        "contacts": [code(each) for each in row.many_texts("contacts")],
        "facts": [_fact(each) for each in row.many("facts")],
        "intent": _maybe_word(row, "intent", INTENTS),
        "verification": {
            "state": _word(standing, "state", STANDINGS),
            "since": _maybe_number(standing, "since"),
            "expires": _maybe_number(standing, "expires"),
        },
    }


def _member(row: Answer) -> dict[str, Any]:
    return {
        "member": row.integer("member"),
        "kind": _word(row, "kind", ("adult", "minor")),
        "guardian": _maybe_number(row, "guardian"),
        "contact": None if row.plain().get("contact") is None else _code(row, "contact"),
        "assent": _maybe_word(row, "assent", ASSENTS),
    }


def _needs(row: Answer) -> list[str]:
    found = row.many_texts("needs")
    if not set(found) <= set(NEEDS):
        raise _bad("needs")
    return found


def _fact(row: Answer) -> dict[str, Any]:
    return {
        "fact": _word(row, "fact", FACTS),
        "answer": _word(row, "answer", ANSWERS),
        "grade": _maybe_word(row, "grade", GRADES),
        "as_of": _maybe_number(row, "as_of"),
        "role_code": "" if not row.text("role_code") else _code(row, "role_code"),
        "at": _maybe_number(row, "at"),
    }


def _by(row: Answer) -> dict[str, Any]:
    return {"role_code": _code(row, "role_code"), "at": row.integer("at")}


def _word(row: Answer, name: str, allowed: Sequence[str]) -> str:
    value = row.text(name)
    if value not in allowed:
        raise _bad(name)
    return value


def _maybe_word(row: Answer, name: str, allowed: Sequence[str]) -> str | None:
    return None if row.plain().get(name) is None else _word(row, name, allowed)


def _maybe_number(row: Answer, name: str) -> int | None:
    return None if row.plain().get(name) is None else row.integer(name)


def _code(row: Answer, name: str) -> str:
    value = row.text(name)
    if not _CODE.fullmatch(value):
        raise _bad(name)
    return value


def _bad(name: str) -> DeskError:
    return DeskError(
        f"The relay's answer about a case has no proper {name!r}.",
        "Relay and desk may be of different versions; look at `qasid-desk case show` again before going on.",
        "bad_answer",
    )
