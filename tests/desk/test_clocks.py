"""A machine whose clock is wrong: nothing is lost by it, and nothing is made that nobody can use."""

import pytest

from desk.home import Home
from desk.state import State
from tests.desk.house import PASSPHRASE, Desk, Office

DAY = 86_400
WRONG = [70 * DAY, -70 * DAY]


def keys(state: State) -> tuple[list[bytes], list[bytes], int]:
    return state.epochs, state.prekeys, len(state.letters)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_misset_clock_destroys_nothing(fresh: Office, wrong: int) -> None:
    phone, alias = fresh.enrolled()
    fresh.first.ok("invite")
    phone.write("I am at the river.")
    before = keys(fresh.first.state())
    with fresh.first.misset(wrong):
        assert fresh.first.ok("device", "show")["prekey"] is not None
        fresh.first.ok("roster", "show")
        with fresh.first.unreachable():
            fresh.first.ok("roster", "show")
        fresh.first.call("contacts")
    assert keys(fresh.first.state()) == before
    (message,) = [m for m in fresh.first.ok("inbox", "--all")["messages"] if m["from"] == alias]
    assert fresh.first.ok("read", str(message["id"]))["text"] == "I am at the river."


def test_the_officer_hears_that_the_clock_is_wrong(fresh: Office) -> None:
    with fresh.first.misset(70 * DAY):
        assert "are 70 d apart: set it right" in fresh.first.call("roster", "show").output


@pytest.mark.parametrize("wrong", WRONG)
def test_no_roster_is_signed_by_a_misset_clock(fresh: Office, wrong: int) -> None:
    before = fresh.second.ok("roster", "show")
    with fresh.first.misset(wrong):
        fresh.first.no("roster", "renew", "--medium", str(fresh.medium), "--new-epoch", code="clock")
    assert fresh.second.ok("roster", "show") == before
    fresh.first.ok("roster", "renew", "--medium", str(fresh.medium), "--new-epoch")


def test_keys_past_their_time_go_with_the_next_command(fresh: Office) -> None:
    old = fresh.first.state()
    fresh.house.step(61 * DAY)
    fresh.first.ok("roster", "renew", "--medium", str(fresh.medium))
    now = fresh.first.state()
    assert not set(old.epochs + old.prekeys) & set(now.epochs + now.prekeys)
    assert (len(now.epochs), len(now.prekeys)) == (1, 1)


def change(desk: Desk, state: State) -> None:
    home = Home.unlock(desk.home, PASSPHRASE)
    home.save(state)
    home.close()


def test_a_desk_without_any_prekey_says_so_and_makes_one(fresh: Office) -> None:
    state = fresh.second.state()
    lost, state.prekeys = state.prekeys, []
    change(fresh.second, state)
    assert fresh.second.ok("device", "show")["prekey"] is None
    assert "none; the next command makes one" in fresh.second.human("device", "show")
    fresh.second.ok("inbox")
    assert fresh.second.ok("device", "show")["prekey"]["sequence"] > 1
    renewed = fresh.first.ok("roster", "renew", "--medium", str(fresh.medium), "--new-epoch")
    assert renewed["granted"] == 1
    fresh.second.ok("inbox")
    assert fresh.second.ok("roster", "show")["epochs"][-1]["held"]
    assert lost[0] not in fresh.second.state().prekeys


def test_a_request_can_be_shown_when_the_first_prekey_is_gone(fresh: Office) -> None:
    third = Desk(fresh.house, fresh.house.folder / "desk-3")
    third.ok("device", "new", "--relay", fresh.house.url, "--office", fresh.id, "--quick-kdf")
    state = third.state()
    state.prekeys = []
    change(third, state)
    request = third.ok("device", "show")["request"]
    assert len(third.state().prekeys) == 1
    added = fresh.first.ok(
        "roster", "add", request, "--role-code", "C-03", "--roles", "caseworker", "--yes",
        "--medium", str(fresh.medium),
    )  # fmt: skip
    assert added["granted"] == 1
    assert third.ok("join", "--roster", added["join"])["epochs"] == 1


def test_a_prekey_made_under_a_wrong_clock_is_followed_by_a_good_one(fresh: Office) -> None:
    """From before the clocks were compared: it would have kept the next one away for months."""
    with fresh.second.misset(70 * DAY):
        third = Desk(fresh.house, fresh.house.folder / "desk-3")
        third.clock_file = fresh.second.clock_file
        third.ok("device", "new", "--relay", fresh.house.url, "--office", fresh.id, "--quick-kdf")
        future = third.state().prekeys
    state = fresh.second.state()
    state.prekeys = future
    change(fresh.second, state)
    fresh.second.ok("inbox")
    assert len(fresh.second.state().prekeys) == 2


def test_what_waits_is_not_given_up_by_a_misset_clock(fresh: Office) -> None:
    phone, alias = fresh.enrolled()
    fresh.first.ok("contacts")
    with fresh.first.unreachable():
        assert fresh.first.ok("reply", alias, "Stay where you are.")["state"] == "queued"
    with fresh.first.misset(70 * DAY):
        assert [w["code"] for w in fresh.first.ok("inbox")["warnings"]] == ["clock"]
        with fresh.first.unreachable():
            fresh.first.call("reply", alias, "And you?")
    assert len(fresh.first.state().outbox) == 1
    assert fresh.first.ok("inbox")["sent"] == 1
    phone.fetch()
    assert [m.text for m in phone.messages] == ["Stay where you are."]
