"""Whom nothing rings, at the desk."""

from desk.unrung import WHY
from relay import unrung
from tests.desk.house import Office


def test_whom_to_telephone(office: Office) -> None:
    assert tuple(WHY) == unrung.WHY
    desk = office.first
    assert desk.ok("unrung") == {"contacts": []}
    assert "has been rung" in desk.human("unrung")
    _, alias = office.enrolled("messages")  # with the app alone: no chat
    desk.ok("reply", alias, "Good evening.")
    (row,) = desk.ok("unrung")["contacts"]
    assert (row["alias"], row["why"], row["departure"], row["tried_at"]) == (alias, "no_account", False, None)
    shown = desk.human("unrung")
    assert alias in shown
    assert WHY["no_account"] in shown
    desk.ok("attempt", alias, "telephone", "reached")
    assert desk.ok("unrung") == {"contacts": []}
