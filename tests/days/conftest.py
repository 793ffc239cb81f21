"""A small disk of a day's own, which can be filled and taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import volume
from tests.volume import MIB, Volume


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Volume]:
    if why := volume.refusal():
        pytest.fail(f"a disk of its own is needed for this day, and cannot be made here: {why}")
    with volume.volume(tmp_path, 64 * MIB) as made:
        yield made
