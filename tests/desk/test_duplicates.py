"""One of two records ends, at the relay and at the desk."""

import pytest

from desk.errors import RelayError
from store import accounts
from tests.desk.house import Office


def test_shown_asked_for_and_merged(office: Office) -> None:
    desk = office.first
    (one, keep), (two, end) = office.enrolled(), office.enrolled()
    two.write("written twice")
    desk.ok("inbox")
    desk.ok("people", "--name", end, stdin="Ahmad Zia\n")

    def share(tx: object) -> None:
        accounts.add(tx, b"sealed", b"blind", "en", office.house.clock.now())  # type: ignore[arg-type]
        account = accounts.by_blind(tx, [b"blind"])  # type: ignore[arg-type]
        assert account is not None
        for phone in (one, two):
            accounts.link_contact(tx, account.id, phone.pin.office, phone.record.owner)  # type: ignore[arg-type]

    office.house.store.write_now(share)
    first, second = sorted((keep, end))
    assert desk.ok("duplicates") == {"pairs": [{"one": first, "two": second}]}
    assert first in desk.human("duplicates")
    household = desk.ok("case", "open", end)["alias"]
    desk.no("merge", keep, end, code="not_confirmed", exit_code=2)
    desk.no("merge", keep, keep, "--yes", code="same_contact")
    desk.no("merge", keep, "K-NOBODY", "--yes", code="no_contact")
    assert desk.ok("merge", keep.lower(), end, "--yes") == {
        "kept": keep,
        "erased": end,
        "household": True,
        "messages": 1,
    }
    kept = desk.state()
    assert "written twice" not in repr(kept)
    assert [person.name for person in kept.people.values()] == ["Ahmad Zia"]
    assert end not in repr(kept)
    assert desk.ok("case", "show", household)["members"][0]["contact"] == keep
    assert desk.ok("duplicates") == {"pairs": []}
    with pytest.raises(RelayError, match="not known"):
        two.write("is anybody there")
    one.write("I am")
