"""No test is left to `make prove` that it does not run; tests/conftest.py finds out of whatever is collected."""

import sys

import pytest

from tests import parts
from tests.parts import Part


@pytest.fixture
def item(request: pytest.FixtureRequest) -> pytest.Item:
    """A test of this file, as if it were marked prove."""
    request.node.add_marker(pytest.mark.prove)
    return request.node


def test_every_proof_is_in_a_part(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.stash[parts.FORGOTTEN] == []


def test_who_is_in_no_part_is_named(item: pytest.Item) -> None:
    (name,) = parts.forgotten([item, item])
    assert name.endswith("test_parts.py::test_who_is_in_no_part_is_named")


@pytest.mark.parametrize(
    ("where", "runs"),
    [
        (("tests/proofs",), True),
        (("tests/proofs/test_parts.py",), True),
        (("tests/handlers", "tests/proofs"), True),
        (("tests/proof",), False),
        (("tests/handlers",), False),
        (("tests/proofs", "-k", "meets and not other"), True),
        (("tests/proofs", "-k", "not test_parts"), False),
        (("tests/proofs", "-m", "not prove"), False),
    ],
)
def test_a_part_meets_what_pytest_would(item: pytest.Item, where: tuple[str, ...], runs: bool) -> None:
    assert Part("one", "", (parts.tests(*where),)).runs(item) is runs


def test_on_postgresql_alone_is_not_enough(item: pytest.Item) -> None:
    assert not Part(
        "one", "", (parts.on_postgres("tests/proofs"), (sys.executable, "-m", "tests.story"))
    ).runs(item)


def test_what_is_not_marked_is_left_to_make_test(request: pytest.FixtureRequest) -> None:
    assert parts.forgotten([request.node]) == []
