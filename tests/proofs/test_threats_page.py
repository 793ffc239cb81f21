"""docs/THREATS.md names, for every adversary, tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_adversary_has_tests_that_exist() -> None:
    table = (ROOT / "docs" / "THREATS.md").read_text("utf-8").partition("## Plainly")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^ *(?:async )?def (test_\w+)\(", tests, re.MULTILINE))
    assert len(rows) > 15
    for who, *told, named in rows:
        assert len(told) == 3, who
        assert all(told), who
        found = re.findall(r"`(test_\w+)`", named)
        assert found, who
        assert set(found) <= known, f"no such test: {sorted(set(found) - known)}"
