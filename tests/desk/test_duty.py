"""Duty at the desk."""

from tests.desk.house import Office


def test_duty_at_the_desk(office: Office) -> None:
    desk, before = office.first, int(office.house.clock.now().timestamp())
    assert desk.ok("duty") == {"on": True, "since": None, "others": 0}
    off = desk.ok("duty", "off")
    assert before <= off["since"] <= int(office.house.clock.now().timestamp())
    assert off == {"on": False, "since": off["since"], "others": 0}
    assert desk.ok("duty") == off
    assert desk.ok("duty", "on")["on"]
    assert "Give one of on, off." in desk.no("duty", "later", code="usage", exit_code=2)
    assert desk.ok("duty")["on"]
