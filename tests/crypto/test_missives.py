"""Messages between offices: the vectors, and that one wrap for another office opens there alone."""

import json
from collections import Counter

import pytest

from crypto.errors import CryptoError, Malformed, Refused
from crypto.missive import SignedMissive, is_missive
from crypto.sealing import open_envelope, open_sealed, seal_missive
from tests.vectors import missives, world
from tests.vectors.missives import FILE, TEXT


def test_every_case_ends_as_written() -> None:
    cases = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
    wrong = [case["name"] for case in cases if missives.run(case) != (case["out"], case["fails"])]
    assert wrong == []
    names = Counter(case["name"] for case in cases)
    assert max(names.values()) == 1
    ends = Counter(case["fails"] for case in cases)
    assert ends["malformed"] > 80
    assert ends["refused"] > 20
    assert {case["op"] for case in cases if case["fails"] is None} == set(missives.OPS)


def test_written_anew_the_file_is_the_same() -> None:
    assert missives.make() == FILE.read_text(encoding="utf-8"), "python -m tests.vectors.missives"


@pytest.fixture(scope="module")
def theirs():
    """An epoch of the other office."""
    return world.pair("their epoch", world.OTHER_OFFICE)


def sealed(epoch, **changed) -> bytes:
    options = {
        "sender": world.COORDINATOR,
        "epoch": epoch.prekey,
        "now": world.NOW,
        "expires": world.NOW + 900,
    }
    return seal_missive(TEXT, **(options | changed))


def test_sealed_to_the_other_office_and_to_ones_own(theirs) -> None:
    own = world.EPOCHS[0]
    for pair in (theirs, own):
        opened = open_sealed(sealed(pair), sender=world.COORDINATOR.record, prekey=pair)
        assert is_missive(opened.content)
        assert SignedMissive.parse(opened.content).missive == TEXT
        with pytest.raises(Malformed):  # for what an office's own mail is, it is never taken
            open_envelope(sealed(pair), sender=world.COORDINATOR.record, prekey=pair)
    with pytest.raises(CryptoError):
        open_sealed(sealed(theirs), sender=world.SECOND.record, prekey=theirs)
    with pytest.raises(CryptoError):
        open_sealed(sealed(theirs), sender=world.COORDINATOR.record, prekey=own)


def test_what_is_not_sealed(theirs) -> None:
    third = world.pair("a third office's epoch", missives.THIRD)
    with pytest.raises(Refused):
        sealed(third)
    with pytest.raises(Refused):
        sealed(world.PHONE_PREKEY)
    with pytest.raises(Refused):
        sealed(theirs, sender=world.SECOND)
    with pytest.raises(Refused):
        sealed(theirs, now=theirs.prekey.seal_until)
