"""Of whom a movement was made up: countries, offices and who is linked to them, in numbers alone."""

from typing import Any, Final

from crypto.country import COUNTRIES
from crypto.encoding import b64u, unb64u
from crypto.errors import Malformed
from crypto.roster import Role
from desk import cases, movements, partners
from desk.answers import Answer
from desk.errors import DeskError, UsageError
from desk.office import Desk

STAGES: Final = ("planned", "boarded", "arrived")
LINKED: Final = "linked"
TOTAL: Final = "total"
OFFICE: Final = "office:"
"""What an office's name at this desk is written after, so that none is taken for a country."""
OWN: Final = "us"
MOST: Final = 100_000


def say(
    desk: Desk, code: str, party: str, stage: str, people: int | None, *, approximate: bool
) -> dict[str, Any]:
    """Notes how many of a party were at a stage; None: nobody knows. Raises UsageError, DeskError."""
    desk.require(Role.COORDINATOR, "say of whom a movement was made up")
    if people is not None and not 0 <= people <= MOST:
        raise UsageError(f"A count is 0 to {MOST}.", "Count again; for what nobody knows give --unknown.")
    if people is None and approximate:
        raise UsageError("What is unknown is not approximate.", "Give one of the two.")
    said = {
        "party": _party(desk, party),
        "stage": cases.word(stage, STAGES, "stage"),
        "people": people,
        "approximate": approximate,
    }
    path = f"/movements/{movements.movement_id(desk, code)}/composition"
    return _composition(desk, Answer(desk.relay.post(path, said)))


def show(desk: Desk, code: str, *, shared: bool) -> dict[str, Any]:
    """One movement's; `shared`: as it may leave the coordinators."""
    path = f"/movements/{movements.movement_id(desk, code)}/composition"
    return _composition(desk, Answer(desk.relay.get(path, shared=_yes(shared))))


def since(desk: Desk, departed: int, *, shared: bool) -> dict[str, Any]:
    """All movements of this office that depart from then on, added up."""
    return _composition(desk, Answer(desk.relay.get("/compositions", departed=departed, shared=_yes(shared))))


def _yes(shared: bool) -> str:
    return "yes" if shared else "no"


def _party(desk: Desk, given: str) -> str:
    if given.startswith(OFFICE):
        name = given.removeprefix(OFFICE)
        return b64u(desk.office if name == OWN else partners.named(desk, name).office)
    word = given.upper() if given.upper() in COUNTRIES else given.lower()
    if word in COUNTRIES or word in (LINKED, TOTAL):
        return word
    raise UsageError(
        f"{given!r} is no country's code.",
        f"Give three letters of ISO 3166-1 (AFG, FRA, NLD), {OFFICE}NAME (`office list`), {LINKED} or {TOTAL}.",
    )


def _composition(desk: Desk, answer: Answer) -> dict[str, Any]:
    return {
        "movements": answer.integer("movements"),
        "shared": answer.truth("shared"),
        "cells": [_cell(desk, each) for each in answer.many("cells")],
    }


def _cell(desk: Desk, row: Answer) -> dict[str, Any]:
    people = None if row.plain().get("people") is None else row.integer("people")
    return {
        "party": _called(desk, row.text("party")),
        "stage": cases.word(row.text("stage"), STAGES, "stage"),
        "people": people,
        "approximate": row.truth("approximate"),
        "unknown": row.truth("unknown"),
        "hidden": row.truth("hidden"),
    }


def _called(desk: Desk, party: str) -> str:
    if party in COUNTRIES or party in (LINKED, TOTAL):
        return party
    try:
        return f"{OFFICE}{partners.called(desk, unb64u(party, 32))}"
    except Malformed:
        raise DeskError(
            "The relay's answer names a party that this desk does not know.",
            "Relay and desk may be of different versions.",
            "bad_answer",
        ) from None
