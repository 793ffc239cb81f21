"""A sealed notice that breaks off on its way goes on where it was."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from desk import uploads
from tests.desk.house import House, Office
from tests.desk.test_notices import approved, only

PART = 512
#: A desk in a process of its own, with parts as small.
PROGRAM = f"from desk import uploads; uploads.PART = {PART}; from desk.__main__ import main; main()"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PART", PART)


class Line:
    """Counts parts as they come; `after` so many of them, `breaks()`."""

    def __init__(self, house: House, after: int = 0, breaks: Any = None) -> None:
        self.starts: list[int] = []
        self._after, self._breaks = after, breaks
        house.lie = self._pass

    def _pass(self, method: str, path: str, body: Any) -> Any:
        if method == "PUT":
            self.starts.append(int(path.rpartition("/")[2]))
            if len(self.starts) == self._after:
                self._breaks()
        return body


def test_a_line_that_breaks(office: Office) -> None:
    phone, alias = office.enrolled()
    name = approved(office, alias)["notice"]

    def gone() -> None:
        office.house.down = True

    first = Line(office.house, 2, gone)
    office.first.no("notice", "seal", name, "--yes", code="unknown")
    assert first.starts == [0, PART]
    office.house.down = False
    listed = {each["notice"]: each["state"] for each in office.second.ok("notice", "list")["notices"]}
    assert listed[name] == "draft"
    then = Line(office.house)
    done = office.first.ok("notice", "seal", name, "--yes")
    assert done["state"] == "scheduled"
    assert then.starts == list(range(2 * PART, done["bytes"], PART))
    office.house.release()
    assert only(phone)[1] == 1


def test_a_desk_that_is_killed(office: Office) -> None:
    phone, alias = office.enrolled()
    name = approved(office, alias)["notice"]
    command = [sys.executable, "-c", PROGRAM, "--home", str(office.first.home)]
    running: list[subprocess.Popen[bytes]] = []
    first = Line(office.house, 3, lambda: os.kill(running[0].pid, signal.SIGKILL))
    environment = os.environ | office.first.environment()
    with subprocess.Popen(
        [*command, "notice", "seal", name, "--yes", "--json"], env=environment, stdout=subprocess.DEVNULL
    ) as desk:
        running.append(desk)
        assert desk.wait(60) == -signal.SIGKILL
    assert first.starts == [0, PART, 2 * PART]
    then = Line(office.house)
    done = office.first.ok("notice", "seal", name, "--yes")
    assert then.starts == list(range(3 * PART, done["bytes"], PART))
    office.house.release()
    assert only(phone)[1] == 1


def test_an_answer_that_is_lost_at_the_end(office: Office) -> None:
    """The relay has scheduled it, the desk has not heard: nothing is sent again."""
    _, alias = office.enrolled()
    name = approved(office, alias)["notice"]

    def lose(method: str, path: str, body: Any) -> Any:
        if (method, path) == ("POST", "/v1/notices"):
            office.house.down = True
            return []
        return body

    office.house.lie = lose
    office.first.no("notice", "seal", name, "--yes", code="bad_answer")
    office.house.down = False
    then = Line(office.house)
    assert office.first.ok("notice", "seal", name, "--yes")["state"] == "scheduled"
    assert then.starts == []


@pytest.mark.parametrize("have", [-1, 10**9, "1", None])
def test_a_relay_that_counts_wrong(office: Office, have: Any) -> None:
    _, alias = office.enrolled()
    name = approved(office, alias)["notice"]
    office.house.lie = lambda _method, path, body: {"have": have} if "/uploads/" in path else body
    office.first.no("notice", "seal", name, "--yes", code="bad_answer")
    office.house.lie = None
    assert office.first.ok("notice", "seal", name, "--yes")["state"] == "scheduled"
