"""A registered office on each database."""

import pytest

from crypto.vault import Vault
from store.engine import Store
from tests.relay.house import House


@pytest.fixture
def house(store: Store, vault: Vault) -> House:
    return House(store, vault).register()
