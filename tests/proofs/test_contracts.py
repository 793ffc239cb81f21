"""A server module that reaches `crypto.sealing` or `crypto.hpke`, directly or through another, breaks `make check`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("crypto", "desk", "emulator", "handlers", "relay", "store", "words")
CONTRACT = "The server can neither seal nor open"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(
            REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(
        command,
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin"},
    )


def broken(result: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in result.stdout.splitlines() if line.rstrip().endswith("BROKEN")]


def test_the_tree_as_it_stands_keeps_every_contract(tree: Path) -> None:
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("package", ["handlers", "relay", "store"])
@pytest.mark.parametrize("module", ["crypto.sealing", "crypto.hpke", "crypto.keys"])
def test_reaching_it_directly_breaks_the_check(tree: Path, package: str, module: str) -> None:
    (tree / package / "leak.py").write_text(f'"""Sabotage."""\n\nimport {module}\n\n__all__ = ["crypto"]\n')
    result = lint(tree)
    assert result.returncode != 0
    assert any(CONTRACT in line for line in broken(result)), result.stdout


def test_reaching_it_through_another_module_breaks_the_check(tree: Path) -> None:
    (tree / "crypto" / "innocent.py").write_text(
        '"""Sabotage."""\n\nfrom crypto.sealing import open_envelope\n\n__all__ = ["open_envelope"]\n'
    )
    (tree / "relay" / "leak.py").write_text(
        '"""Sabotage."""\n\nfrom crypto import innocent\n\n__all__ = ["innocent"]\n'
    )
    result = lint(tree)
    assert result.returncode != 0
    assert any(CONTRACT in line for line in broken(result)), result.stdout
