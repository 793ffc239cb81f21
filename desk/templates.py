"""Templates of notices: worded once and with care in three languages. What they leave open is filled in here.

A template takes the notice's own times, which are written out, and what the officer says: `luggage` in every
language, or `fa-AF:facts` in one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crypto.notice import NoticeKind, Route
from desk import plaintext
from desk.errors import UsageError
from words.catalogues import LANGUAGES, render, variables
from words.dates import digits, moment

CATALOGUE: Final = "notices"
TIMES: Final = ("departs_at", "report_from", "report_until", "answer_by", "expires")
WORDS: Final = ("who", "bring", "leave", "documents", "message")
LONGEST: Final = 500  # characters of what is filled in

Texts = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Template:
    """What a notice of this template is: its kind, and the routes it may have (none named: any, or none)."""

    kind: NoticeKind
    routes: tuple[Route, ...] = ()


TEMPLATES: Final = {
    "air": Template(NoticeKind.COME, (Route.AIR,)),
    "land": Template(NoticeKind.COME, (Route.LAND_PK, Route.LAND_UZ, Route.LAND_TJ)),
    "change": Template(NoticeKind.CHANGE),
    "cancellation": Template(NoticeKind.ADVISORY),
    "advisory": Template(NoticeKind.ADVISORY),
    "threat": Template(NoticeKind.THREAT),
    "reminder": Template(NoticeKind.ADVISORY),
    "safety": Template(NoticeKind.ADVISORY),
}


def find(name: str) -> Template:
    """Raises UsageError for an unknown one."""
    if name not in TEMPLATES:
        raise UsageError(f"There is no template {name!r}.", f"The templates are {', '.join(TEMPLATES)}.")
    return TEMPLATES[name]


def places(name: str) -> list[str]:
    """What the template leaves open, its times first."""
    find(name)
    taken = frozenset[str]().union(
        *(values for key, values in variables("en", CATALOGUE).items() if _of(name, key))
    )
    return [time for time in TIMES if time in taken] + sorted(taken.difference(TIMES))


def missing(name: str, filled: Mapping[str, str]) -> list[str]:
    """What the officer has yet to say, as `en:facts`, one language after the other."""
    return [
        f"{language}:{place}"
        for language in LANGUAGES
        for place in places(name)
        if place not in TIMES and not _said(filled, language, place)
    ]


def fill(name: str, times: Mapping[str, int], filled: Mapping[str, str]) -> Texts:
    """The template's texts: language -> field -> text, with the fields it words.

    Raises UsageError for an unknown template, for what is missing or unknown, and for what is not plain text.
    """
    _check_filled(name, filled)
    if absent := [time for time in places(name) if time in TIMES and not times.get(time)]:
        raise UsageError(
            f"The template {name} tells {', '.join(absent)}, and the notice does not say it.",
            "Give " + ", ".join(f"--{time.replace('_', '-')}" for time in absent) + ".",
        )
    if absent := missing(name, filled):
        raise UsageError(
            f"The template {name} leaves open: {', '.join(absent)}.",
            "Add --fill NAME=TEXT for all languages, or --fill LANG:NAME=TEXT for each.",
        )
    open_ = places(name)
    texts: Texts = {}
    for language in LANGUAGES:
        values = {
            place: moment(times[place], language) if place in TIMES else _said(filled, language, place)
            for place in open_
        }
        texts[language] = {
            key.removeprefix(f"{name}-"): render(language, CATALOGUE, key, values)
            for key in variables(language, CATALOGUE)
            if _of(name, key)
        }
    return texts


def _of(name: str, key: str) -> bool:
    return key.startswith(f"{name}-")


def _said(filled: Mapping[str, str], language: str, place: str) -> str:
    return digits(filled.get(f"{language}:{place}", filled.get(place, "")).strip(), language)


def _check_filled(name: str, filled: Mapping[str, str]) -> None:
    open_ = [place for place in places(name) if place not in TIMES]
    known = {*open_, *(f"{language}:{place}" for language in LANGUAGES for place in open_)}
    if unknown := sorted(filled.keys() - known):
        raise UsageError(
            f"The template {name} has no place for {', '.join(unknown)}.",
            f"It leaves open: {', '.join(open_) or 'nothing'}, in {', '.join(LANGUAGES)}.",
        )
    for place, text in filled.items():
        plaintext.check(text, place)
        if len(text) > LONGEST:
            raise UsageError(f"{place} has {len(text)} characters; at most {LONGEST}", "Shorten it.")
