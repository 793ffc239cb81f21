"""Every catalogue of every language: whole, and without dates and numbers for Fluent to write."""

from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import FunctionReference, Junk
from fluent.syntax.visitor import Visitor

from words.catalogues import LANGUAGES, LOCALES, render, variables

FILES = sorted(LOCALES.glob("*/*.ftl"))


class Faults(Visitor):
    """What does not parse, and every function that is called: @fluent/bundle ignores the zone DATETIME is given."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Junk(self, node: Junk) -> None:  # noqa: N802 – the visitor's naming
        self.found.append(f"does not parse: {node.content}")

    def visit_FunctionReference(self, node: FunctionReference) -> None:  # noqa: N802 – the visitor's naming
        self.found.append(node.id.name)


def faults(text: str) -> list[str]:
    visitor = Faults()
    visitor.visit(FluentParser().parse(text))
    return visitor.found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_catalogue_parses_and_calls_no_function(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a = { DATETIME($at, timeZone: "Asia/Kabul") }\n', ["DATETIME"]),
        ("a = { NUMBER ($count) }\n", ["NUMBER"]),
        (
            "a = { NUMBER($count) ->\n    [one] one\n   *[other] { DATETIME($at) }\n }\n",
            ["NUMBER", "DATETIME"],
        ),
        ("a = b\n    .c = { NUMBER($count) }\n", ["NUMBER"]),
        ("-term = { DATETIME($at) }\n", ["DATETIME"]),
        ("# NUMBER($count) may be talked about\na = DATETIME\n", []),
        ("a = { $count ->\n    [one] one\n   *[other] { $shown }\n }\n", []),
    ],
)
def test_a_catalogue_that_calls_one_is_refused(text: str, found: list[str]) -> None:
    assert faults(text) == found


def test_letters_are_the_languages_own() -> None:
    """Arabic kaf and yeh in Dari, Arabic kaf and Dari's gaf in Pashto: they look right and are found by no search."""
    for language, foreign in (("fa-AF", "كي"), ("ps-AF", "كگ")):
        for path in LOCALES.glob(f"{language}/*.ftl"):
            assert not set(path.read_text(encoding="utf-8")) & set(foreign), path


def test_what_does_not_parse_is_refused() -> None:
    assert "does not parse" in faults("a = {\n")[0]


def test_catalogues_of_one_name_say_the_same_with_the_same_values() -> None:
    names = {path.stem for path in FILES}
    assert names >= {"app", "chat", "desk", "notices", "phrases"}
    for name in names:
        spoken = [
            variables(language, name)
            for language in LANGUAGES
            if (LOCALES / language / f"{name}.ftl").exists()
        ]
        assert len(spoken) >= 2
        # A sentence in one language may choose by number where another one needs not.
        plain = [{key: values - {"count"} for key, values in each.items()} for each in spoken]
        assert all(each == plain[0] for each in plain), name


def test_rendering() -> None:
    assert render("en", "desk", "letter-step-open", {"bot": "@b"}).startswith(
        "In Telegram, search for @b and"
    )
    with pytest.raises(KeyError):
        render("en", "desk", "no-such-message")
    with pytest.raises(ValueError, match="letter-step-open in en"):
        render("en", "desk", "letter-step-open")
