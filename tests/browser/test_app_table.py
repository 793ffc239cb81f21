"""docs/APP-TESTS.md names tests that exist."""

from __future__ import annotations

import re

from tests.browser.chromium import ROOT


def test_every_test_in_the_table_exists() -> None:
    table = (ROOT / "docs" / "APP-TESTS.md").read_text("utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| what ")]
    python = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "browser").glob("test_*.py"))
    script = "".join(path.read_text("utf-8") for path in (ROOT / "webapp" / "tests").rglob("*.test.ts"))
    known = {
        *re.findall(r"^def (test_\w+)\(", python, re.MULTILINE),
        *re.findall(r'\btest\(\s*"([^"]+)"', script),
    }
    assert len(rows) > 30
    for row in rows:
        *_, tests = row.strip(" |").split(" | ")
        named = re.findall(r"`([^`]+)`", tests)
        assert named, row
        assert set(named) <= known, f"no such test: {sorted(set(named) - known)}"
