"""Finding words in what this desk can open: names, aliases, messages, notices. Nothing is asked of the relay.

Letters that one and the same name is written with are one letter here: Arabic ي and Persian ی, ك and ک, with or
without vowel signs, joiners, hamzas, in either's digits, in any case.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from desk import people
from desk.errors import UsageError
from desk.office import Desk

AROUND: Final = 60
ALIKE: Final = str.maketrans("يىېۍكګڬةۀھہ", "ییییکگگهههه")


class _Letters(dict[int, str]):
    """What each letter counts as; filled as letters are met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        kind = unicodedata.category(letter)
        if kind in ("Mn", "Me", "Cf") or letter == "ـ":
            value = ""
        elif kind == "Nd":
            value = str(unicodedata.decimal(letter))
        elif kind[0] in "LN":
            value = letter.translate(ALIKE)
        else:
            value = " "
        self[code] = value
        return value


_LETTERS: Final = _Letters()


@dataclass(frozen=True)
class Hit:
    """Where the words were found. `at` in unix seconds, 0 for what has no time; `number` is a message's."""

    what: str
    alias: str
    name: str
    text: str
    at: int = 0
    number: int = 0


def fold(text: str) -> str:
    """`text` as it is compared."""
    return unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)


def search(desk: Desk, words: Iterable[str]) -> list[Hit]:
    """Everything all the words occur in, people first, then the newest. Raises UsageError for no words."""
    wanted = [word for each in words for word in fold(each).split()]
    if not wanted:
        raise UsageError(
            "There is nothing to search for.", "Give words, or - and the words on standard input."
        )
    hits = [hit for hit, text in _everything(desk) if _holds(fold(text), wanted)]
    return sorted(hits, key=lambda hit: (hit.what != "person", -hit.at))


def excerpt(text: str, words: Iterable[str]) -> str:
    """One line of `text` around the first of the words."""
    wanted = [word for each in words for word in fold(each).split()]
    flat = " ".join(text.split())
    place = next((at for at in range(len(flat)) if _begins(fold(flat[at : at + AROUND]), wanted)), 0)
    start, end = max(0, place - AROUND), place + AROUND
    return ("…" if start else "") + flat[start:end] + ("…" if end < len(flat) else "")


def _holds(text: str, wanted: list[str]) -> bool:
    return all(word in text for word in wanted)


def _begins(text: str, wanted: list[str]) -> bool:
    return any(text.startswith(word) for word in wanted)


def _everything(desk: Desk) -> Iterator[tuple[Hit, str]]:
    """Each thing with the text it is found by; a message also by the name of whom it was exchanged with."""
    state = desk.state
    aliases = people.aliases(desk)
    for contact, person in state.people.items():
        alias = aliases.get(contact, "")
        yield Hit("person", alias, person.name, person.note), f"{alias} {person.name} {person.note}"
    for contact, held in state.contacts.items():
        if contact not in state.people:
            yield Hit("person", held.alias, "", ""), held.alias
    for contact, told in state.files.items():
        alias, name = aliases.get(contact, ""), people.name_of(desk, contact)
        for code, field in told.items():
            yield Hit("case file", alias, name, field.text, field.at), f"{alias} {code} {field.text}"
    for message in state.messages:
        name = people.name_of(desk, message.contact)
        yield (
            Hit("message", message.party, name, message.text, message.sent_at, message.id),
            f"{message.party} {message.status} {message.text}",
        )
    for notice in state.notices.values():
        if notice.place:
            yield Hit("notice", "", "", notice.place), notice.place
