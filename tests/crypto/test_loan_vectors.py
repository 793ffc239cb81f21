"""The vectors of loans, which desks and relays alone read."""

import json
from collections import Counter

from tests.vectors import loans, ops


def test_every_case_ends_as_written_and_is_written_anew_alike() -> None:
    text = loans.FILE.read_text(encoding="utf-8")
    cases = json.loads(text)["cases"]
    assert [case["name"] for case in cases if ops.run(case) != (case["out"], case["fails"])] == []
    assert len({case["name"] for case in cases}) == len(cases)
    ends = Counter(case["fails"] for case in cases)
    assert ends[None] > 10
    assert ends["refused"] > 35
    assert ends["malformed"] > 80
    assert loans.make() == text, "python -m tests.vectors.loans"
