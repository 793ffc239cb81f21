"""The vault key is exchanged while relays run: nobody is lost or met twice, and nothing is left that needs the old."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crypto.errors import Refused
from crypto.vault import KEY_SIZE, SETTLE, Vault
from handlers.jobs import Jobs
from relay import accounts, inbox, vaulting
from relay.inbox import Update
from relay.vaulting import Left
from store import accounts as account_rows
from store.tables.chat import accounts as table
from tests.relay.house import House

CHATS = range(100, 112)


@pytest.fixture(autouse=True)
def _few(monkeypatch) -> None:
    """So that a walk takes several steps."""
    monkeypatch.setattr(vaulting.reseal, "__defaults__", (0, 5))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Vault.create(tmp_path / "vault.key")
    return tmp_path / "vault.key"


@pytest.fixture
def house(store, path) -> House:
    return House(store, Vault.load(path)).register()


def settle(path: Path) -> None:
    """As if the key had stood there for long enough."""
    past = time.time() - SETTLE.total_seconds() - 1
    os.utime(path, (past, past))


def known(house: House, vault: Vault, chat: int) -> int:
    return house.write(accounts.known, vault, chat, house.now).id


def left(house: House, vault: Vault) -> Left:
    return house.read(vaulting.left, vault)


def reseal(house: House, vault: Vault) -> int:
    """As the job of the relay that has this vault."""

    async def telegram() -> None:
        """Not asked."""

    jobs = Jobs(house.store, vault, lambda: None, telegram)
    return asyncio.run(jobs.vault(house.now)).count


def test_two_relays_side_by_side_meet_everybody_once(house, path):
    """One has run since before the exchange, one started after it; both read the file as it is."""
    running = house.vault
    ids = {chat: known(house, running, chat) for chat in CHATS}
    running.rotate()
    started = Vault.load(path)
    ids[200] = known(house, started, 200)
    assert not started.settled
    assert reseal(house, started) == 0, "the other might not have read the new key yet"
    assert left(house, running).accounts == len(ids)
    settle(path)
    ids[201] = known(house, running, 201)
    assert left(house, started).accounts == len(ids) - 1, "what is new is sealed with the new key"
    assert house.write(vaulting.reseal, running, 0, 5).count == 5  # killed in the middle, and begun anew
    for vault in (running, started):
        assert {chat: known(house, vault, chat) for chat in ids} == ids
    assert reseal(house, started) == len(ids) - 1 - 5
    assert reseal(house, running) == 0
    assert left(house, running) == Left(0, 0, 0, 0)
    started.retire()
    for vault in (running, started, Vault.load(path)):
        assert not vault.rotating
        assert {chat: known(house, vault, chat) for chat in ids} == ids
    count = house.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar())
    assert count == len(ids)
    rows = house.read(account_rows.sealed, 0, 100)
    assert {row.id: running.open_id(row.sealed) for row in rows} == {row: chat for chat, row in ids.items()}


def test_what_waits_opens_and_is_counted_until_it_is_dealt_with(house, path):
    vault = house.vault
    pressed = Update(1, 100, {"callback_query": {}}, callback_id="771")
    typed = Update(2, 100, {"message": {}}, enclosed="qasid1.AQAB")
    house.write(inbox.take, vault, [pressed, typed, Update(3, 100, {"message": {}})], house.now)
    vault.rotate()
    settle(path)
    assert reseal(house, vault) == 1
    assert left(house, vault) == Left(0, 2, 0, 0)
    (one, two, _) = house.read(inbox.pending, vault)
    assert (one.callback_id, two.enclosed, one.chat) == ("771", "qasid1.AQAB", 100)
    house.write(inbox.done, 1, house.now)
    assert left(house, vault).total == 1
    house.write(inbox.done, 2, house.now)
    assert left(house, vault).total == 0


def test_a_damaged_row_holds_nothing_up(house, path):
    vault = house.vault
    first, second = known(house, vault, 100), known(house, vault, 101)
    house.write(account_rows.change, first, sealed=bytes(48))
    vault.rotate()
    settle(path)
    assert reseal(house, vault) == 1
    assert left(house, vault).total == 0
    assert known(house, vault, 101) == second


def test_a_button_of_the_old_key_counts(house):
    old = house.vault.tag(b"button")
    house.vault.rotate()
    assert old in house.vault.tags(b"button")


def test_the_file_of_keys(path):
    vault, before = Vault.load(path), path.read_bytes()
    with pytest.raises(Refused, match="one vault key only"):
        vault.retire()
    vault.rotate()
    assert path.read_bytes()[KEY_SIZE:] == before
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="exchanged already"):
        Vault.load(path).rotate()
    sealed = vault.seal_id(7)
    path.write_bytes(b"damaged")
    assert vault.open_id(sealed) == 7, "whoever has read it goes on"
    path.unlink()
    assert vault.open_id(sealed) == 7
    with pytest.raises(Refused, match="missing"):
        Vault.load(path)
    for wrong in (0, 31, 33, 63, 65, 96):
        path.write_bytes(bytes(wrong))
        path.chmod(0o600)
        with pytest.raises(Refused, match="damaged"):
            Vault.load(path)


def test_a_full_disk_leaves_the_old_key(path, monkeypatch):
    vault, before = Vault.load(path), path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            vault.rotate()
    assert (path.read_bytes(), [each.name for each in path.parent.glob("vault*")]) == (before, ["vault.key"])
    (path.parent / "vault.key.new").write_bytes(b"of a power cut")
    vault.rotate()
    assert vault.rotating
