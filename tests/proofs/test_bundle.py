"""Whoever builds the phone app from the same source gets the same bytes, wherever, whenever and as whom."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from handlers.bundle import Bundle, groups
from tests.browser import fakerelay
from tests.browser.chromium import launcher, node
from tests.proofs import figures
from tests.proofs.cleanroot import REPOSITORY
from tests.screens.stage import staged

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]


def built(
    folder: Path, work: Path, *, voices: Mapping[str, bytes] | None = None, **environment: str
) -> dict[str, bytes]:
    """Every file that `npm run build` makes of a copy of the source, by its path; with these recordings beside it."""
    ignored = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(REPOSITORY / "webapp", folder / "webapp", ignore=ignored)
    shutil.copytree(REPOSITORY / "locales", folder / "locales")
    modules = REPOSITORY / "webapp" / "node_modules"
    shutil.copytree(modules, folder / "webapp" / "node_modules", symlinks=True, copy_function=_linked)
    for path in folder.glob("webapp/src/**/*"):
        os.utime(path, (1, 1) if environment else None)
    for name, recording in (voices or {}).items():
        (folder / "webapp" / "voices").mkdir(exist_ok=True)
        (folder / "webapp" / "voices" / name).write_bytes(recording)
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


def test_an_office_puts_its_own_voices_into_its_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are a part of what can be compared, fetched only when touched, and played in the page's own policy."""
    spoken = bytes(range(256)) * 40
    own = built(tmp_path / "own", tmp_path, voices={"fa-AF.mp3": spoken})
    (recording,) = [path for path in own if path.endswith(".mp3")]
    assert own[recording] == spoken
    assert recording in Bundle.parse(own["bundle.json"]).files
    assert not any(
        path.endswith(".mp3") or b"virtual:voices" in own[path] for path in own if "offline" in path
    )
    monkeypatch.setattr(fakerelay, "DIST", tmp_path / "own" / "webapp" / "dist")
    with sync_playwright() as playwright, fakerelay.ground() as server:
        browser = playwright.chromium.launch(**launcher())
        with staged(browser, server, "en") as stage:
            page = stage.page
            # Not every Chromium can play what every phone can.
            page.evaluate(
                """HTMLMediaElement.prototype.play = function () {
                  document.title = this.src;
                  return Promise.resolve();
                }"""
            )
            expect(page.get_by_test_id("voice-fa-AF")).to_have_accessible_name("دری")
            expect(page.get_by_test_id("voice-en")).to_have_count(0)
            assert recording not in stage.relay.files
            stage.phone.tap("voice-fa-AF")
            page.wait_for_function("() => document.title.startsWith('blob:')")
            assert stage.relay.files.count(recording) == 1
        browser.close()
