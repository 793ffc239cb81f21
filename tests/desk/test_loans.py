"""Seats lent at one desk and offered at another; a relay that lies about a loan is found out."""

from collections.abc import Iterator
from typing import Any

import pytest

from crypto.encoding import b64u
from tests.desk.house import House, Office
from tests.desk.test_offices import befriend, found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    with House(tmp_path_factory.mktemp("pair")) as house:
        owner, guest = found(house, "A"), found(house, "B")
        befriend(owner, guest, ("A", "B"))
        new = ("--route", "AIR", "--departs-at", "+60h", "--seats", "10")
        owner.first.ok("movement", "new", "AIR-1", *new)
        yield owner, guest


def lent(owner: Office, seats: int = 4) -> str:
    said = owner.first.ok("movement", "lend", "AIR-1", "B", str(seats), "--until", "+40h", "--yes")
    return str(said["loan"])


def seats(office: Office) -> int:
    (row,) = office.first.ok("movement", "list")["movements"]
    return int(row["seats"])


def test_there_and_back(pair: tuple[Office, Office]) -> None:
    owner, guest = pair
    loan = lent(owner)
    (row,) = guest.first.ok("movement", "loans")["loans"]
    assert (row["lender"], row["borrower"], row["code"], row["seats"]) == ("A", "us", "AIR-1", 4)
    owner.first.no("movement", "borrow", loan, "--yes", code="usage", exit_code=2)
    assert guest.first.ok("movement", "borrow", loan[:8], "--yes")["seats"] == 4
    assert (seats(owner), seats(guest)) == (6, 4)
    guest.first.no("movement", "lend", "AIR-1", "A", "1", "--until", "+40h", "--yes", code="refused")
    guest.first.no("movement", "depart", "AIR-1", "--yes", code="movement_not_found")
    owner.first.no("movement", "take-back", loan, code="refused")
    assert guest.first.ok("movement", "return", loan, "3")["seats"] == 3
    assert owner.first.ok("movement", "loans")["loans"][0]["giving"] == 3
    assert owner.first.ok("movement", "take-back", loan)["seats"] == 3
    guest.first.ok("movement", "return", loan)
    owner.first.ok("movement", "take-back", loan)
    assert (seats(owner), seats(guest)) == (10, 0)
    assert "lent to" in owner.first.human("movement", "list")
    assert "ended" in guest.first.human("movement", "loans")


def test_a_lend_may_be_withdrawn_until_it_is_taken_up(pair: tuple[Office, Office]) -> None:
    owner, guest = pair
    loan = lent(owner)
    owner.first.ok("movement", "unlend", loan)
    guest.first.no("movement", "borrow", loan, "--yes", code="loan_over")
    owner.first.no(
        "movement", "lend", "AIR-1", "C", "1", "--until", "+40h", "--yes", code="usage", exit_code=2
    )


@pytest.mark.parametrize("field", ["seats", "return_at", "movement", "lend"])
def test_a_loan_shown_otherwise_than_signed_is_an_alarm(pair: tuple[Office, Office], field: str) -> None:
    owner, guest = pair
    loan = lent(owner)

    def change(_method: str, path: str, body: Any) -> Any:
        for row in body["loans"] if path == "/v1/loans" else []:
            if row["loan"] == loan:
                number = field in ("seats", "return_at")
                row[field] = row[field] + 1 if number else b64u(bytes(16)) if field == "movement" else "AAAA"
        return body

    guest.house.lie = change
    said = guest.first.no(
        "movement", "borrow", loan, "--yes", code="loan_forged" if field == "lend" else "alarm"
    )
    guest.house.lie = None
    assert "Stop" in said
    assert seats(guest) == 0
    owner.first.ok("movement", "unlend", loan)
