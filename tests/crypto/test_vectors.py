"""Our Python ends every case of every vector file, whichever language wrote it, as the file says."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.proofs import figures
from tests.vectors import make, ops

FOLDER = Path(make.__file__).parent
OURS = sorted(FOLDER.glob("py-*.json"))
FILES = OURS + sorted(FOLDER.glob("ts-*.json"))


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_ends_as_written(path: Path) -> None:
    cases = load(path)["cases"]
    assert cases
    wrong = [
        f"{case['op']}: {case['name']}: {ended}"
        for case in cases
        if (ended := ops.run(case)) != (case["out"], case["fails"])
    ]
    assert wrong == []


def test_written_anew_the_files_are_the_same_to_the_byte(tmp_path: Path) -> None:
    make.main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in OURS}
    for path in OURS:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), (
            f"{path.name}: python -m tests.vectors.make"
        )


def test_most_cases_fail_and_both_ways_of_failing_occur() -> None:
    ends = Counter(case["fails"] for path in OURS for case in load(path)["cases"])
    figures.note(
        "vectors from Python, in Python",
        f"{ends[None]} pass, {ends['malformed']} malformed, {ends['refused']} refused",
    )
    assert ends[None] > 150
    assert ends["malformed"] > 4 * ends[None]
    assert ends["refused"] > 1.5 * ends[None]


def test_every_op_has_a_passing_and_a_failing_case() -> None:
    files = [*OURS, FOLDER / "desk-loans.json"]
    seen = {(case["op"], case["fails"] is None) for path in files for case in load(path)["cases"]}
    cannot_fail = {"hash", "mac", "kdf", "sign", "secret", "number", "audience", "sign request"}
    assert {op for op, passes in seen if passes} == set(ops.OPS)
    assert {op for op, passes in seen if not passes} == set(ops.OPS) - cannot_fail


def test_no_two_cases_of_a_file_share_a_name() -> None:
    for path in FILES:
        names = Counter((case["op"], case["name"]) for case in load(path)["cases"])
        assert [name for name, count in names.items() if count > 1] == []
