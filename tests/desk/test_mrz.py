"""Machine-readable lines: ICAO 9303's specimens of Utopia, its check digits and cuts, and what is never guessed."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import UsageError
from desk.mrz import CARD, PASSPORT, Papers, check_digit, lines, names

ERIKSSON = Papers(
    PASSPORT, "UTO", "Eriksson", "Anna Maria", "L898902C3", "UTO", "1974-08-12", "F", "2012-04-15"
)


def test_the_passport_of_part_4() -> None:
    first, second = lines(ERIKSSON)
    assert first == "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    # The specimen has a personal number, ZE184226B, which nobody is asked for here: its places are fillers.
    assert second[:28] == "L898902C36UTO7408122F1204159"
    assert second[28:43] == "<" * 15
    assert second[43] == check_digit(second[0:10] + second[13:20] + second[21:43])
    specimen = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert check_digit(specimen[28:42]) == specimen[42]
    assert check_digit(specimen[0:10] + specimen[13:20] + specimen[21:43]) == specimen[43]


def test_the_card_of_part_5() -> None:
    assert lines(replace(ERIKSSON, kind=CARD, number="D23145890")) == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )
    long = Papers(
        CARD, "UTO", "Stevenson", "Peter John", "D23145890734", "UTO", "1934-07-12", "M", "1995-07-12"
    )
    assert lines(long) == (
        "I<UTOD23145890<7349<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    )


@pytest.mark.parametrize(
    ("data", "digit"),
    [("AB2134<<<", "5"), ("520727", "3"), ("L898902C3", "6"), ("<<<<<", "0"), ("D23145890734", "9")],
)
def test_check_digits_of_part_3(data: str, digit: str) -> None:
    assert check_digit(data) == digit


@pytest.mark.parametrize(
    ("surname", "first", "field"),
    [
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"),
        ("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo",
         "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI"),
        ("Papandropoulous", "Jonathon Alec", "PAPANDROPOULOUS<<JONATHON<ALEC<<<<<<<<<"),
        ("O'Connor", "Enya Siobhan", "OCONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<<"),
        ("Smith-Jones", "Susie Margaret", "SMITH<JONES<<SUSIE<MARGARET<<<<<<<<<<<<"),
        ("Arkfreith", "", "ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"),
        ("Müller Ångström", "Łucja Đorđe", "MUELLER<AANGSTROEM<<LUCJA<DORDE<<<<<<<<"),
    ],
)  # fmt: skip
def test_names_as_the_specimens_have_them(surname: str, first: str, field: str) -> None:
    assert names(surname, first, 39) == field


@pytest.mark.parametrize(
    ("surname", "given", "field"),
    [
        ("A" * 24, "Abcdefghij K L", "A" * 24 + "<<ABCDEFGHI<K<L"),
        (" ".join("A" * 20), "Bc", "<".join("A" * 18) + "<<BC"),
        ("A" * 35, "B C", "A" * 34 + "<<B<C"),
        ("A", " ".join("B" * 20), "A<<" + "<".join("B" * 18) + "<"),
    ],
)
def test_an_initial_is_not_lost_where_the_cut_falls(surname: str, given: str, field: str) -> None:
    assert names(surname, given, 39) == field


def test_a_name_of_ten_thousand_letters_is_cut() -> None:
    assert names("A" * 10_000, "B" * 10_000, 39) == "A" * 36 + "<<B"


@pytest.mark.parametrize(
    "changed",
    [
        {"surname": "احمدی"}, {"surname": "Ahmadi احمدی"}, {"given": "Аnna"}, {"surname": " '"}, {"given": "Anna 2"},
        {"surname": "Er\u202eiksson"}, {"surname": "<<"}, {"number": "۱۲۳"}, {"number": ""}, {"number": "L898902C34"},
        {"birth": "12.8.1974"}, {"birth": "1974-02-30"}, {"expiry": ""}, {"sex": "?"}, {"issuer": "UT"},
        {"nationality": "Afghan"}, {"kind": "tazkira"}, {"expiry": "2012-W15-7"},
    ],
)  # fmt: skip
def test_what_cannot_stand_there_is_said_and_not_repeated(changed: dict[str, str]) -> None:
    with pytest.raises(UsageError) as refused:
        lines(replace(ERIKSSON, **changed))
    (value,) = changed.values()
    assert len(value) < 3 or value not in refused.value.message


WORDS = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ -'éñ"), min_size=1, max_size=70).filter(
    lambda text: re.search("[A-Zéñ]", text)
)
DATES = st.dates().map(lambda day: day.isoformat())


@given(
    st.builds(
        Papers, st.sampled_from((PASSPORT, CARD)), st.sampled_from(("AFG", "DEU", "XXB")), WORDS, WORDS | st.just(""),
        st.text(st.sampled_from("ABCXYZ0189"), min_size=1, max_size=9), st.just("AFG"), DATES,
        st.sampled_from("FMX"), DATES,
    )
)  # fmt: skip
def test_whatever_stands_there_the_lines_are_whole(papers: Papers) -> None:
    made = lines(papers)
    assert [len(line) for line in made] == ([44] * 2 if papers.kind == PASSPORT else [30] * 3)
    assert all(re.fullmatch(r"[A-Z0-9<]+", line) for line in made)
    if papers.kind == PASSPORT:
        name, data = made[0][5:], made[1]
        fields = [(data[0:9], data[9]), (data[13:19], data[19]), (data[21:27], data[27])]
        fields.append((data[0:10] + data[13:20] + data[21:43], data[43]))
    else:
        name, data = made[2], made[1]
        fields = [(made[0][5:14], made[0][14]), (data[0:6], data[6]), (data[8:14], data[14])]
        fields.append((made[0][5:] + data[0:7] + data[8:15] + data[18:29], data[29]))
    assert all(check_digit(text) == digit for text, digit in fields)
    assert re.fullmatch(r"[A-Z]+(<[A-Z]+)*(<<[A-Z]+(<[A-Z]+)*)?<*", name)  # never three fillers inside
    whole = len(re.sub(r"[ -]+", "<", re.sub("'", "", papers.surname + "--" + papers.given).strip(" -")))
    assert name[-1] != "<" or whole <= len(name)  # what was cut ends in a letter
    if papers.given.strip(" -'"):
        assert re.search(r"[A-Z]<<[A-Z]", name)  # something of both stands, however long they are
