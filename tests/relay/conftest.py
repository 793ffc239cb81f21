"""A registered office on each database."""

from pathlib import Path

import pytest

from crypto.vault import Vault
from store.engine import Store
from tests.relay.house import House

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test's many inputs the first meets both databases in every run, the others PostgreSQL in `make prove`."""
    seen = set()
    for item in items:
        given = getattr(item, "callspec", None)
        if item.path.parent == HERE and given and given.params.get("database_url") == "postgresql":
            test = (item.path, item.originalname)  # type: ignore[attr-defined]
            if test in seen:
                item.add_marker(pytest.mark.prove)
            seen.add(test)


@pytest.fixture
def house(store: Store, vault: Vault) -> House:
    return House(store, vault).register()
