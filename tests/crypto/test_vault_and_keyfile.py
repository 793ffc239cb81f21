"""Files that hold keys: made once, private, whole or not at all; every way of being wrong says what to do."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import keyfile
from crypto.errors import CryptoError, Malformed, Refused
from crypto.keyfile import Cost, WrongPassphrase
from crypto.record import unrec
from crypto.vault import Vault
from tests.vectors.world import flip, seeded

VAULT = Vault(seeded("vault key"))
ids = st.integers(-(2**63), 2**63 - 1)


def test_a_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "vault.key"
    made = Vault.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 32
    assert Vault.load(path).open_id(made.seal_id(7)) == 7
    before = path.read_bytes()
    with pytest.raises(Refused, match="never overwritten"):
        Vault.create(path)
    assert path.read_bytes() == before


def test_what_was_sealed_for_one_purpose_opens_for_no_other() -> None:
    assert VAULT.open_enclosed(VAULT.seal_enclosed("qasid1.AQAB")) == "qasid1.AQAB"
    assert VAULT.seal_enclosed("a") != VAULT.seal_enclosed("a")
    for sealed in (VAULT.seal_press("a"), VAULT.seal_id(7), flip(VAULT.seal_enclosed("a"), -1), b""):
        with pytest.raises(Refused):
            VAULT.open_enclosed(sealed)


def test_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        Vault.create(tmp_path / "vault.key")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"missing: restore it from its backup"):
        Vault.load(tmp_path / "vault.key")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o644, 0o601])
def test_a_key_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "vault.key"
    Vault.create(path)
    path.chmod(mode)
    with pytest.raises(Refused, match="chmod 600"):
        Vault.load(path)


@pytest.mark.parametrize("size", [0, 31, 33, 65])
def test_a_damaged_key_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "vault.key"
    path.write_bytes(bytes(size))
    path.chmod(0o600)
    with pytest.raises(Refused, match="damaged"):
        Vault.load(path)


def test_a_folder_as_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        Vault.load(tmp_path)


def test_a_key_of_another_size_is_no_vault() -> None:
    with pytest.raises(Malformed):
        Vault(bytes(31))


@given(ids)
def test_ids_open_again_and_look_different_each_time(number: int) -> None:
    one, two = VAULT.seal_id(number), VAULT.seal_id(number)
    assert VAULT.open_id(one) == VAULT.open_id(two) == number
    assert one != two
    assert len(one) == 48
    assert VAULT.index(number) == Vault(seeded("vault key")).index(number)


@given(ids, ids)
def test_the_index_tells_ids_and_keys_apart(one: int, two: int) -> None:
    assert (VAULT.index(one) == VAULT.index(two)) == (one == two)
    assert VAULT.index(one) != Vault(seeded("another key")).index(one)
    assert str(one).encode() not in VAULT.index(one) + VAULT.seal_id(one) or abs(one) < 1000


def test_a_changed_or_foreign_id_is_refused() -> None:
    sealed = VAULT.seal_id(123456789)
    for at in range(len(sealed)):
        with pytest.raises(Refused):
            VAULT.open_id(flip(sealed, at))
    for data in (b"", sealed[:23], sealed[:-1], sealed + b"\0"):
        with pytest.raises(Refused):
            VAULT.open_id(data)
    with pytest.raises(Refused, match="is this the vault key"):
        Vault(seeded("another key")).open_id(sealed)
    with pytest.raises(Malformed):
        VAULT.seal_id(2**63)


# Passphrase-sealed files


@settings(max_examples=20, deadline=None)
@given(secret=st.binary(max_size=2000), passphrase=st.text(st.characters(), min_size=1, max_size=40))
def test_a_sealed_file_reads_back(tmp_path_factory, secret: bytes, passphrase: str) -> None:
    path = tmp_path_factory.mktemp("keys") / "desk.key"
    keyfile.write(path, secret, passphrase, Cost.QUICK)
    assert keyfile.read(path, passphrase) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["desk.key"]
    if len(set(secret)) > 8:  # nine zeros, say, stand in any header
        assert secret not in path.read_bytes()
    with pytest.raises(WrongPassphrase):
        keyfile.read(path, passphrase + "x")


def test_replacing_keeps_the_old_file_when_the_disk_says_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.key"
    keyfile.write(path, b"old", "passphrase", Cost.QUICK)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keyfile.write(path, b"new", "passphrase", Cost.QUICK)
    monkeypatch.undo()
    assert keyfile.read(path, "passphrase") == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["desk.key"]


def test_what_is_written_is_on_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    sync, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        events.append("fsync")
        sync(descriptor)

    def replaced(self: Path, target: Path) -> Path:
        events.append("replace")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replaced)
    keyfile.write(tmp_path / "desk.key", b"secret", "passphrase", Cost.QUICK)
    assert events == ["fsync", "replace", "fsync"]


def test_the_default_cost_is_strong_and_stored(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    keyfile.write(path, b"root", "passphrase")
    sealed = path.read_bytes().removeprefix(keyfile._MAGIC)
    assert Cost.parse(unrec(sealed)[0]) == Cost(3, 64 * 1024)
    assert keyfile.read(path, "passphrase") == b"root"


def test_no_byte_of_a_sealed_file_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    keyfile.write(path, b"secret", "passphrase", Cost.QUICK)
    whole = path.read_bytes()
    # Bytes of the cost may ask for much memory before they fail: the low bits of it will do.
    for at in range(len(whole)):
        path.write_bytes(flip(whole, at))
        with pytest.raises(CryptoError):
            keyfile.read(path, "passphrase")
    for data in (b"", whole[:-1], whole + b"\0", whole[:40]):
        path.write_bytes(data)
        with pytest.raises(CryptoError):
            keyfile.read(path, "passphrase")


def test_a_file_cannot_ask_for_endless_work(tmp_path: Path) -> None:
    for cost in ((65, 8), (1, 1024 * 1024 + 1), (0, 8), (1, 7)):
        with pytest.raises(Malformed):
            Cost(*cost)


def test_missing_files_and_empty_passphrases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no key file"):
        keyfile.read(tmp_path / "none", "x")
    with pytest.raises(Refused, match="cannot be read"):
        keyfile.read(tmp_path, "x")
    with pytest.raises(Refused, match="empty passphrase"):
        keyfile.write(tmp_path / "desk.key", b"x", "")
    assert list(tmp_path.iterdir()) == []


def test_a_pressed_button_is_sealed_apart_from_ids() -> None:
    pressed = str(58_439_047 << 32 | 7)
    sealed = VAULT.seal_press(pressed)
    assert sealed != VAULT.seal_press(pressed)
    assert VAULT.open_press(sealed) == pressed
    assert pressed.encode() not in sealed
    for other in (lambda: VAULT.open_id(sealed), lambda: VAULT.open_press(VAULT.seal_id(7))):
        with pytest.raises(Refused, match="does not open"):
            other()
    with pytest.raises(Refused, match="does not open"):
        VAULT.open_press(flip(sealed, len(sealed) - 1))
