"""A desk in one file, and the new device that is made from it."""

import tarfile
from pathlib import Path

import pytest

from crypto.content import Inner
from crypto.encoding import b64u
from crypto.keyfile import Cost
from crypto.keys import DeviceKeys
from desk import backup, medium, sheet
from desk.devices import new_state
from desk.errors import DeskError, UsageError
from desk.state import Message, Queued, State
from tests.desk.before import as_before
from tests.desk.house import PASSPHRASE, Desk, Office

WORD = "another five dry words"
MADE = 1_700_000_000


def silent(_what: str, _done: int, _of: int) -> None:
    pass


@pytest.fixture
def state() -> State:
    made = new_state("https://relay.example.org", bytes(32), b"o" * 16, MADE)
    made.refused = {str(n): "x" * 50 for n in range(200)}
    return made


def written(tmp_path: Path, state: State) -> Path:
    path = tmp_path / "desk.qasid-backup"
    backup.write(path, state, WORD, Cost.QUICK, now=MADE, tick=silent)
    return path


def test_a_backup_comes_back_whole_in_parts(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PART_SIZE", 1000)
    path = written(tmp_path, state)
    made, held = backup.read(path, WORD)
    assert held == state
    assert made.parts > 5
    assert path.stat().st_mode & 0o777 == 0o600
    assert [child.name for child in tmp_path.iterdir()] == [path.name]
    assert b"relay.example.org" not in path.read_bytes()


def test_nothing_is_overwritten(tmp_path: Path, state: State) -> None:
    path = tmp_path / "other"
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        backup.write(path, state, WORD, Cost.QUICK, now=MADE, tick=silent)
    assert path.read_text() == "mine"


def test_what_does_not_open_again_does_not_stay(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "read", lambda *_: (None, None))
    with pytest.raises(DeskError, match="does not open"):
        written(tmp_path, state)
    assert list(tmp_path.iterdir()) == []


def test_wrong_passphrases_and_every_cut_are_found(tmp_path: Path, state: State) -> None:
    path = written(tmp_path, state)
    with pytest.raises(DeskError, match="passphrase is wrong"):
        backup.read(path, "not this one at all")
    whole = path.read_bytes()
    end = len(whole.rstrip(b"\0"))
    for size in (0, 100, 600, end // 2, end - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(DeskError):
            backup.read(path, WORD)
    for at in (1500, end // 2, end - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(DeskError):
            backup.read(path, WORD)
    path.write_bytes(whole)
    assert backup.read(path, WORD)[1] == state


def test_parts_of_another_backup_do_not_fit(tmp_path: Path, state: State) -> None:
    path = written(tmp_path, state)
    other = tmp_path / "second"
    backup.write(other, state, WORD, Cost.QUICK, now=MADE, tick=silent)
    mixed = tmp_path / "mixed"
    with tarfile.open(mixed, "w") as into, tarfile.open(path) as one, tarfile.open(other) as two:
        for tar, name in ((one, "manifest"), (two, "part-00000")):
            member = tar.getmember(name)
            into.addfile(member, tar.extractfile(member))
    with pytest.raises(DeskError):
        backup.read(mixed, WORD)


def test_a_backup_of_before_is_read(tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(backup, "FORMAT", 1)
        older.setattr(backup, "encode", as_before)
        path = written(tmp_path, state)
    assert backup.read(path, WORD)[1] == state


def test_a_newer_format_says_so(tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(backup, "FORMAT", backup.FORMAT + 1)
        newer.setattr(backup, "READ", {backup.FORMAT})
        path = written(tmp_path, state)
    with pytest.raises(DeskError, match="another version"):
        backup.read(path, WORD)


def test_who_comes_back_is_another_device_of_the_same_officer(state: State) -> None:
    old = DeviceKeys.parse(state.device)
    own = f"{old.record.device.hex()}:thread"
    state.chains, state.card_counter, state.granted = {own: b"inner"}, 7, {"d": ["e"]}
    state.outbox = [Queued(b"e" * 16, b"", b"", [], 0, 0, own, b"")]
    state.messages = [
        Message(1, b"e" * 16, b"s", "K-1", b"c", True, "text", "t", "", b"t", b"h", 1, 1, receipt=""),
        Message(2, b"f" * 16, b"s", "K-1", b"c", True, "text", "t", "", b"t", b"h", 1, 1, receipt="opened"),
    ]
    back = backup.reborn(state, MADE + 5)
    new = DeviceKeys.parse(back.device)
    assert new.record.owner == old.record.owner
    assert new.record.device != old.record.device
    assert (new.sign_seed, new.record.dh_pk) != (old.sign_seed, old.record.dh_pk)
    assert DeviceKeys.parse(back.predecessor) == old
    assert (back.registered, back.card_counter, back.granted, back.outbox) == (False, 0, {}, [])
    assert [message.receipt for message in back.messages] == ["failed", "opened"]
    assert back.chains == {own: b"inner"}


def test_an_offices_only_desk_comes_back_from_an_old_backup(fresh: Office) -> None:
    """Letters sent after the backup used counters the backup does not know: the restored desk uses none of them."""
    phone, alias = fresh.enrolled()
    first, kept = fresh.first, fresh.house.folder / "kept"
    first.ok("reply", alias, "one")
    secret = fresh.house.folder / "backup.passphrase"
    secret.write_text(WORD)
    secret.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QASID_DESK_BACKUP_PASSPHRASE_FILE", str(secret))
        secret.write_text(PASSPHRASE)
        assert "of its own" in first.no("backup", str(kept), code="usage", exit_code=2)
        assert not kept.exists()
        secret.write_text(WORD)
        made = first.ok("backup", str(kept), "--quick-kdf")
        assert "exists already" in first.no("backup", str(kept), code="usage", exit_code=2)
        first.ok("reply", alias, "two")
        assert phone.fetch() == 2
        first.no("restore", str(kept), "--yes", code="usage", exit_code=2)
        again = Desk(fresh.house, fresh.house.folder / "desk-again")
        again.no("restore", str(kept), code="not_confirmed", exit_code=2)
        done = again.ok("restore", str(kept), "--medium", str(fresh.medium), "--yes", "--quick-kdf")
    assert done["made_at"] == made["made_at"]
    assert (done["role_code"], done["removed"]) == ("C-01", done["replaces"])
    assert first.call("inbox").code == 1  # the old device stands no more
    shown = again.ok("roster", "show")
    assert [e["device"] for e in shown["entries"] if e["role_code"] == "C-01"] == [done["device"]]
    assert any(epoch["held"] for epoch in shown["epochs"])
    phone.follow()
    phone.write("after the loss")
    again.ok("inbox")
    assert again.ok("reply", alias, "three")["state"] == "accepted"
    assert phone.fetch() == 1
    assert phone.refused == []
    texts = [message.text for message in again.state().messages]
    assert "after the loss" in texts
    mine = [name for name in again.state().chains if name.startswith(f"{done['device']}:")]
    assert any(Inner.parse(again.state().chains[name]).counter == 1 for name in mine)
    assert again.state().predecessor == b""


def test_the_recovery_sheet_holds_the_root_and_no_secret(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    root = medium.create(stick, stick, WORD, Cost.QUICK)
    page = tmp_path / "sheet.html"
    sheet.write(page, root, MADE)
    text = page.read_text()
    assert b64u(root.office) in text
    assert "root succession" in text
    assert b64u(root.seed) not in text
    assert root.seed.hex() not in text
    assert page.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        sheet.write(page, root, MADE)
