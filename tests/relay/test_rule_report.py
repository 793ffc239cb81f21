"""The report: counted by what holds now, unknown is unknown, and nobody can be worked out from it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from relay import audit, cases, facts, report
from relay.report import ANSWERS, LEAST, Cell
from tests.relay.house import House
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import do, opened

DAY = datetime(2026, 11, 21, tzinfo=UTC)


def made(house: House, by: str = "C-01") -> report.Report:
    return house.as_(house.by(by), report.make, house.now)


def line(house: House, about: str) -> dict[tuple[str, str | None], Cell]:
    (found,) = (each for each in made(house).lines if each.about == about)
    return {(cell.answer, cell.grade): cell for cell in found.cells}


@pytest.fixture
def dozen(house: House) -> list[str]:
    return [opened(house) for _ in range(12)]


def test_nothing_said_is_unknown_and_never_nothing(house, dozen):
    view = made(house)
    assert view.households == 12
    assert [each.about for each in view.lines] == [*facts.FACTS, "intent"]
    for each in view.lines:
        *others, unknown = each.cells
        assert (unknown.answer, unknown.count, unknown.as_of) == ("unknown", 12, None)
        assert [cell.count for cell in others] == [0] * len(others)
    do(house, facts.record, dozen[0], fact="ready", answer="yes")
    assert {cell.count for cell in line(house, "ready").values()} == {None}  # 11 of 12 would tell of one


def test_what_holds_now_is_counted_with_its_oldest_day(house, dozen):
    for number, alias in enumerate(dozen):
        do(house, facts.record, alias, fact="ready", answer="no", as_of=house.now - timedelta(days=9))
        if number < 6:
            at = house.now - timedelta(days=number)
            do(house, facts.record, alias, fact="ready", answer="yes", as_of=at)
        if number == 11:  # older news does not undo it
            at = house.now - timedelta(days=30)
            do(house, facts.record, alias, fact="ready", answer="unknown", as_of=at)
        do(house, facts.intend, alias, intent="wants" if number % 2 else "unsure")
    ready = line(house, "ready")
    assert ready["yes", "known"] == Cell(
        "yes", "known", None, None
    )  # 6 and 6, and the others are 0: that would show
    for alias in dozen[:3]:
        do(house, facts.record, alias, fact="ready", answer="no", grade="estimated")
    for alias in [opened(house) for _ in range(9)]:
        do(house, facts.record, alias, fact="ready", answer="yes", grade="estimated")
    ready = line(house, "ready")
    assert {kind: (cell.count, cell.as_of) for kind, cell in ready.items()} == {
        ("yes", "known"): (None, None),  # 3
        ("yes", "estimated"): (9, DAY),
        ("no", "known"): (6, DAY - timedelta(days=9)),
        ("no", "estimated"): (None, None),  # 3
        ("unknown", None): (None, None),  # 0
    }


def test_closed_households_do_not_count_and_few_are_hidden_whole(house, dozen):
    for alias in dozen[4:]:
        do(house, cases.close, alias, reason="arrived")
    view = made(house)
    assert view.households is None
    assert {cell.count for each in view.lines for cell in each.cells} == {None}


def test_for_coordinators_of_the_own_office_and_logged(house, dozen):
    for code in ("W-01", "A-01"):
        with fails("not_allowed"):
            made(house, code)
    other = House(house.store, house.vault, house.now).register()
    assert made(other).households is None
    made(house)
    entry = house.as_(house.by("A-01"), audit.listed).entries[-1]
    assert (entry.event, entry.role_code, entry.subject) == ("report_made", "C-01", "")


def parts(total: int, places: int) -> Iterator[tuple[int, ...]]:
    if places == 1:
        yield (total,)
        return
    for head in range(total + 1):
        for tail in parts(total - head, places - 1):
            yield (head, *tail)


@pytest.mark.parametrize(
    ("places", "totals"),
    [
        (4, range(LEAST, 22)),
        (5, range(LEAST, 13)),
        pytest.param(4, range(22, 45), marks=pytest.mark.prove),
        pytest.param(5, range(13, 30), marks=pytest.mark.prove),
    ],
)
def test_no_hidden_count_can_be_worked_out(places: int, totals: range) -> None:
    """Whoever knows the rule, the total and all that is shown is left with two possibilities for each that is not."""
    assert {4, len(ANSWERS)} == {4, 5}
    for total in totals:
        seen: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
        for counts in parts(total, places):
            secret = report.hidden(counts)
            assert counts[-1] == total or all(
                place in secret for place, count in enumerate(counts) if count < LEAST
            )
            seen[tuple(None if at in secret else count for at, count in enumerate(counts))].append(counts)
        for shown, possible in seen.items():
            hidden = [place for place, count in enumerate(shown) if count is None]
            assert all(len({counts[place] for counts in possible}) > 1 for place in hidden), shown


def test_most_of_a_large_table_is_shown() -> None:
    assert report.hidden([40, 30, 20, 10]) == set()
    assert report.hidden([40, 30, 20, 3]) == {2, 3}
    assert report.hidden([40, 30, 2, 3]) == {2, 3}
    assert report.hidden([40, 30, 0, 0]) == {1, 2, 3}
    assert report.hidden([40, 0, 0, 0]) == {0, 1, 2, 3}  # all of them
    assert report.hidden([0, 0, 0, 40]) == set()  # nobody knows
