"""Other offices: pinned by a compared card, accepted by both, and never by the relay's word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.encoding import b64u, unb64u
from crypto.officecard import OfficeCard
from tests.desk.house import Desk, House, Office


def found(house: House, name: str) -> Office:
    """An office of one coordinator, with a root of its own."""
    medium, desk = house.folder / f"medium-{name}", Desk(house, house.folder / f"desk-{name}")
    medium.mkdir()
    office = desk.ok("root", "init", "--medium", str(medium), "--quick-kdf")["office"]
    desk.ok(
        "init", "--relay", house.url, "--code", house.admit(), "--medium", str(medium),
        "--role-code", f"{name}-01", "--quick-kdf",
    )  # fmt: skip
    return Office(house, desk, desk, medium, office)


def befriend(one: Office, two: Office, names: tuple[str, str]) -> None:
    """Each pins the other, under the name it gets."""
    for me, it, name in ((one, two, names[1]), (two, one, names[0])):
        me.first.ok("office", "pin", it.first.ok("office", "card")["card"], "--name", name, "--yes")


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    with House(tmp_path_factory.mktemp("offices")) as house:
        yield found(house, "A"), found(house, "B")


def test_both_see_one_number_and_both_must_accept(offices: tuple[Office, Office]) -> None:
    a, b = offices
    card = a.first.ok("office", "card")
    assert (card["office"], card["roster"]) == (a.id, 1)
    assert a.first.human("office", "card").split()[-12:] == card["number"].split()
    pinned = b.first.ok(
        "office", "pin", f" {card['card'][:40]}\n{card['card'][40:]} ", "--name", "A", "--yes"
    )
    assert (pinned["number"], pinned["accepted"]) == (card["number"], True)
    (row,) = b.first.ok("office", "list")["offices"]
    assert (row["name"], row["office"], row["mutual"]) == ("A", a.id, False)
    a.first.ok("office", "pin", b.first.ok("office", "card")["card"], "--name", "B", "--yes")
    assert b.first.ok("office", "list")["offices"][0]["mutual"]
    assert "both ways" in a.first.human("office", "list")
    b.first.ok("office", "end", "A", "--yes")
    assert not a.first.ok("office", "list")["offices"][0]["mutual"]


def test_what_cannot_be_pinned(offices: tuple[Office, Office]) -> None:
    a, b = offices
    card = b.first.ok("office", "card")["card"]
    mine = a.first.ok("office", "card")["card"]
    before = a.first.state().partners
    wrong = OfficeCard(unb64u(b.id), 1, bytes(32)).text()
    nobody = OfficeCard(bytes(32), 1, bytes(32)).text()
    for given, name, code, exit_code in (
        (card[:-1] + ("A" if card[-1] != "A" else "B"), "X", "usage", 2),
        ("QASID1.abc", "X", "usage", 2),
        (mine, "X", "usage", 2),
        (card, "a b", "usage", 2),
        (nobody, "X", "office_not_found", 1),
    ):
        a.first.no("office", "pin", given, "--name", name, "--yes", code=code, exit_code=exit_code)
    a.first.no("office", "pin", card, "--name", "X", code="not_confirmed", exit_code=2)
    fresh = Desk(a.house, a.house.folder / "desk-fresh")
    a.add(fresh, "W-01", "caseworker")
    fresh.no("office", "pin", wrong, "--name", "B", "--yes", code="roster_refused")
    assert fresh.state().partners == {}
    assert not fresh.ok("office", "pin", card, "--name", "B", "--yes")["accepted"]  # a coordinator's to do
    assert a.first.state().partners.keys() == before.keys()


def test_rosters_are_followed_from_the_pin(offices: tuple[Office, Office], tmp_path: Path) -> None:
    a, b = offices
    befriend(a, b, ("A", "B"))
    old = a.first.state().partners[b.id].pin
    b.first.ok("roster", "renew", "--medium", str(b.medium))
    befriend(a, b, ("A", "B"))
    assert a.first.state().partners[b.id].pin != old
    kept = a.first.state().partners[b.id]
    for version in (2, 3):
        card = OfficeCard(unb64u(b.id), version, bytes(32)).text()
        a.first.no("office", "pin", card, "--name", "C", "--yes", code="fork")

    def lie(method: str, path: str, body: object) -> object:
        if path == f"/v1/offices/{b.id}/rosters":
            return {"head": 1, "rosters": []}
        return body

    a.house.lie = lie
    try:
        card = OfficeCard(unb64u(b.id), 2, bytes(32)).text()
        a.first.no("office", "pin", card, "--name", "B", "--yes", code="rollback")
    finally:
        a.house.lie = None
    assert a.first.state().partners[b.id] == kept
    assert b64u(kept.office) == b.id


def test_every_command_has_an_example(offices: tuple[Office, Office]) -> None:
    for command in ("card", "pin", "list", "end"):
        assert f"Example: qasid-desk office {command}" in offices[0].first.human("office", command, "--help")
