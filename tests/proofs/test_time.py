"""`make check` and `make test` together stay under five minutes."""

from __future__ import annotations

import subprocess
import time

import pytest

from tests.proofs import figures
from tests.proofs.cleanroot import REPOSITORY

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]


def test_check_and_test_take_less_than_five_minutes_together() -> None:
    began = time.monotonic()
    for target in ("check", "test"):
        subprocess.run(["make", target], cwd=REPOSITORY, check=True)
    took = time.monotonic() - began
    figures.note("make check + make test", f"{took:.0f} s")
    assert took < 300
