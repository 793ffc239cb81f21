"""Text that is what it looks like: nothing invisible in it, nothing that turns its direction or paints over others."""

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from crypto.notice import NoticeText
from desk.errors import UsageError

LONGEST: Final = 4096  # bytes of one text of a notice: a telephone's screen holds a tenth of it

#: Vowel signs stand one to three on a letter; more is a trick that paints over other lines.
MOST_MARKS: Final = 4
JOINERS: Final = "\u200c\u200d"  # Dari and Pashto are written with these, between letters
#: Letters, symbols and marks by their category, and yet nothing is seen of them.
BLANK: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


def check(text: str, what: str, *, lines: bool = False) -> None:
    """Raises UsageError that says what is wrong with `what`, without repeating it. `lines`: it may have several."""
    marks = 0
    for place, letter in enumerate(text):
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if marks > MOST_MARKS:
            raise UsageError(f"{what} heaps marks on one letter (character {place + 1})", "Type it anew.")
        if (letter in JOINERS and _between_letters(text, place)) or (lines and letter == "\n"):
            continue
        if not _visible(letter):
            kind = unicodedata.name(letter, "control character").lower()
            raise UsageError(
                f"{what} holds an invisible or control character (U+{ord(letter):04X}, {kind}, character {place + 1})",
                "Type it anew instead of pasting it.",
            )


def shown(text: str) -> str:
    """Another's words as a terminal or a sheet may show them: what is not plain stands as `�`."""
    return "".join(
        letter
        if letter == "\n" or _visible(letter) or (letter in JOINERS and _between_letters(text, place))
        else "�"
        for place, letter in enumerate(text)
    )


def check_notice(texts: Iterable[NoticeText], place: str) -> None:
    """Raises UsageError when a notice says something that is not what it looks like, or too much."""
    check(place, "the place", lines=True)
    for each in texts:
        check(each.language, "the name of a language")
        for word, text in asdict(each).items():
            check(text, f"{word} in {each.language}", lines=True)
            if (size := len(text.encode())) > LONGEST:
                raise UsageError(
                    f"{word} in {each.language} has {size} bytes; at most {LONGEST}.", "Shorten it."
                )


def _between_letters(text: str, place: int) -> bool:
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(unicodedata.category(letter)[0] in "LM" for letter in around)


def _visible(letter: str) -> bool:
    return letter == " " or (unicodedata.category(letter)[0] in "LMNPS" and letter not in BLANK)
