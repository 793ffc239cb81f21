"""tests/crew.py: what is shared among processes is run once each, and nothing that goes wrong in one is lost."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.proofs.cleanroot import REPOSITORY

FINE = """
import os, pathlib, pytest
@pytest.mark.parametrize("n", range(5))
def test_each(n):
    with (pathlib.Path(__file__).parent / "ran").open("a") as ran:
        ran.write(f"{__name__} {n} {os.getpid()}\\n")
"""
BAD = """
import pytest
def test_wrong():
    print("seen before it failed")
    assert [1] == [2]
def test_left_out():
    pytest.skip("not here")
"""
LATE = """
import pytest
@pytest.fixture(scope="session")
def thing():
    yield
    raise ValueError("too late")
def test_with_it(thing): pass
"""
DYING = """
import os
def test_dies(): os.kill(os.getpid(), 9)
def test_never_begun(): pass
"""


def run(folder: Path, *options: str, **files: str) -> tuple[int, str]:
    (folder / "pytest.ini").write_text("[pytest]\n")
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    pytest = [sys.executable, "-m", "pytest", "-p", "tests.crew", "--crew", "3"]
    command = [*pytest, *options, "-c", folder / "pytest.ini", folder]
    # Other plugins take longer to load than all this.
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=REPOSITORY, env=alone, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_every_test_runs_once_and_a_files_tests_together(tmp_path: Path) -> None:
    code, said = run(tmp_path, one=FINE, two=FINE, three=FINE, four=FINE)
    assert code == 0, said
    assert "20 passed" in said
    ran = [line.split() for line in (tmp_path / "ran").read_text().splitlines()]
    assert len({(file, number) for file, number, _ in ran}) == len(ran) == 20
    assert len({(file, pid) for file, _, pid in ran}) == 4


def test_whatever_goes_wrong_is_told(tmp_path: Path) -> None:
    code, said = run(tmp_path, fine=FINE, bad=BAD, late=LATE, dying=DYING)
    assert code == 1
    assert re.search(r"2 failed, 6 passed, 1 skipped, 1 error in", said), said
    assert "seen before it failed" in said
    assert "At index 0 diff: 1 != 2" in said
    assert "ValueError: too late" in said
    assert re.search(r"FAILED \S*test_dying.py::test_dies", said)
    assert "a process of the crew ended with -9" in said
    assert "tests that did not come to their end: 2" in said


def test_once_enough_has_failed_no_further_file_begins(tmp_path: Path) -> None:
    failing = {f"bad{number}": BAD for number in range(30)}
    code, said = run(tmp_path, "--maxfail=1", **failing)
    assert code == 1
    assert int(re.search(r"(\d+) failed", said)[1]) <= 3
    assert "stopping after" in said
