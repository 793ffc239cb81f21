"""A threat alert ends what was approved before it on its route, for phones and seats alike, and everybody hears it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from crypto.encoding import new_id
from crypto.notice import NoticeKind, Route, verification_code
from crypto.statement import Reply
from relay import answers, movements, notices
from relay.notices import Draft, Seat
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cancellations import BOTH, change, id_of, letters, out, state, taken
from tests.relay.test_rule_delivery import Courier, officer_account
from tests.relay.test_rule_standby import balanced

HOUR = timedelta(hours=1)


@pytest.fixture
def phone(house) -> Phone:
    return house.enrolled(*BOTH)


def alert(house: House, *phones: Phone, route: Route = Route.AIR, **changes) -> Draft:
    """An alert of one coordinator, for now."""
    plain = {"kind": NoticeKind.THREAT, "route": route, "release_at": house.now, "approved_by": ["C-02"]}
    return house.draft(None, list(phones), **(plain | changes))


def why(house: House, draft: Draft) -> str | None:
    listed = house.as_(house.chief, answers.listed)
    return next(view.why for view in listed if view.notice == draft.notice)


def test_an_alert_ends_all_of_its_route_and_nothing_else(house, phone):
    other, by_land = house.enrolled(*BOTH), house.enrolled(*BOTH)
    come = out(house, phone)
    house.as_(phone, answers.answer, phone.answer(come, Reply.ACCEPT), house.now)
    later = house.now + 4 * HOUR
    waits = house.draft(house.movement(4, "M-2"), [other], release_at=later)
    house.schedule(waits)
    land = house.draft(house.movement(4, "L-1", route=Route.LAND_PK), [by_land], release_at=later)
    house.schedule(land)
    neighbour = House(house.store, house.vault, house.now).register()
    theirs = out(neighbour, neighbour.enrolled(*BOTH))
    assert sorted(taken(house)) == [(0, 1), (1, 0), (1, 0)]
    warning = alert(house, phone)
    assert house.schedule(warning) == "released"
    assert letters(phone) == {id_of(warning.envelope)}, "its letter is gone with it"
    assert [state(house, each) for each in (come, waits, land)] == ["cancelled", "cancelled", "scheduled"]
    assert state(neighbour, theirs) == "released"
    assert sorted(taken(house)) == [(0, 0), (0, 0), (1, 0)]
    assert balanced(house)
    with fails("notice_over"):
        house.as_(phone, answers.answer, phone.answer(come, Reply.ACCEPT), house.now)
    assert house.schedule(alert(house, by_land, phone, route=Route.NONE)) == "released"
    assert state(house, land) == "cancelled"
    house.pass_(hours=5)
    assert house.write(notices.release_due, house.now) == 0


def test_another_coordinator_is_asked_to_review_what_one_alone_let_go(house, phone):
    accounts = {code: officer_account(house, code, chat) for code, chat in (("C-01", 5), ("C-02", 6))}
    officer_account(house, "W-01", 7)
    courier = Courier(house)
    courier.run()

    def asked() -> list[tuple[int, str]]:
        said = [each for each in courier.run() if each.key == "officer-asks-review"]
        return [(each.account, each.params["number"]) for each in said]

    alone = alert(house, phone)
    house.schedule(alone)
    assert asked() == [(accounts["C-01"], verification_code(alone.content_hash))]
    both = alert(house, phone, approved_by=["C-01", "C-02"])
    house.schedule(both)
    assert asked() == []
    house.schedule(out_later := alert(house, phone, release_at=house.now + HOUR))
    assert asked() == [], "nobody was warned yet"
    house.approve(house.by("C-01"), out_later)
    house.pass_(hours=1)
    house.release()
    assert asked() == [], "reviewed before it went out"


def test_who_may_hold_what_it_voids_is_told_whatever_they_consent_to(house, phone):
    seen, unseen, lost = (house.enrolled(*BOTH) for _ in range(3))
    come = out(house, phone, seen, unseen, lost)
    seen.read()
    for each in (seen, unseen):
        each.consent(*BOTH, given=False)
    house.now = house.now.replace(second=0) + timedelta(seconds=1)
    with fails("wraps_do_not_match"):
        house.schedule(alert(house, phone, lost))
    with fails("wraps_do_not_match"):  # a wrap alone makes nobody a recipient
        house.schedule(alert(house, phone, lost, offers=[Seat(phone.contact, new_id(), 0)]))
    assert state(house, come) == "released"
    warning = alert(house, phone, seen, lost)
    house.schedule(warning)
    assert letters(seen) == {id_of(warning.envelope)}
    assert letters(unseen) == set(), "what it was sent is destroyed, and it wants to hear nothing"
    stranger = house.enrolled("messages")
    with fails("no_consent"):
        house.schedule(alert(house, stranger))


def test_whom_no_letter_can_reach_holds_nobody_up(house, phone):
    lost = house.enrolled(*BOTH)
    come = out(house, phone, lost, expires=house.now + timedelta(days=40))
    house.pass_(days=20)  # past the time that may be sealed to their keys
    fresh = house.enrolled(*BOTH)
    house.schedule(alert(house, fresh))
    assert state(house, come) == "cancelled"


def test_only_what_is_approved_after_it_counts(house, phone):
    come = out(house, phone)
    house.schedule(alert(house, phone))
    newer = {"notice": come.notice, "version": 2, "kind": NoticeKind.CHANGE, "offers": come.offers}
    with fails("warned"):
        change(house, come, phone)
    house.pass_(seconds=1)
    anew = house.draft(come.movement, [phone], **newer)
    assert house.schedule(anew) == "scheduled"
    house.release()
    assert (state(house, anew), taken(house)) == ("released", [(1, 0)])
    assert letters(phone) >= {id_of(anew.envelope)}


def test_while_an_alert_waits_nothing_older_goes_out_until_it_is_called_off(house, phone):
    second, third = house.enrolled(*BOTH), house.enrolled(*BOTH)
    movement = house.movement(1)
    offers = [Seat(phone.contact, new_id(), 1), Seat(second.contact, new_id(), 1, standby=1)]
    first = house.draft(movement, [phone, second], offers=offers)
    house.schedule(first)
    house.release()
    waits = house.draft(house.movement(1, "M-2"), [third])
    house.schedule(waits)
    ahead = alert(house, phone, release_at=house.now + 5 * HOUR)
    assert house.schedule(ahead) == "scheduled"
    house.as_(phone, answers.answer, phone.answer(first, Reply.DECLINE), house.now)
    house.release()
    assert (letters(second), letters(third)) == (set(), set())
    assert (state(house, waits), why(house, waits)) == ("withheld", "warned")
    house.cancel(ahead)
    assert house.write(notices.release_due, house.now) == 1
    assert letters(third) == {id_of(waits.envelope)}


def test_of_what_is_due_at_once_the_alert_goes_first(house, phone):
    movement = house.movement(4)
    come = house.draft(movement, [phone])
    house.schedule(come)
    house.schedule(alert(house, house.enrolled(*BOTH), release_at=come.release_at + timedelta(minutes=1)))
    house.pass_(hours=2)
    while house.write(notices.release_due, house.now):
        pass
    assert (state(house, come), letters(phone), taken(house)) == ("cancelled", set(), [(0, 0)])
    assert house.as_(house.chief, movements.listed)[0].state == "open"


def at_once(*works: Callable[[], object]) -> list[str]:
    """What became of each, begun at the same moment: "done", or the code of its refusal."""
    ready, outcome = threading.Barrier(len(works)), [""] * len(works)

    def hurry(number: int, work: Callable[[], object]) -> None:
        ready.wait()
        try:
            work()
            outcome[number] = "done"
        except Exception as refused:  # noqa: BLE001 – what it was is judged by the caller
            outcome[number] = getattr(refused, "code", repr(refused))

    threads = [threading.Thread(target=hurry, args=pair) for pair in enumerate(works)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return outcome


@pytest.mark.parametrize("by", ["alert", "cancel"])
def test_racing_a_release_nobody_is_left_with_a_come_that_is_off(house, by):
    """It was out, and they are told; or it was not, and an alert that leaves them out is taken."""
    for turn in range(4):
        phone, bystander = house.enrolled(*BOTH), house.enrolled(*BOTH)
        house.pass_(seconds=1)
        come = house.draft(house.movement(2, f"M-{turn}"), [phone])
        house.schedule(come)
        house.pass_(hours=1, minutes=1)
        bye = house.seal(house.chief, house.to(phone), urgent=True)
        warning = alert(house, bystander)
        stop = partial(house.schedule, warning) if by == "alert" else partial(house.cancel, come, bye)
        stopped, released = at_once(stop, partial(house.write, notices.release_due, house.now))
        assert released in ("done", "try_again")
        assert stopped in ("done", "try_again", "wraps_do_not_match" if by == "alert" else "try_again")
        if stopped != "done":
            assert state(house, come) == "released"
            bye = house.seal(house.chief, house.to(phone, bystander), urgent=True)
            house.schedule(alert(house, phone, bystander, envelope=bye))
        assert state(house, come) == "cancelled"
        assert letters(phone) <= {id_of(bye)}
    assert set(taken(house)) == {(0, 0)}
    assert balanced(house)
