"""As tests/proofs/test_parts.py asks, of this folder, which `make test` collects apart."""

import pytest

from tests import parts


def test_every_proof_is_in_a_part(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.stash[parts.FORGOTTEN] == []
