"""What a phone loads before its first screen, before it can read a letter, and before it can seal a message."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.proofs import figures
from tests.proofs.cleanroot import REPOSITORY

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
KIB = 1024


def test_the_apps_first_load() -> None:
    """What `npm run size` counts: the way in with one language and every cryptographic primitive."""
    done = subprocess.run(
        ["make", "--silent", "size"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    screen = re.search(r"(\d+)\s+first screen, gzip", done.stdout)
    first = re.search(r"(\d+)\s+first load, gzip", done.stdout)
    whole = re.search(r"(\d+)\s+to the first sealed message", done.stdout)
    assert screen
    assert first
    assert whole
    kib = [f"{int(each[1]) / KIB:.1f}" for each in (screen, first, whole)]
    figures.note(
        "first load, gzip",
        f"{kib[1]} KiB (first screen {kib[0]}, with the screens behind the lock {kib[2]})",
    )
    assert int(first[1]) <= 60 * KIB
