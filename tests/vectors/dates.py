"""Vectors of the dates people read: `python -m tests.vectors.dates` writes `dates.json` anew, one line per month.

Each month of 1396 to 1420 stands with the Gregorian date and the weekday (0 is Sunday) of its first day, its length,
and one moment as each language writes it; then moments around Kabul's midnight. The Gregorian dates were compared
once, for every day, with convertdate 2.5.1, which computes the equinox; the phone's calendar is jalaali-js.
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from words.dates import NAMES, day, solar

FILE = Path(__file__).with_name("dates.json")
FIRST, LAST = date(2017, 3, 21), date(2042, 3, 20)
#: New Year's days, one after a leap year and one before; a leap day; the turn of a Gregorian year; the last day.
MIDNIGHTS = (
    date(2021, 3, 21),
    date(2022, 3, 21),
    date(2024, 2, 29),
    date(2025, 3, 21),
    date(2026, 1, 1),
    LAST,
)


def months() -> list[dict[str, Any]]:
    """Every month that begins between FIRST and LAST."""
    made: list[dict[str, Any]] = []
    for number in range((LAST - FIRST).days + 1):
        on = FIRST + timedelta(number)
        year, month, of_month = solar(on)
        if of_month == 1:
            weekday = on.isoweekday() % 7
            made.append({"year": year, "month": month, "first": str(on), "weekday": weekday, "days": 0})
        made[-1]["days"] += 1
    for number, each in enumerate(made):
        # Some day and minute, another one in each month.
        seconds = _midnight(date.fromisoformat(each["first"])) + number * 7_777_777 % (each["days"] * 86_400)
        each.update(_written(seconds))
    return made


def moments() -> list[dict[str, Any]]:
    """The second before a midnight in Kabul, and the first one after it."""
    return [_written(_midnight(on) + second) for on in MIDNIGHTS for second in (-1, 0)]


def _midnight(on: date) -> int:
    """Unix seconds; written out, for it must not come from what is tested."""
    return int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()) - (4 * 60 + 30) * 60


def _written(seconds: int) -> dict[str, Any]:
    texts = {}
    for language in NAMES:
        at = day(seconds, language)
        texts[language] = [at.weekday, at.solar, at.gregorian, at.time]
    return {"at": seconds} | texts


def text() -> str:
    """The whole file."""
    names = [
        {"language": language, "solar": each.solar, "gregorian": each.gregorian, "days": each.days}
        for language, each in NAMES.items()
    ]
    parts = (
        f'"{key}": {_rows(rows)}'
        for key, rows in (("names", names), ("months", months()), ("moments", moments()))
    )
    return f"{{{','.join(parts)}}}\n"


def _rows(rows: list[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
