"""A notice as the evacuee's phone will show it before the go, line by line, in the app's own words."""

from collections.abc import Iterator

from crypto.notice import Notice, NoticeText, Route
from desk.drafts import answer_by
from desk.state import HeldNotice
from words.catalogues import render
from words.dates import day, digits


def lines(held: HeldNotice, language: str) -> list[str]:
    """One fact on a line."""
    notice = Notice.parse(held.notice)
    kind = notice.kind.name.lower()
    shown = [_app(language, f"notice-{kind}")]
    if notice.kind.moves:
        shown += [_app(language, "notice-unconfirmed"), _app(language, "notice-unconfirmed-text")]
        shown += _when(notice, language)
    else:
        shown.append(_app(language, f"notice-{kind}-text"))
    shown += _facts(held, notice, language)
    if notice.kind.moves:
        shown += _deadlines(held, notice, language)
        shown += [_app(language, f"notice-{rule}") for rule in ("choice", "fee", "pass")]
    return shown


def _app(language: str, key: str, **values: str | int) -> str:
    return render(language, "app", key, values)


def _when(notice: Notice, language: str) -> list[str]:
    report, until = day(notice.report_from, language), day(notice.report_until, language)
    window = _app(language, "notice-window-value", **{"from": report.time, "until": until.time})
    return [report.weekday, report.solar, report.gregorian, f"{_app(language, 'notice-window')}: {window}"]


def _words(notice: Notice, language: str) -> NoticeText:
    """As the app chooses them: in the reader's language, else in English, else as they come."""
    found = {text.language: text for text in notice.texts}
    return found.get(language) or found.get("en") or notice.texts[0]


def _facts(held: HeldNotice, notice: Notice, language: str) -> Iterator[str]:
    words = _words(notice, language)
    yield from _fact("message", words.message, language)
    if notice.kind.moves:
        place = "notice-place-closed" if notice.has_place else "notice-place-none"
        yield from _fact("place", _app(language, place), language)
    if notice.route is not Route.NONE:
        yield from _fact("route", _app(language, f"route-{notice.route}"), language)
    if notice.kind.moves:
        yield from _seats(held, language)
    for name in ("who", "bring", "leave", "documents"):
        yield from _fact(name, getattr(words, name), language)


def _fact(name: str, text: str, language: str) -> Iterator[str]:
    label = _app(language, f"notice-{name}")
    if "\n" in text:
        yield f"{label}:"
        yield from text.splitlines()
    elif text:
        yield f"{label}: {text}"


def _deadlines(held: HeldNotice, notice: Notice, language: str) -> Iterator[str]:
    """As with seats: each phone shows its own."""
    for at in sorted({answer_by(notice, offer) for offer in held.offers} or {notice.answer_by}):
        until = day(at, language)
        values = {"time": until.time, "date": f"{until.weekday} {until.solar}"}
        yield _app(language, "notice-answer-by", **values)


def _seats(held: HeldNotice, language: str) -> Iterator[str]:
    """Each phone shows its own number; here every number stands once."""
    label = _app(language, "notice-seats")
    for party in sorted({offer.party for offer in held.offers}):
        shown = digits(str(party), language)
        yield f"{label}: {_app(language, 'notice-party', count=party, shown=shown)}"
