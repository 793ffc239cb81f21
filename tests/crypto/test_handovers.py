"""The vectors of handovers, which desks alone read."""

import json

from tests.vectors import handovers, ops


def test_every_case_ends_as_written_and_is_written_anew_alike() -> None:
    text = handovers.FILE.read_text(encoding="utf-8")
    cases = json.loads(text)["cases"]
    assert [case["name"] for case in cases if ops.run(case) != (case["out"], case["fails"])] == []
    assert len({case["name"] for case in cases}) == len(cases)
    assert {case["fails"] for case in cases} == {None, "malformed", "refused"}
    assert handovers.make() == text, "python -m tests.vectors.handovers"
