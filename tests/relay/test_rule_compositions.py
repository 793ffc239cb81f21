"""Of whom a movement was made up: the newest word counts, unknown is never 0, and what is shared tells of nobody."""

from datetime import timedelta
from itertools import product

import pytest

from crypto.cells import LEAST
from crypto.encoding import b64u
from relay import audit, compositions, movements, threads
from relay.compositions import TOTAL, Cell
from store import compositions as stored
from tests.relay.house import House
from tests.relay.lending import Lending, befriend
from tests.relay.refusal import fails


@pytest.fixture
def movement(house):
    return house.movement(400, "AIR-07")


def say(house: House, movement: bytes, party: str, people: int | None, stage: str = "boarded", **said):
    plain = {"approximate": False, "now": house.now} | said
    return house.as_(
        house.chief, compositions.say, movement, party=party, stage=stage, people=people, **plain
    )


def shown(house: House, movement: bytes, *, shared: bool, by: str = "C-01") -> dict[str, Cell]:
    view = house.as_(house.by(by), compositions.show, movement, shared=shared)
    return {cell.party: cell for cell in view.cells}


def people(cells: dict[str, Cell]) -> dict[str, int | None]:
    return {party: cell.people for party, cell in cells.items()}


def test_as_it_was_reported(house, movement):
    for party, count, approximate in (("AFG", 258, False), ("FRA", 11, False), ("NLD", 60, True)):
        say(house, movement, party, count, approximate=approximate)
    say(house, movement, "linked", None)
    say(house, movement, TOTAL, 330, approximate=True)
    cells = shown(house, movement, shared=False)
    assert list(cells) == ["AFG", "FRA", "NLD", "linked", TOTAL]
    assert people(cells) == {"AFG": 258, "FRA": 11, "NLD": 60, "linked": None, TOTAL: 330}
    assert cells["NLD"].approximate
    assert (cells["linked"].unknown, cells["linked"].hidden) == (True, False)
    assert people(shown(house, movement, shared=True)) == people(cells)  # nothing of it is few


def test_the_newest_counts_and_nothing_is_lost(house, movement):
    for count in (9, None, 8):
        say(house, movement, "FRA", count)
    assert people(shown(house, movement, shared=False)) == {"FRA": 8}
    history = house.read(stored.of_movement, house.office, movement)
    assert [(row.seq, row.people) for row in history] == [(1, 9), (2, None), (3, 8)]
    entries = house.as_(house.chief, audit.newest, 3)
    assert [(each.event, each.subject) for each in entries] == [("composition_said", "AIR-07")] * 3


def test_what_is_shared_hides_the_few_and_what_betrays_them(house, movement):
    for party, count in (("AFG", 60), ("FRA", 11), ("USA", 3), (TOTAL, 74)):
        say(house, movement, party, count)
    assert people(shown(house, movement, shared=False))["USA"] == 3
    for by in ("C-01", "W-01"):  # a caseworker sees no other
        cells = shown(house, movement, shared=by == "C-01", by=by)
        assert people(cells) == {"AFG": 60, "FRA": None, "USA": None, TOTAL: 74}
        assert cells["USA"] == Cell("USA", "boarded", None, False, False, True)
    small = house.movement(9, "AIR-08")
    say(house, small, "FRA", 2, approximate=True)
    say(house, small, TOTAL, 2)
    assert people(shown(house, small, shared=True)) == {"FRA": None, TOTAL: None}


def test_nobody_can_be_worked_out_from_a_total_that_the_parts_add_up_to():
    """Every table up to a size, as somebody would try who knows the rule: a hidden count has several explanations."""
    tables: dict[tuple, set[tuple[int, ...]]] = {}
    for counts in product(range(14), repeat=3):
        total = sum(counts)
        if total < LEAST:
            continue
        cells = [
            Cell(name, "boarded", count, False, False) for name, count in zip("ABC", counts, strict=True)
        ]
        view = tuple(
            c.people for c in compositions._hide([*cells, Cell(TOTAL, "boarded", total, False, False)])
        )
        assert not any(count is not None and count < LEAST for count in view)
        tables.setdefault(view, set()).add(counts)
    for view, possible in tables.items():
        for place in range(3):
            if view[place] is None and view[3] <= 3 * 13 - 13:  # larger ones are cut off by the try itself
                assert len({counts[place] for counts in possible}) > 1, view


def test_a_sum_tells_no_more_than_the_movements_do(house, movement):
    later = house.movement(90, "AIR-08")
    for where, count in ((movement, 11), (later, 3)):
        say(house, where, "FRA", count)
    say(house, movement, "linked", 6)
    say(house, later, "linked", None)

    def since(days: int, shared: bool) -> dict[str, Cell]:
        at = house.now + timedelta(days=days)
        view = house.as_(house.chief, compositions.since, at, shared=shared)
        return {cell.party: cell for cell in view.cells}

    assert people(since(0, shared=False)) == {"FRA": 14, "linked": 6}
    assert since(0, shared=False)["linked"].unknown
    assert since(0, shared=True)["FRA"] == Cell("FRA", "boarded", 11, False, False, hidden=True)
    assert since(4, shared=False) == {}
    house.as_(house.chief, movements.cancel, later, house.now)
    assert people(since(0, shared=False)) == {"FRA": 11, "linked": 6}


def test_bad_input(house, movement):
    for party in ("FRX", "fra", "", "French", b64u(bytes(32))):
        with fails("party_unknown"):
            say(house, movement, party, 5)
    for count in (-1, compositions.MOST + 1):
        with fails("malformed"):
            say(house, movement, "FRA", count)
    with fails("malformed"):
        say(house, movement, "FRA", None, approximate=True)
    with fails("malformed"):
        say(house, movement, "FRA", 5, stage="lost")
    with fails("movement_not_found"):
        say(house, bytes(16), "FRA", 5)
    with fails("not_allowed"):
        house.as_(
            house.by("W-01"), compositions.say, movement,
            party="FRA", stage="boarded", people=5, approximate=False, now=house.now,
        )  # fmt: skip
    assert shown(house, movement, shared=False) == {}


def test_offices_are_parties_and_see_nothing_of_each_other(house, movement):
    other = House(house.store, house.vault, house.now).register()
    party = b64u(other.office)
    with fails("party_unknown"):
        say(house, movement, party, 7)
    house.as_(house.chief, threads.accept, other.office, house.now)
    say(house, movement, party, 7)
    say(house, movement, b64u(house.office), 8)
    assert sorted(people(shown(house, movement, shared=True)).values()) == [7, 8]
    with fails("movement_not_found"):
        other.as_(other.chief, compositions.show, movement, shared=False)
    view = other.as_(other.chief, compositions.since, house.now - timedelta(days=9), shared=False)
    assert (view.movements, view.cells) == (0, [])


def test_who_borrowed_seats_tells_of_their_own_people(house, movement):
    guest = House(house.store, house.vault).register()
    befriend(house, guest)
    with fails("movement_not_found"):
        say(guest, movement, "FRA", 11)
    Lending(house, guest, movement, 20, house.now + timedelta(days=2)).offer().take_up()
    say(guest, movement, "FRA", 11)
    assert shown(house, movement, shared=False) == {}
    (cell,) = guest.as_(guest.chief, compositions.since, house.now, shared=False).cells
    assert (cell.party, cell.people) == ("FRA", 11)
