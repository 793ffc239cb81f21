"""The desk's own address book: who an alias is. Names stand in the sealed state; a handover alone passes them on."""

import re
import unicodedata
from typing import Final

from crypto.encoding import b64u
from desk.errors import UsageError
from desk.office import Desk
from desk.plaintext import JOINERS, check
from desk.state import Person

LONGEST: Final = 120
FORMULA: Final = "=+-@"


def clean(text: str, what: str = "the name", longest: int = LONGEST) -> str:
    """`text` in one form (NFC, single spaces). Raises UsageError that says what is wrong, without repeating it."""
    text = unicodedata.normalize("NFC", " ".join(text.split(" "))).strip()
    text = re.sub(" +", " ", text)
    if not text:
        raise UsageError(f"{what} is empty", "Write the name.")
    if len(text) > longest:
        raise UsageError(f"{what} has {len(text)} characters; at most {longest}", "Shorten it.")
    if text[0] in FORMULA:
        raise UsageError(f"{what} begins with {text[0]}, as a spreadsheet's formula does", "Type it anew.")
    check(text, what)
    return text


def same(one: Person, name: str, note: str) -> bool:
    """Whether it is that person, by what is written of them."""
    return key(one.name, one.note) == key(name, note)


def key(name: str, note: str) -> str:
    """What two lines share that mean one person."""
    return f"{fold(name)}\0{fold(note)}"


def fold(text: str) -> str:
    """For comparing only: compatibility forms, case and joiners are told apart no more."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter not in JOINERS
    )


def name_of(desk: Desk, contact: bytes | str) -> str:
    """The name of a contact id; empty for nobody this desk knows by name."""
    person = desk.state.people.get(contact if isinstance(contact, str) else b64u(contact))
    return person.name if person else ""


def put(desk: Desk, contact: bytes, name: str, note: str) -> None:
    desk.state.people[b64u(contact)] = Person(name, note)


def forget(desk: Desk, contact: bytes) -> bool:
    """Says whether there was a name."""
    return desk.state.people.pop(b64u(contact), None) is not None


def aliases(desk: Desk) -> dict[str, str]:
    """Contact id -> alias, of contacts and of letters that are out."""
    out = {b64u(letter.contact): letter.alias for letter in desk.state.letters.values()}
    return out | {name: held.alias for name, held in desk.state.contacts.items()}
