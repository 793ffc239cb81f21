"""The gate: nothing that comes from outside reaches a log line."""

import json
import logging

import pytest

from handlers import log

MARKER = "SECRET-MARKER-7041234567"


@pytest.fixture(autouse=True)
def _gate():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure(as_json=True)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_unknown_fields_are_dropped(capsys) -> None:
    log.get("x").info("done", count=3, chat=MARKER, body=MARKER)
    (line,) = lines(capsys)
    assert line["event"] == "done"
    assert line["count"] == 3
    assert MARKER not in json.dumps(line)


def test_an_exception_keeps_types_and_places_only(capsys) -> None:
    def fails() -> None:
        try:
            {}[MARKER]
        except KeyError as error:
            raise ValueError(f"no {MARKER}") from error

    try:
        fails()
    except ValueError:
        log.get("x").exception("failed")
    (line,) = lines(capsys)
    assert line["error"] == "ValueError < KeyError"
    assert "test_log.py:" in line["at"]
    assert MARKER not in json.dumps(line)


def test_a_library_that_logs_its_data_is_reduced_to_its_place(capsys) -> None:
    library = logging.getLogger("some.library")
    library.warning(f"request to {MARKER} failed")
    library.error("update %s failed", MARKER)
    library.error({"update": MARKER})
    try:
        int(MARKER)
    except ValueError:
        library.exception("Task exception was never retrieved %r", MARKER)
    found = lines(capsys)
    assert len(found) == 4
    assert found[1]["template"] == "update %s failed"
    assert found[3]["error"] == "ValueError"
    assert MARKER not in json.dumps(found)


def test_request_lines_of_http_libraries_are_silent(capsys) -> None:
    for name in ("httpx", "aiohttp.access", "uvicorn.access"):
        logging.getLogger(name).error("GET https://api.telegram.org/bot%s/getMe", MARKER)
    assert lines(capsys) == []
