"""Search: what counts as the same letter, and what is found."""

from types import SimpleNamespace
from typing import cast

import pytest

from desk.devices import new_state
from desk.errors import UsageError
from desk.office import Desk
from desk.search import excerpt, fold, search
from desk.state import HeldField, Message, Person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي", "علی"),
        ("كريمه", "کریمه"),
        ("علی‌رضا", "علیرضا"),
        ("مُحَمَّد", "محمد"),
        ("احمــد", "احمد"),
        ("آمنه", "امنه"),
        ("أحمد", "احمد"),
        ("ګل", "گل"),
        ("۱۲۳", "123"),
        ("١٢٣", "123"),
        ("KÁRIMA", "karima"),
        ("ﷲ", "الله"),
    ],
)
def test_letters_that_write_one_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("کابل", "قابل"), ("نور", "نورا"), ("12", "13")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.fixture
def desk() -> Desk:
    state = new_state("https://relay.example.org", bytes(32), bytes(16), 1)
    state.people["AAAA"] = Person("علی‌رضا", "Herat, family of 4")
    state.files["AAAA"] = {"identity-documents": HeldField("tazkira 4471", 5)}
    for number, text in enumerate(("I need help at the gate", "کتاب ۱۲ کجاست؟", "help, Gate 7"), 1):
        state.messages.append(
            Message(
                number, b"e", b"s", "K-4821", b"c", False, "text", text, "safe", b"t", b"h", number, number
            )
        )
    return cast("Desk", SimpleNamespace(state=state))


def test_all_words_must_occur_and_the_newest_comes_first(desk: Desk) -> None:
    assert [hit.number for hit in search(desk, ["GATE", "help"])] == [3, 1]
    assert [hit.number for hit in search(desk, ["كتاب 12"])] == [2]
    assert [hit.what for hit in search(desk, ["علي", "رضا"])] == ["person"]
    assert [hit.number for hit in search(desk, ["k 4821", "gate 7"])] == [3]
    assert [(hit.what, hit.name) for hit in search(desk, ["۴۴۷۱", "tazkira"])] == [("case file", "علی‌رضا")]
    assert search(desk, ["nobody"]) == []
    with pytest.raises(UsageError, match="nothing to search"):
        search(desk, ["—", " "])


def test_an_excerpt_shows_the_word_where_it_stands() -> None:
    text = "a " * 200 + "كريمه" + " b" * 200
    shown = excerpt(text, ["کریمه"])
    assert "كريمه" in shown
    assert shown.startswith("…")
    assert len(shown) < 130
