"""Machine-readable lines of travel papers by ICAO 9303: three of a card (TD1, part 5), two of a passport (TD3, part 4).

Names are written as they stand in Latin letters on the paper. What is in another script is never guessed at: whoever
reads the lines would take the guess for the name.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from crypto.country import COUNTRIES
from desk.errors import UsageError

FILLER: Final = "<"
WEIGHTS: Final = (7, 3, 1)
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PASSPORT: Final = "passport"
CARD: Final = "card"
SEXES: Final = {"F": "F", "M": "M", "X": FILLER}
#: Issuers and nationalities that are no country's three letters (part 3, section 5), with the specimens' Utopia.
OTHERS: Final = frozenset(
    (
        "EUE",
        "GBD",
        "GBN",
        "GBO",
        "GBP",
        "GBS",
        "RKS",
        "UNA",
        "UNK",
        "UNO",
        "UTO",
        "XOM",
        "XXA",
        "XXB",
        "XXC",
        "XXX",
    )
)
GERMANY: Final = {"DEU": "D"}
#: Part 3, section 6: Latin letters that are more than a letter with a mark.
LETTERS: Final = str.maketrans(
    {"Ä": "AE", "Ö": "OE", "Ü": "UE", "ẞ": "SS", "Å": "AA", "Æ": "AE", "Ø": "OE", "Œ": "OE", "Ĳ": "IJ",
     "Þ": "TH", "Ð": "D", "Đ": "D", "Ł": "L", "Ħ": "H", "Ŧ": "T", "Ŋ": "N"}
)  # fmt: skip
OMITTED: Final = str.maketrans("", "", "'’ʼ‘`.,")
APART: Final = re.compile(r"[\s\-‐‑]+")
#: The last letter of the last word that has more than one, and the initials behind it.
_SPARE: Final = re.compile(r"(?<=[A-Z])[A-Z]((?:<+[A-Z])*)$")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER: Final = re.compile(r"[A-Z0-9]{1,22}")


@dataclass(frozen=True)
class Papers:
    """What a travel paper says. `kind` is passport or card, `sex` F, M or X; dates as 2031-04-15."""

    kind: str
    issuer: str
    surname: str
    given: str
    number: str
    nationality: str
    birth: str
    sex: str
    expiry: str


def lines(papers: Papers) -> tuple[str, ...]:
    """Two lines of 44 for a passport, three of 30 for a card. Raises UsageError, which repeats nothing of it."""
    if papers.kind == PASSPORT:
        return _td3(papers)
    if papers.kind == CARD:
        return _td1(papers)
    raise UsageError("the kind of paper is neither passport nor card", "")


def check_digit(data: str) -> str:
    """Weights 7, 3, 1 over the characters' values, modulo 10 (part 3, section 4.9); a filler counts 0."""
    values = [0 if each == FILLER else ALPHABET.index(each) for each in data]
    return str(sum(value * WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def names(surname: str, given: str, size: int) -> str:
    """Primary and secondary identifiers in a field of that size, cut where they must be (part 4, section 4.2.3).

    A field that was cut ends in a letter, but where all words are initials. Of the primary one the last words shrink
    to their initials first, so that something of the secondary one still stands.
    """
    primary, secondary = _words(surname, "surname"), _words(given, "given name") if given.strip() else []
    whole = _joined(primary, secondary)
    if len(whole) <= size:
        return whole.ljust(size, FILLER)
    room = size - 3 if secondary else size
    place = len(primary)
    while place > 1 and len(FILLER.join(primary)) > room:
        place -= 1
        word, primary[place] = primary[place], primary[place][0]
        # What that was too much is given back, so that no filler stands at the end.
        spare = max(size - len(_joined(primary, secondary)), 0)
        primary[place] = word[: 1 + spare]
    if secondary:
        primary = _cut(FILLER.join(primary), room).split(FILLER)
    return _cut(_joined(primary, secondary), size).ljust(size, FILLER)


def _td3(papers: Papers) -> tuple[str, ...]:
    number, birth, expiry = _number(papers.number, 9), _day(papers.birth), _day(papers.expiry)
    first = "P" + FILLER + _state(papers.issuer) + names(papers.surname, papers.given, 39)
    parts = [number.ljust(9, FILLER), birth, expiry]
    held = [part + check_digit(part) for part in parts]
    personal = FILLER * 15  # no personal number, and no check digit of it
    composite = check_digit(held[0] + held[1] + held[2] + personal)
    second = (
        held[0] + _state(papers.nationality) + held[1] + _sex(papers.sex) + held[2] + personal + composite
    )
    return first, second


def _td1(papers: Papers) -> tuple[str, ...]:
    number, birth, expiry = _number(papers.number, 22), _day(papers.birth), _day(papers.expiry)
    # Of a long number the check digit gives way to a filler, and stands behind the rest (part 5, note j).
    rest = f"{number[9:]}{check_digit(number)}{FILLER}" if len(number) > 9 else ""
    digit = FILLER if rest else check_digit(number.ljust(9, FILLER))
    upper = (
        "I" + FILLER + _state(papers.issuer) + number[:9].ljust(9, FILLER) + digit + rest.ljust(15, FILLER)
    )
    held = [part + check_digit(part) for part in (birth, expiry)]
    optional = FILLER * 11
    composite = check_digit(upper[5:] + held[0] + held[1] + optional)
    middle = held[0] + _sex(papers.sex) + held[1] + _state(papers.nationality) + optional + composite
    return upper, middle, names(papers.surname, papers.given, 30)


def _joined(primary: list[str], secondary: list[str]) -> str:
    return FILLER.join(primary) + (FILLER * 2 + FILLER.join(secondary) if secondary else "")


def _cut(text: str, size: int) -> str:
    """At most that long; a word gives up a letter where the cut would fall between two, the last that has one to give.

    Where all words are initials the cut is behind one of them.
    """
    if len(text) <= size:
        return text
    head, tail = text[:size], text[size:]
    if not head.endswith(FILLER):
        return head
    kept = head.rstrip(FILLER)
    gap = len(head) - len(kept)
    shorter, given = _SPARE.subn(r"\1", kept)
    return shorter + FILLER * gap + tail.lstrip(FILLER)[0] if given else kept


def _words(text: str, what: str) -> list[str]:
    found = [word for word in APART.split("".join(_latin(text, what))) if word]
    if not found:
        raise UsageError(f"the {what} is empty", "")
    return found


def _latin(text: str, what: str) -> Iterator[str]:
    """Letters A to Z, and what parts words."""
    for letter in unicodedata.normalize("NFC", text).translate(OMITTED):
        plain = unicodedata.normalize("NFD", letter.upper().translate(LETTERS))
        bare = "".join(each for each in plain if not unicodedata.combining(each))
        if not (APART.fullmatch(bare) or (bare.isascii() and bare.isalpha())):
            raise UsageError(f"the {what} is not in Latin letters alone", "")
        yield bare


def _number(text: str, most: int) -> str:
    number = text.replace(" ", "").replace("-", "").upper()
    if not _NUMBER.fullmatch(number) or len(number) > most:
        raise UsageError(f"the number is not 1 to {most} Latin letters and digits", "")
    return number


def _state(text: str) -> str:
    code = text.strip().upper()
    if code not in COUNTRIES | OTHERS:
        raise UsageError("the country or nationality is no code of three letters", "")
    return GERMANY.get(code, code).ljust(3, FILLER)


def _day(text: str) -> str:
    given = text.strip()
    try:
        day = date.fromisoformat(given) if _DAY.fullmatch(given) else None
    except ValueError:
        day = None
    if day is None:
        raise UsageError("a date is not written as 2031-04-15", "")
    return f"{day:%y%m%d}"


def _sex(text: str) -> str:
    if text.strip().upper() not in SEXES:
        raise UsageError("the sex is none of F, M and X", "")
    return SEXES[text.strip().upper()]
