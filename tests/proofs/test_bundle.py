"""Whoever builds the phone app from the same source gets the same bytes, wherever, whenever and as whom."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from handlers.bundle import Bundle, groups
from tests.browser.chromium import node
from tests.proofs import figures
from tests.proofs.cleanroot import REPOSITORY

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]


def built(folder: Path, work: Path, **environment: str) -> dict[str, bytes]:
    """Every file that `npm run build` makes of a copy of the source, by its path."""
    ignored = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(REPOSITORY / "webapp", folder / "webapp", ignore=ignored)
    shutil.copytree(REPOSITORY / "locales", folder / "locales")
    modules = REPOSITORY / "webapp" / "node_modules"
    shutil.copytree(modules, folder / "webapp" / "node_modules", symlinks=True, copy_function=_linked)
    for path in folder.glob("webapp/src/**/*"):
        os.utime(path, (1, 1) if environment else None)
    program = node()
    npm = program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = subprocess.run(
        [program, npm, "--prefix", folder / "webapp", "run", "build", "--silent"],
        cwd=work,
        env={"PATH": f"{program.parent}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    dist = folder / "webapp" / "dist"
    return {
        str(path.relative_to(dist)): path.read_bytes() for path in sorted(dist.rglob("*")) if path.is_file()
    }


def _linked(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy2(source, target)
    return target


def test_two_clean_builds_are_the_same_bytes(tmp_path: Path) -> None:
    first = built(tmp_path / "here", tmp_path)
    elsewhere = {
        "TZ": "Asia/Kabul",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
        "USER": "somebody",
        "NODE_ENV": "production",
    }
    second = built(tmp_path / "a" / "longer way" / "elsewhere", Path("/"), **elsewhere)
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []
    bundle = Bundle.parse(first["bundle.json"])
    assert {path for path in first if not path.startswith(".")} == {*bundle.files, "bundle.json"}
    figures.note("bundle", f"{bundle.hash} ({groups(bundle.hash)})")
    figures.note("files", str(len(bundle.files)))
