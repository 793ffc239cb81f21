"""Attempts to reach contacts at the desk."""

from desk.commands.attempt import OUTCOMES, WAYS
from relay import attempts
from tests.desk.house import Office


def test_attempts_at_the_desk(office: Office) -> None:
    assert (WAYS, OUTCOMES) == (attempts.WAYS, attempts.OUTCOMES)
    desk = office.first
    alias = desk.ok("invite")["alias"]
    desk.ok("attempt", alias.lower(), "telephone", "unanswered")
    (row,) = desk.ok("not-reached")["contacts"]
    assert (row["alias"], row["tries"], row["assigned"]) == (alias, 1, None)
    desk.ok("attempt", alias, "relative", "reached")
    assert desk.ok("not-reached") == {"contacts": []}
    assert [row["outcome"] for row in desk.ok("attempt", alias)["attempts"]] == ["unanswered", "reached"]
    assert "Give one of app" in desk.no("attempt", alias, "0700123456", "reached", code="usage", exit_code=2)
    assert "What came of it?" in desk.no("attempt", alias, "app", code="usage", exit_code=2)
