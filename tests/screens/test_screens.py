"""The gallery of the app is whole, and what stands in it is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.chromium import ROOT
from tests.screens.make import FOLDER, PAGE, document, files, make
from tests.screens.walk import VIEWS

#: Seen for a moment, or said as another one says it.
PASSING = {"broken", "letter-working", "loading", "pin-working"}
MOST_BYTES = 6_250_000


def test_every_screen_is_walked_over() -> None:
    # The offline page's own screens are looked over where it is opened: tests/browser/test_app_offline.py.
    paths = (path for path in (ROOT / "webapp" / "src").rglob("*.tsx") if "offline" not in path.parts)
    sources = (path.read_text("utf-8") for path in paths)
    known = {name for text in sources for name in re.findall(r'<Screen\s+id="([a-z-]+)"', text)}
    assert len(known) > 30
    missing = known - PASSING - {view.split(".")[0] for view in VIEWS}
    assert not missing, f"no chapter of tests/screens/walk.py stops at {sorted(missing)}"


def test_every_picture() -> None:
    assert (FOLDER / PAGE).read_text("utf-8") == document(), f"{PAGE} is old: run `make screens`"
    assert set(FOLDER.glob("*/*")) == set(files(FOLDER)), (
        "pictures are missing or left over: run `make screens`"
    )
    assert sum(each.stat().st_size for each in files(FOLDER)) < MOST_BYTES


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_without_fault_and_made_anew_the_same(tmp_path: Path) -> None:
    """Byte for byte; what differs was changed without `make screens`, or hangs on chance or the machine's time."""
    assert make(tmp_path, VIEWS) == len(files(FOLDER))
    names = [each.relative_to(FOLDER) for each in files(FOLDER)]
    assert [
        str(each) for each in names if (tmp_path / each).read_bytes() != (FOLDER / each).read_bytes()
    ] == []
