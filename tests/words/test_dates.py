"""Dates in three languages: every day of 1396 to 1420 as the shared vectors have it."""

import json
from datetime import date, timedelta

import pytest

from tests.vectors import dates as vectors
from words.dates import NAMES, PERSIAN_DIGITS, Day, day, digits, moment

FILE = json.loads(vectors.FILE.read_text(encoding="utf-8"))
DAY = 86_400
KABUL = 4 * 3600 + 30 * 60


def _said(at: Day) -> list[str]:
    return [at.weekday, at.solar, at.gregorian, at.time]


def test_written_anew_the_file_is_the_same_to_the_byte() -> None:
    assert vectors.FILE.read_text(encoding="utf-8") == vectors.text(), "python -m tests.vectors.dates"


def test_the_file_holds_every_day_of_25_years() -> None:
    on = date(2017, 3, 21)
    for index, month in enumerate(FILE["months"]):
        assert (month["year"], month["month"]) == (1396 + index // 12, index % 12 + 1)
        assert (month["first"], month["weekday"]) == (str(on), on.isoweekday() % 7)
        on += timedelta(month["days"])
    assert (len(FILE["months"]), on) == (25 * 12, date(2042, 3, 21))
    leap = [month["year"] for month in FILE["months"] if month["month"] == 12 and month["days"] == 30]
    assert leap == [1399, 1403, 1408, 1412, 1416, 1420]


@pytest.mark.parametrize("language", NAMES)
def test_every_day_from_its_first_to_its_last_second(language: str) -> None:
    names = next(each for each in FILE["names"] if each["language"] == language)
    for month in FILE["months"]:
        first = date.fromisoformat(month["first"])
        for passed in range(month["days"]):
            on = first + timedelta(passed)
            said = [
                names["days"][(month["weekday"] + passed) % 7],
                f"{passed + 1} {names['solar'][month['month'] - 1]} {month['year']}",
                f"{on.day} {names['gregorian'][on.month - 1]} {on.year}",
            ]
            begins = (on - date(1970, 1, 1)).days * DAY - KABUL
            for second, time in ((0, "00:00"), (DAY - 1, "23:59")):
                written = [digits(each, language) for each in (*said, time)]
                assert _said(day(begins + second, language)) == written


@pytest.mark.parametrize("language", NAMES)
def test_moments(language: str) -> None:
    for vector in FILE["months"] + FILE["moments"]:
        assert _said(day(vector["at"], language)) == vector[language]


def test_names_are_the_languages_own() -> None:
    """Iranian months would look right to a program and wrong to everybody in Afghanistan."""
    assert NAMES["fa-AF"].solar[0] == "حمل"
    assert NAMES["ps-AF"].solar[8] == "لیندۍ"
    for language, names in NAMES.items():
        assert (len(names.solar), len(names.gregorian), len(names.days)) == (12, 12, 7)
        assert not {"فروردین", "آذر", "ژانویه"} & {*names.solar, *names.gregorian}
        foreign = {"en": "", "fa-AF": "كي", "ps-AF": "كگ"}[language]
        assert not set("".join(names.solar + names.gregorian + names.days)) & set(foreign)


def test_digits_and_unknown_languages() -> None:
    assert digits("13:05", "ps-AF") == "۱۳:۰۵"
    assert digits("13:05", "en") == "13:05"
    assert len(PERSIAN_DIGITS) == 10
    with pytest.raises(KeyError):
        day(0, "fa-IR")


def test_a_moment_in_one_line() -> None:
    assert moment(1628985600, "en") == "Sunday, 24 Asad 1400 (15 August 2021), 04:30 Kabul time"
    assert moment(1628985600, "fa-AF") == "یکشنبه، ۲۴ اسد ۱۴۰۰ (۱۵ اگست ۲۰۲۱)، ساعت ۰۴:۳۰ به وقت کابل"
    assert moment(1628985600, "ps-AF") == "یکشنبه، ۲۴ زمری ۱۴۰۰ (۱۵ اګست ۲۰۲۱)، د کابل په وخت ۰۴:۳۰ بجې"
