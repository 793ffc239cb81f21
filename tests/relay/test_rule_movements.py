"""A movement's way from its plan to its arrival."""

from relay import answers, movements
from relay.errors import RelayError
from tests.relay.refusal import fails

ALL = ("open", "call", "depart", "arrive")
LEADS = {"open": "open", "call": "called", "depart": "departed", "arrive": "arrived"}


def planned(house) -> bytes:
    movement = house.movement(4, planned=True)
    assert view(house).state == "planned"
    return movement


def view(house):
    (found,) = house.as_(house.chief, movements.listed)
    return found


def step(house, movement: bytes, word: str) -> str:
    return house.as_(house.chief, movements.step, movement, word, house.now)


def test_each_step_follows_on_the_one_before_alone(house):
    movement = planned(house)
    for done, word in enumerate(ALL):
        for early in ALL[done + 1 :]:
            with fails("movement_state"):
                step(house, movement, early)
        assert step(house, movement, word) == step(house, movement, word) == LEADS[word] == view(house).state
        for late in ALL[:done]:
            with fails("movement_state"):
                step(house, movement, late)
    with fails("movement_state"):
        house.as_(house.chief, movements.cancel, movement, house.now)


def test_seats_are_offered_while_it_is_open_or_called(house):
    movement, codes = planned(house), []
    for word in ("", *ALL):
        if word:
            step(house, movement, word)
        draft = house.draft(movement, [house.enrolled("messages", "departures")])
        try:
            codes.append(house.schedule(draft))
        except RelayError as error:
            codes.append(error.code)
    over = "movement_not_open"
    assert codes == [over, "scheduled", "scheduled", over, over]


def test_others_and_nobody_elses(house):
    movement = planned(house)
    with fails("not_allowed"):
        house.as_(house.by("W-01"), movements.step, movement, "open", house.now)
    with fails("movement_not_found"):
        step(house, bytes(16), "open")
    house.as_(house.chief, movements.cancel, movement, house.now)
    with fails("movement_state"):
        step(house, movement, "open")


def test_what_is_scheduled_does_not_go_out_once_it_has_left(house):
    phone = house.enrolled("messages", "departures")
    movement = house.movement(4)
    house.schedule(house.draft(movement, [phone]))
    with fails("movement_has_notices"):
        house.as_(house.chief, movements.cancel, movement, house.now)
    step(house, movement, "call")
    step(house, movement, "depart")
    house.release()
    assert phone.mail().items == []
    (notice,) = house.as_(house.chief, answers.listed)
    assert (notice.state, notice.why) == ("withheld", "movement")
