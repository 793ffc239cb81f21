"""`-p tests.crew --crew N`: the tests of one run, shared among N processes that are forked once all is collected.

Loading and collecting thousands of tests takes as long as hundreds of them do: it happens once, not in every process.
Each process takes the next file that nobody has taken, so that what a file's tests share is made once, too, and tells
the first one what became of each test. Fixtures of a session are each process's own.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from itertools import groupby
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

import pytest

NUMBER = 4  # bytes of a file's number on its way


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--crew", type=int, default=0, metavar="N", help="share the tests among N processes")


class _Teller:
    """In a process of the crew: tells the first one all that it would show."""

    def __init__(self, config: pytest.Config, line: Connection) -> None:
        self._config, self._line = config, line

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self._line.send(("pytest_runtest_logstart", {"nodeid": nodeid, "location": location}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._line.send(("pytest_runtest_logreport", {"report": data}))

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        self._line.send(("pytest_runtest_logfinish", {"nodeid": nodeid, "location": location}))


class _Member:
    """A process of the crew, as the first one knows it."""

    def __init__(self, pid: int, line: Connection) -> None:
        self.pid, self.line = pid, line
        #: How many tests it has finished.
        self.done = 0
        self._failed = False
        self._at: dict[str, Any] | None = None

    def hear(self, config: pytest.Config) -> bool:
        """Pass on one thing that it tells; whether there was one."""
        try:
            name, given = self.line.recv()
        except EOFError:
            self._end(config)
            return False
        if "report" in given:
            given["report"] = config.hook.pytest_report_from_serializable(config=config, data=given["report"])
            self._failed |= given["report"].failed
        else:
            self._at = given if name.endswith("start") else None
            self.done += name.endswith("finish")
        getattr(config.hook, name)(**given)
        return True

    def leave(self) -> None:
        """Listen no more: it ends with its test, if it has not ended."""
        if not self.line.closed:
            self.line.close()
            os.waitpid(self.pid, 0)

    def _end(self, config: pytest.Config) -> None:
        """It is over: as it should be, or in the midst of a test, or with something wrong after its last."""
        self.line.close()
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if self._at or code != int(self._failed):
            at = self._at or {"nodeid": "tests/crew.py", "location": ("tests/crew.py", None, "crew")}
            said = f"a process of the crew ended with {code}"
            report = pytest.TestReport(**at, keywords={}, outcome="failed", longrepr=said, when="call")
            config.hook.pytest_runtest_logreport(report=report)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Each process of the crew comes back from here as the first one does, and ends as pytest ends."""
    config = session.config
    if not config.option.crew or config.option.collectonly or session.testsfailed:
        return None  # pytest's own loop knows what to do
    files = [list(items) for _, items in groupby(session.items, key=lambda item: item.path)]
    turns, numbers = os.pipe()
    os.write(numbers, b"".join(number.to_bytes(NUMBER, "big") for number in range(len(files))))
    os.close(numbers)
    crew = []
    for _ in range(min(config.option.crew, len(files))):
        ours, theirs = Pipe(duplex=False)
        sys.stdout.flush()
        if (pid := os.fork()) == 0:
            _join(config, theirs)
            _work(session, _taken(files, turns))
            theirs.close()
            return True
        theirs.close()
        crew.append(_Member(pid, ours))
    try:
        _listen(session, crew, turns)
    finally:
        for member in crew:
            member.leave()
    return True


def _join(config: pytest.Config, line: Connection) -> None:
    """Be one of the crew: nothing shown, nothing captured into the others' file, no chance that repeats theirs."""
    config.workerinput = {}  # by this plugins know that they are not to write what is the first one's to write
    capture = config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    capture.start_global_capturing()
    capture.suspend_global_capture()
    config.pluginmanager.register(_Teller(config, line))
    random.seed()


def _taken(files: list[list[pytest.Item]], turns: int) -> Iterator[pytest.Item]:
    while number := os.read(turns, NUMBER):
        yield from files[int.from_bytes(number, "big")]


def _work(session: pytest.Session, items: Iterator[pytest.Item]) -> None:
    item = next(items, None)
    while item and not session.shouldfail and not session.shouldstop:
        after = next(items, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        item = after


def _listen(session: pytest.Session, crew: list[_Member], turns: int) -> None:
    """Pass on what they tell until all are over; once enough has failed, they take no further file."""
    there = crew
    while there:
        ready = wait([member.line for member in there])
        there = [member for member in there if member.line not in ready or member.hear(session.config)]
        if session.shouldfail:
            os.read(turns, NUMBER * len(session.items))
    if not session.shouldfail and (left := len(session.items) - sum(member.done for member in crew)):
        session.shouldfail = f"tests that did not come to their end: {left}"
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
