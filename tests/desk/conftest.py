"""One relay and one office for a module: a lie that is refused must change nothing for the tests after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.house import House, Office
from tests.phone import Phone


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(scope="module")
def common_office(shared: House) -> Office:
    return Office.found(shared)


@pytest.fixture
def office(common_office: Office) -> Iterator[Office]:
    yield common_office
    common_office.house.lie = None
    common_office.house.down = False


@pytest.fixture
def house(office: Office) -> House:
    return office.house


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Office]:
    """An office of one's own, for tests that change its roster."""
    with House(tmp_path) as made:
        yield Office.found(made)


@pytest.fixture(scope="module")
def known(common_office: Office) -> tuple[Phone, str]:
    """An enrolled phone that several tests may write to, and its alias."""
    return common_office.enrolled()
