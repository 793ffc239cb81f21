"""A registered office on each database."""

from pathlib import Path

import pytest

from crypto.vault import Vault
from store.engine import Store
from tests.relay.house import House

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In every run all tests meet SQLite, and every third one PostgreSQL, with the first of its inputs.

    PostgreSQL takes two to three times as long. The rest of it is a part of `make prove`, databases.
    """
    tests: dict[Path, dict[str, int]] = {}
    for item in items:
        given = getattr(item, "callspec", None)
        if item.path.parent == HERE and given and given.params.get("database_url") == "postgresql":
            seen = tests.setdefault(item.path, {})
            name: str = item.originalname  # type: ignore[attr-defined]
            if name in seen or len(seen) % 3:
                item.add_marker(pytest.mark.prove)
            seen.setdefault(name, len(seen))


@pytest.fixture
def house(store: Store, vault: Vault) -> House:
    return House(store, vault).register()
