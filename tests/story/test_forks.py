"""A forked command does what its script does, for whoever starts it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.forks import Forks
from tests.story.stage import at_once

pytestmark = pytest.mark.prove
ENVIRONMENT = {**os.environ, "COLUMNS": "120"}


@pytest.fixture
def forks() -> Iterator[Forks]:
    made = Forks(["qasid-desk", "--help"], ["httpcore"], ENVIRONMENT)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--home", "nobody", "status", "--json"], 1),
        (["case", "nonsense"], 2),
        (["--home", "nobody", "reply", "K-4821", "-", "--json"], 1),
    ],
)
def test_it_says_and_ends_as_the_script_does(
    forks: Forks, tmp_path: Path, arguments: list[str], code: int
) -> None:
    plain = subprocess.run(
        [forks.script, *arguments],
        env=ENVIRONMENT, cwd=tmp_path, input="text", capture_output=True, text=True, check=False,
    )  # fmt: skip
    forked = forks.run(*arguments, environment=ENVIRONMENT, folder=tmp_path, stdin="text")
    assert (forked.returncode, forked.stdout, forked.stderr) == (code, plain.stdout, plain.stderr)
    assert plain.returncode == code


def test_each_has_its_own_environment_and_draws_its_own_keys(forks: Forks, tmp_path: Path) -> None:
    def init(name: str) -> str:
        word = tmp_path / f"{name}.word"
        word.write_text("seven quiet rivers under snow")
        word.chmod(0o600)
        made = {**ENVIRONMENT, "QASID_DESK_ROOT_PASSPHRASE_FILE": str(word)}
        return forks.run(
            "root", "init", "--medium", name, "--quick-kdf", "--json", environment=made, folder=tmp_path
        ).stdout  # fmt: skip

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = at_once(lambda: init("a"), lambda: init("b"))
    assert all((tmp_path / name / "root.qasid-key").is_file() for name in "ab")
    assert first != second  # no two of them draw the same keys
