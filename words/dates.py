"""Dates as people in Afghanistan read them: Solar Hijri beside Gregorian, 24-hour Kabul time.

`webapp/src/dates.ts` does the same on phones; `tests/vectors/dates.json` holds the two together, day by day.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

KABUL: Final = ZoneInfo("Asia/Kabul")
PERSIAN_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class Names:
    """A language's months, from Hamal and from January; its days of the week, from Sunday; how a moment is written."""

    solar: tuple[str, ...]
    gregorian: tuple[str, ...]
    days: tuple[str, ...]
    moment: str


def _names(solar: str, gregorian: str, days: str, moment: str) -> Names:
    return Names(tuple(solar.split()), tuple(gregorian.split()), tuple(days.split()), moment)


NAMES: Final = {
    "en": _names(
        "Hamal Sawr Jawza Saratan Asad Sunbula Mizan Aqrab Qaws Jadi Dalw Hut",
        "January February March April May June July August September October November December",
        "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
        "{0.weekday}, {0.solar} ({0.gregorian}), {0.time} Kabul time",
    ),
    "fa-AF": _names(
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
        "جنوری فبروری مارچ اپریل می جون جولای اگست سپتمبر اکتوبر نومبر دسمبر",
        "یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه",
        "{0.weekday}، {0.solar} ({0.gregorian})، ساعت {0.time} به وقت کابل",
    ),
    # The week as it is spoken in Afghanistan; the names in locale data (يونۍ …) are known from books.
    "ps-AF": _names(
        "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب",
        "جنوري فبروري مارچ اپریل مۍ جون جولای اګست سپتمبر اکتوبر نومبر دسمبر",
        "یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه",
        "{0.weekday}، {0.solar} ({0.gregorian})، د کابل په وخت {0.time} بجې",
    ),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A moment in all the ways it is shown: `یکشنبه`, `۲۴ اسد ۱۴۰۰`, `۱۵ اگست ۲۰۲۱`, `۰۴:۳۰`."""

    weekday: str
    solar: str
    gregorian: str
    time: str


def day(seconds: int, language: str) -> Day:
    """The moment (unix seconds) in Kabul, with names and digits of the language; KeyError for an unknown one."""
    names, at = NAMES[language], datetime.fromtimestamp(seconds, KABUL)
    year, month, number = solar(at.date())
    return Day(
        weekday=names.days[at.isoweekday() % 7],
        solar=digits(f"{number} {names.solar[month - 1]} {year}", language),
        gregorian=digits(f"{at.day} {names.gregorian[at.month - 1]} {at.year}", language),
        time=digits(f"{at:%H:%M}", language),
    )


def moment(seconds: int, language: str) -> str:
    """The moment in one line: `Sunday, 24 Asad 1400 (15 August 2021), 04:30 Kabul time`."""
    return NAMES[language].moment.format(day(seconds, language))


def solar(on: date) -> tuple[int, int, int]:
    """Year, month and day in Solar Hijri. Eight years of 33 are leap years, which is right for 1396 to 1420."""
    year = on.year - 621
    if on.toordinal() < _new_year(year):
        year -= 1
    passed = on.toordinal() - _new_year(year)
    # Six months of 31 days, then 30 (29 or 30 in the last).
    month, number = divmod(passed, 31) if passed < 186 else divmod(passed - 6, 30)
    return year, month + 1, number + 1


def digits(text: str, language: str) -> str:
    """The text with its digits in the script of the language."""
    return text if language == "en" else text.translate(PERSIAN_DIGITS)


def _new_year(year: int) -> int:
    """1 Hamal of the year as `date.toordinal` counts; the constant makes that of 1400 the 21st of March 2021."""
    return 226_530 + 365 * year + (8 * year + 21) // 33
