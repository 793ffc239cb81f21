"""`make audit` calls nothing harmless that was not looked up."""

import json

from tests import audit

CLEAN = {"name": "a", "version": "1", "vulns": []}
FAULTY = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}
UNREACHABLE = '{"message": "405 Method Not Allowed", "error": {}}'
TOTAL = {"dependencies": {"total": 400}}


def python(*libraries: dict) -> audit.Found:
    return audit.python("server.txt", json.dumps({"dependencies": libraries}), "")


def app(**faults: dict) -> audit.Found:
    return audit.app(json.dumps({"vulnerabilities": faults, "metadata": TOTAL}), "")


def test_all_looked_up_and_nothing_known() -> None:
    assert audit.code([python(CLEAN), app()]) == 0


def test_what_is_known_is_named() -> None:
    found = [python(CLEAN, FAULTY, SKIPPED), app(vite={"range": "<8", "severity": "high"})]
    assert audit.code(found) == 1
    told = "\n".join(line for each in found for line in each.lines())
    assert "b 2: CVE-1, mended in 3" in told
    assert "vite <8: high" in told


def test_what_was_skipped_was_not_checked() -> None:
    assert audit.code([python(CLEAN, SKIPPED), app()]) == 2
    assert audit.code([python(), app()]) == 2


def test_a_service_out_of_reach_has_said_nothing() -> None:
    assert "405 Method Not Allowed" in audit.app(UNREACHABLE, "").lines()[1]
    for said in ("", "[]", "null"):
        unread = [audit.python("server.txt", said, "no route"), audit.app(said, "npm error no route\n")]
        assert [audit.code([each]) for each in unread] == [2, 2]
        assert "NOT CHECKED: 1 (no route)" in unread[0].lines()[1]
