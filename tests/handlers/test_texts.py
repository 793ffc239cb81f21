"""Catalogues: all languages whole, right-to-left lines begin right, every key renders with its parameters."""

import re
import unicodedata

import pytest

from handlers.texts import Texts, resolve
from relay.audit import Event
from words.catalogues import LANGUAGES, source

KEYS = re.compile(r"^([a-z][a-z-]*) =", re.MULTILINE)
CATALOGUES = {name: source(name, "chat") for name in LANGUAGES}
EVERY = KEYS.findall(CATALOGUES["en"])
NAMES = (
    "bot", "role", "duties", "unread", "age", "overdue", "enrolments", "phones", "frozen", "proposals", "since",
    "alias", "state", "enrolled", "heard", "messages", "departures", "paused", "code", "proposal", "seats", "held",
    "confirmed", "stale", "notices", "copies",
    "example", "event", "subject", "devices", "left", "officers", "version", "cases",
    "adults", "minors", "member", "guardian", "assent", "needs", "preferred", "language", "intent", "verified",
    "fact", "answer", "partners", "mediate", "asked", "passed", "returned", "mark", "ours", "office",
    "kabul", "utc", "lent", "boarded", "waiting", "released", "scheduled", "planned", "accepted", "missed", "place",
    "rank", "party", "kind", "recipients", "fetched", "declined", "help", "what",
    "go", "route", "condition", "grade", "lacks", "lacking", "withheld", "why", "status", "own", "hash",
)  # fmt: skip
PARAMS = dict.fromkeys(NAMES, "X-1")
PARAMS |= dict.fromkeys(("minutes", "hours", "days", "count", "number"), "12")


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts()


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("prs", "fa-AF"), ("fa", "fa-AF"), ("fa-IR", "fa-AF"), ("FA_af", "fa-AF"), ("en-GB", "en"), ("", "en"),
        ("de", "en"), ("ps", "ps-AF"), ("ps_AF", "ps-AF"), ("../../etc", "en"),
    ],
)  # fmt: skip
def test_language_tags(tag: str, language: str) -> None:
    assert resolve(tag) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_renders(texts: Texts, language: str) -> None:
    assert len(EVERY) > 50
    for key in EVERY:
        text = texts.render(language, key, PARAMS)
        assert text.strip()
        assert "{" not in text
        assert len(text) < 1024


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forgotten_parameter_is_an_error(texts: Texts, language: str) -> None:
    with pytest.raises(ValueError, match="officer-invite"):
        texts.render(language, "officer-invite")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_audit_log_can_say_has_words(texts: Texts, language: str) -> None:
    said = [texts.render(language, f"event-{event.replace('_', '-')}") for event in Event]
    assert len(set(said)) == len(Event)


def test_unknown_key(texts: Texts) -> None:
    with pytest.raises(KeyError):
        texts.render("en", "no-such-thing")


@pytest.mark.parametrize("language", ["fa-AF", "ps-AF"])
def test_lines_begin_with_a_right_to_left_word_or_are_codes_alone(texts: Texts, language: str) -> None:
    """Telegram takes a line's direction from its first strong character; an icon has none."""
    for key in EVERY:
        if key == "button-english":
            continue
        for line in texts.render(language, key, PARAMS).splitlines():
            strong = [c for c in line if unicodedata.bidirectional(c) in {"L", "R", "AL"}]
            alone = re.fullmatch(
                r"(?:X-1|/[a-z]+|qasid-desk confirm|qasid-desk (?:notice|condition) list"
                r"|qasid-desk notice review \d+|qasid (?:ledger|audit) verify| )+",
                line,
            )
            assert alone or not strong or unicodedata.bidirectional(strong[0]) in {"R", "AL"}, (key, line)


@pytest.mark.parametrize("language", ["fa-AF", "ps-AF"])
def test_an_icon_at_the_end_is_not_left_alone_on_a_line(texts: Texts, language: str) -> None:
    text = texts.render(language, "welcome")
    assert [line[-2] for line in text.replace("\ufe0f", "").splitlines()] == ["\u00a0"] * 3


def test_messages_have_as_many_facts_in_every_language(texts: Texts) -> None:
    """A line more or less is a fact that somebody is not told; codes may stand on a line of their own."""
    for key in EVERY:
        icons = [
            len([c for c in texts.render(language, key, PARAMS) if unicodedata.category(c) == "So"])
            for language in LANGUAGES
        ]
        assert max(icons) - min(icons) <= 1, key


def test_a_catalogue_that_misses_a_key_is_refused(tmp_path) -> None:
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
        (tmp_path / language / "chat.ftl").write_text("a = 1\n" if language == "en" else "b = 1\n")
    with pytest.raises(ValueError, match="keys differ"):
        Texts(tmp_path)
