"""Expecting a rule's refusal by its code."""

import pytest

from relay.errors import RelayError


def fails(code: str) -> "pytest.RaisesExc[RelayError]":
    return pytest.raises(RelayError, check=lambda error: error.code == code)
