"""One relay and one office for a module: a lie that is refused must change nothing for the tests after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desk.house import House, Office, near
from tests.desk.kept import Kept
from tests.phone import Phone


@pytest.fixture(scope="session", autouse=True)
def _near() -> Iterator[None]:
    """Desks that run in processes of their own, here and in the story, do take the socket."""
    with near():
        yield


@pytest.fixture(scope="session")
def _common(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Kept]]:
    with founded(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(scope="session")
def _fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Kept]]:
    with founded(tmp_path_factory.mktemp("fresh")) as made:
        yield made


@contextmanager
def founded(folder: Path) -> Iterator[tuple[Office, Kept]]:
    """A house with nothing but an office in it, and what brings it back to that."""
    with House(folder) as house:
        office = Office.found(house)
        yield office, Kept(house)


@pytest.fixture(scope="module")
def common_office(_common: tuple[Office, Kept]) -> Office:
    office, kept = _common
    kept.restore()
    return office


@pytest.fixture
def office(common_office: Office) -> Iterator[Office]:
    yield common_office
    common_office.house.lie = None
    common_office.house.down = False


@pytest.fixture
def house(office: Office) -> House:
    return office.house


@pytest.fixture
def fresh(_fresh: tuple[Office, Kept]) -> Office:
    """An office of one's own, for tests that change its roster."""
    office, kept = _fresh
    kept.restore()
    return office


@pytest.fixture(scope="module")
def known(common_office: Office) -> tuple[Phone, str]:
    """An enrolled phone that several tests may write to, and its alias."""
    return common_office.enrolled()
