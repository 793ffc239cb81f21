"""A notice that phones would refuse is withheld: its office sees why, mends it, and nobody is rung for nothing."""

import pytest

from crypto.encoding import unb64u
from crypto.statement import Reply
from desk import cancellations
from tests.desk.house import Desk, Office
from tests.desk.test_newphones import confirm, renewed
from tests.desk.test_notices import HOUR, approved, only, released
from tests.desk.test_rosters import medium

DAY = 24 * HOUR


def listed(desk: Desk) -> tuple[str, str | None]:
    (row,) = desk.ok("notice", "list")["notices"]
    return row["state"], row["why"]


def test_when_an_approver_is_removed_another_approves_and_it_goes(fresh: Office) -> None:
    third = Desk(fresh.house, fresh.house.folder / "desk-3")
    fresh.add(third, "C-03")
    phone, alias = fresh.enrolled()
    name = approved(fresh, alias)["notice"]
    fresh.first.ok("notice", "seal", name, "--release-at", "+2h", "--yes")
    fresh.first.ok("roster", "remove", "C-02", *medium(fresh), "--yes")
    fresh.house.step(2 * HOUR + 1)
    phone.follow()
    assert (phone.fetch(), phone.notices, phone.refused) == (0, {}, [])
    assert listed(fresh.first) == ("withheld", "approvals")
    assert "approve it anew and seal it again" in " ".join(fresh.first.human("notice", "list").split())
    said = fresh.first.no("notice", "seal", name, "--yes", code="not_approved")
    assert "approved by C-01" in said
    assert listed(fresh.first) == ("withheld", "approvals")
    assert third.ok("notice", "approve", name, "--yes")["complete"] is True
    assert fresh.first.ok("notice", "seal", name, "--yes")["state"] == "scheduled"
    fresh.house.release()
    key = only(phone)
    assert (phone.standing(*key), phone.notices[key].codes) == ("unconfirmed", ["C-01", "C-03"])
    assert listed(fresh.first) == ("released", None)


def test_when_who_sealed_it_is_removed_a_colleague_seals_it_anew(fresh: Office) -> None:
    third = Desk(fresh.house, fresh.house.folder / "desk-3")
    fresh.add(third, "C-03")
    phone, alias = fresh.enrolled()
    name = approved(fresh, alias)["notice"]
    third.ok("notice", "approve", name, "--yes")
    fresh.second.ok("notice", "seal", name, "--release-at", "+2h", "--yes")
    fresh.first.ok("roster", "remove", "C-02", *medium(fresh), "--yes")
    fresh.house.step(2 * HOUR + 1)
    phone.follow()
    assert (phone.fetch(), phone.refused) == (0, [])
    third.ok("notice", "seal", name, "--yes")
    fresh.house.release()
    assert phone.notices[only(phone)].codes == ["C-01", "C-03"]


def test_what_was_withheld_for_the_roster_goes_when_it_is_renewed(fresh: Office) -> None:
    phone, alias = fresh.enrolled()
    fresh.house.step(29 * DAY)
    phone.renew_prekey()
    name = approved(fresh, alias)["notice"]
    fresh.first.ok("notice", "seal", name, "--release-at", "+26h", "--yes")
    fresh.house.step(30 * HOUR)
    assert phone.fetch() == 0
    assert listed(fresh.first) == ("withheld", "roster")
    assert "roster renew" in fresh.first.human("notice", "list")
    assert "roster renew" in fresh.second.no("notice", "approve", name, "--yes", code="roster_expired")
    fresh.first.ok("roster", "renew", *medium(fresh))
    fresh.house.release()
    phone.follow()
    assert phone.standing(*only(phone)) == "unconfirmed"
    assert listed(fresh.first) == ("released", None)


def test_while_a_change_is_withheld_nobody_goes_by_what_it_replaces(
    fresh: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was to go out at once, so that phones would have heard from the change itself; and the desk died then."""
    phone, alias = fresh.enrolled()
    name, _ = released(fresh, alias)
    key = only(phone)
    phone.answer(*key, Reply.ACCEPT)
    fresh.first.ok("notice", "go", name, "--yes")
    assert phone.standing(*only(phone)) == "confirmed"
    fresh.first.ok("notice", "draft", "--replaces", name, "--place", "South gate")
    for desk in (fresh.first, fresh.second):
        desk.ok("notice", "approve", name, "--yes")
    with monkeypatch.context() as patch:
        patch.setattr(cancellations, "give_way", _die)
        with pytest.raises(SystemError):
            fresh.first.call("notice", "seal", name, "--yes")
    fresh.first.ok("roster", "remove", "C-02", *medium(fresh), "--yes")
    fresh.house.release()
    phone.follow()
    phone.fetch()
    assert phone.standing(*key) == "confirmed"
    fresh.first.no("notice", "seal", name, "--yes", code="not_approved")
    phone.fetch()
    assert (phone.standing(*key), phone.refused) == ("cancelled", [])


def _die(*_: object, **__: object) -> None:
    raise SystemError("the machine died")


@pytest.mark.parametrize("before", ["withheld", "mended"])
def test_what_was_withheld_can_be_called_off(fresh: Office, before: str) -> None:
    third = Desk(fresh.house, fresh.house.folder / "desk-3")
    fresh.add(third, "C-03")
    phone, alias = fresh.enrolled()
    name = approved(fresh, alias)["notice"]
    fresh.first.ok("notice", "seal", name, "--release-at", "+2h", "--yes")
    fresh.first.ok("roster", "remove", "C-02", *medium(fresh), "--yes")
    fresh.house.step(2 * HOUR + 1)
    if before == "mended":
        third.ok("notice", "approve", name, "--yes")
        fresh.first.ok("notice", "seal", name, "--release-at", "+1h", "--yes")
    assert fresh.first.ok("notice", "cancel", name, "--yes")["told"] == [alias]
    fresh.house.step(2 * HOUR)
    phone.follow()
    assert (phone.fetch(), phone.refused, listed(fresh.first)) == (0, [], ("cancelled", None))


def test_what_a_phone_cannot_open_any_more_is_listed_and_sealed_anew(fresh: Office) -> None:
    first, second = fresh.first, fresh.second
    _, alias = fresh.enrolled()
    name = approved(fresh, alias)["notice"]
    first.ok("notice", "seal", name, "--release-at", "+3h", "--yes")
    assert listed(first) == ("scheduled", None)
    first.no("notice", "seal", name, "--yes", code="refused")
    new, _ = renewed(fresh, alias)
    confirm(first, alias, new.number)
    confirm(second, alias, new.number)
    new.take_card()
    (row,) = first.ok("notice", "list")["notices"]
    assert (row["state"], row["why"], row["stale"]) == ("scheduled", "phones", [alias])
    assert "seal it again" in " ".join(first.human("notice", "list").split())
    first.ok("verify", alias)
    first.ok("notice", "seal", name, "--release-at", "+1h", "--yes")
    assert listed(first) == ("scheduled", None)
    fresh.house.step(HOUR + 1)
    assert only(new)[0] == unb64u(name)


def test_whose_keys_run_out_are_listed(fresh: Office) -> None:
    phone, alias = fresh.enrolled()
    assert fresh.first.ok("contacts", "--stale")["contacts"] == []
    fresh.house.step(24 * DAY)
    (row,) = fresh.first.ok("contacts", "--stale")["contacts"]
    assert row["alias"] == alias
    phone.renew_prekey()
    assert fresh.first.ok("contacts", "--stale")["contacts"] == []
