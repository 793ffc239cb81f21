"""Inviting a known contact again, and confirming the new phone: warnings first, then a number that is typed in."""

import sys
from typing import Any, Final

import typer

from desk import mail, newphones
from desk.enrolments import Candidate
from desk.errors import DeskError
from desk.office import Desk
from desk.times import show_age
from desk.voice import Voice

INVITED: Final = (
    "Make a letter for a new phone of {0}? Whoever reads it first can ask to take their place. Once two officers "
    "confirmed that phone by its number, the old one is theirs no more, what waits for it is destroyed, and nothing "
    "of the old history reaches the new one."
)
ASKED: Final = (
    "A NEW PHONE FOR {0}. It asks to take the place of the one they have, {1}. Whoever read the letter can ask.\n"
    "Call them by a way you know. Let them read the number on the new phone to you, and type it here. It takes two "
    "officers; then the old phone is theirs no more, and what waits for it is destroyed."
)
#: What was typed is no number, or another one: nothing was done, and the next phone has its turn.
NOT_IT: Final = ("no_number", "number_differs")


def certify(voice: Voice, desk: Desk, phone: Candidate, said: str) -> dict[str, Any]:
    """What became of it: `first` is who has signed already."""
    first = newphones.signed_by(desk, phone)
    data: dict[str, Any] = {"first": first or None}
    if first and newphones.mine(desk, phone):
        return data | {"outcome": "waits", "why": "you have signed; another officer has to, at another desk"}
    for _, text in mail.fetch(desk).warnings:  # what the old phone wrote is refused once it is replaced
        voice.note(text)
    heard = newphones.heard_at(desk, phone)
    last = f"last heard from {show_age(desk.now() - heard)} ago" if heard else "never heard from here"
    voice.note(ASKED.format(phone.alias, last) + (f" {first} has signed." if first else ""))
    said = said or _typed(voice)
    if not said:
        return data | {"outcome": "skipped", "why": "type the number they read to you: --number"}
    try:
        done = newphones.certify(desk, phone, said)
    except DeskError as wrong:
        if wrong.code not in NOT_IT:
            raise
        return data | {"outcome": "refused", "why": f"{wrong.message} {wrong.hint}"}
    return data | {"outcome": "enrolled" if done else "waits for a second officer", "why": ""}


def _typed(voice: Voice) -> str:
    if voice.as_json or not sys.stdin.isatty():
        return ""
    return str(typer.prompt("The number (nothing: not now)", default="", show_default=False, err=True))
