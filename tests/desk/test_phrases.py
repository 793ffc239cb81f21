"""The phrasebook: the same in three languages, and worded so that nobody comes to harm by it."""

import re

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, Placeable
from fluent.syntax.visitor import Visitor

from desk import phrases
from desk.errors import UsageError
from store import people
from tests.desk.house import Office
from words.catalogues import LANGUAGES, source

#: Names of authorities, and of places where papers are fetched.
NEVER = {
    "en": r"taliban|emirate|regime|government|ministr|embass|passport|tazkira|visa|airport|guarantee|promise",
    "fa-AF": r"طالب|امارت|رژیم|حکومت|دولت|وزارت|سفارت|پاسپورت|تذکره|ویزه|میدان هوایی|تضمین|وعده",
    "ps-AF": r"طالب|امارت|رژیم|حکومت|دولت|وزارت|سفارت|پاسپورټ|تذکره|ویزه|هوايي ډګر|تضمین|ژمنه",
}
MONEY = {"en": r"\bfee\b|money|\bpay", "fa-AF": "فیس|پول", "ps-AF": "فیس|پیسې"}


class Placeables(Visitor):
    def __init__(self) -> None:
        self.found = 0

    def visit_Placeable(self, _node: Placeable) -> None:  # noqa: N802 – the visitor's naming
        self.found += 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_and_wording_that_is_allowed(language: str) -> None:
    parsed = FluentParser().parse(source(language, "phrases"))
    assert not [each for each in parsed.body if isinstance(each, Junk)]
    counted = Placeables()
    counted.visit(parsed)
    assert counted.found == 0
    names = [each.id.name for each in parsed.body if isinstance(each, Message)]
    assert names == [f"phrase-{code}" for code in phrases.codes()]
    for code in phrases.codes():
        text = phrases.phrase(code, language)
        assert 0 < len(text) <= 200, code
        assert not re.search(NEVER[language], text, re.IGNORECASE), code
        assert bool(re.search(MONEY[language], text, re.IGNORECASE)) == (code == "fee"), code
        if language != "en":
            assert not re.search("[A-Za-z]", text), code


def test_languages_are_known_by_their_other_names_too() -> None:
    assert phrases.phrase("stay", "prs") == phrases.phrase("stay", "fa-AF")
    with pytest.raises(UsageError, match="no phrases in 'de'"):
        phrases.phrase("stay", "de")
    with pytest.raises(UsageError, match="no phrase 'go'"):
        phrases.phrase("go", "en")


def test_a_phrase_is_sent_in_the_contacts_language(office: Office) -> None:
    phone, alias = office.enrolled()
    office.house.store.write_now(
        lambda tx: people.set_contact(tx, phone.record.office, phone.record.owner, language="ps-AF")
    )
    sent = office.first.ok("reply", alias, "--phrase", "received")
    assert sent["phrase"] == phrases.phrase("received", "ps-AF")
    assert phone.fetch() == 1
    assert phone.messages[-1].text == sent["phrase"]
    office.first.no("reply", alias, "hello", "--phrase", "received", code="usage", exit_code=2)
    office.first.no("reply", alias, "--phrase", "recieved", code="usage", exit_code=2)
