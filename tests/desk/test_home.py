"""The sealed home: passphrases, locks, crashes, and that nothing lies about in clear."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import typer.testing

from crypto.encoding import b64u
from crypto.keyfile import Cost
from desk import home as homes
from desk.cli import app
from desk.devices import new_state
from desk.errors import DeskError, UnreachableError, UsageError
from desk.home import Home
from desk.office import Desk as Working
from desk.state import HeldLetter, Message, State
from tests.desk.house import PASSPHRASE, Desk, House, Office

WORD = "correct horse battery"
DAY = 86_400
MADE = 1_700_000_000
ENDS = MADE + 60 * DAY  # when the first prekey is to be destroyed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A home with a fresh state in it."""
    place = tmp_path / "home"
    made = Home.create(place, WORD, Cost.QUICK)
    made.save(new_state("https://relay.example.org", bytes(32), bytes(16), MADE))
    made.close()
    return place


def test_the_state_comes_back_as_it_was(folder: Path) -> None:
    home = Home.unlock(folder, WORD)
    state = home.load()
    message = Message(
        1, b"e" * 16, b"s" * 16, "K-1", b"c" * 16, True, "text", "سلام", "", b"t" * 16, b"h" * 32, 1, 2
    )
    state.messages.append(message)
    state.chains["a:b"] = b"\0\xff"
    home.save(state)
    assert home.load() == state
    home.close()


def test_a_large_state_goes_into_parts_and_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes, "PART_SIZE", 1000)
    home = Home.unlock(folder, WORD)
    state = home.load()
    state.refused = {str(n): "x" * 50 for n in range(200)}
    home.save(state)
    assert home.load() == state
    first = set(folder.glob("part-*"))
    assert len(first) > 5
    home.save(state)
    second = set(folder.glob("part-*"))
    assert not first & second
    state.refused = {}
    monkeypatch.setattr(homes, "PART_SIZE", 1_000_000)
    home.save(state)
    assert not list(folder.glob("part-*"))
    home.close()


def _dying(survive: int) -> Callable[[Path, Path], Path]:
    """Path.replace that works `survive` times."""
    left = [survive]

    def replace(source: Path, target: Path) -> Path:
        if not left[0]:
            raise OSError("the machine died")
        left[0] -= 1
        os.rename(source, target)  # noqa: PTH104  # the method is what is replaced
        return target

    return replace


@pytest.mark.parametrize("parted", [False, True])
def test_a_crash_while_saving_leaves_the_old_state(
    folder: Path, monkeypatch: pytest.MonkeyPatch, parted: bool
) -> None:
    home = Home.unlock(folder, WORD)
    old = home.load()
    changed = home.load()
    changed.refused = {str(n): "x" * 50 for n in range(200)}
    if parted:
        monkeypatch.setattr(homes, "PART_SIZE", 1000)
    for survive in range(4):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", _dying(survive))
            if parted or survive == 0:
                with pytest.raises(OSError, match="died"):
                    home.save(changed)
                assert home.load() == old
    home.save(changed)
    assert home.load() == changed
    home.close()


def test_a_wrong_passphrase_is_told_from_a_missing_desk(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="passphrase is wrong"):
        Home.unlock(folder, "something else")
    with pytest.raises(DeskError, match="no desk"):
        Home.unlock(tmp_path / "elsewhere", WORD)
    with pytest.raises(UsageError, match="a desk in"):
        Home.create(folder, WORD, Cost.QUICK)
    Home.unlock(folder, WORD).close()


def test_two_desks_do_not_work_in_one_home(folder: Path) -> None:
    first = Home.unlock(folder, WORD)
    with pytest.raises(DeskError, match="Another qasid-desk"):
        Home.unlock(folder, WORD)
    first.close()
    Home.unlock(folder, WORD).close()


def test_damaged_files_are_named(folder: Path) -> None:
    state = folder / homes.STATE_FILE
    data = bytearray(state.read_bytes())
    data[-1] ^= 1
    state.write_bytes(data)
    home = Home.unlock(folder, WORD)
    with pytest.raises(DeskError, match="cannot be read"):
        home.load()
    state.unlink()
    with pytest.raises(DeskError, match="no state"):
        home.load()
    home.close()


def test_a_new_passphrase_replaces_the_old(folder: Path) -> None:
    home = Home.unlock(folder, WORD)
    state = home.load()
    home.change_passphrase("another one entirely", Cost.QUICK)
    home.close()
    with pytest.raises(DeskError, match="passphrase is wrong"):
        Home.unlock(folder, WORD)
    home = Home.unlock(folder, "another one entirely")
    assert home.load() == state
    home.close()


def test_the_strong_derivation_is_the_default(folder: Path, tmp_path: Path) -> None:
    made = Home.create(tmp_path / "strong", WORD, Cost.STRONG)
    made.close()
    assert Cost.STRONG.encode() in (tmp_path / "strong" / homes.KEY_FILE).read_bytes()
    assert Cost.STRONG.encode() not in (folder / homes.KEY_FILE).read_bytes()


@pytest.mark.parametrize(
    ("here", "there", "left"),
    [
        (ENDS + 60, ENDS + 60, 0),
        (ENDS + 60, ENDS + 80_000, 0),
        (ENDS + 60, ENDS - 60, 1),  # the earlier clock counts
        (ENDS - 60, ENDS + 60, 1),
        (ENDS + 70 * DAY, ENDS - 60 * DAY, 1),
        (ENDS + 3 * DAY, ENDS + DAY, 1),  # past by both, but which of them to believe?
        (ENDS + 60, None, 1),
    ],
)
def test_private_halves_are_destroyed_when_both_clocks_say_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, here: int, there: int | None, left: int
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/time"
        return httpx.Response(200, json={"now": there}) if there else httpx.Response(500)

    home = Home.unlock(folder, WORD)
    desk = Working(home, home.load(), httpx.MockTransport(answer))
    monkeypatch.setattr(desk.clock, "now", lambda: here)
    letter = HeldLetter(bytes(16), bytes(16), "K-1", 1, bytes(32), ENDS - 7 * DAY)
    desk.state.letters["a"] = letter
    desk.save()
    desk.forget_expired()
    state = home.load()
    assert (len(state.prekeys), len(state.letters)) == (left, left)
    desk.relay.close()
    home.close()


def test_private_halves_stay_while_the_relay_is_out_of_reach(folder: Path) -> None:
    def gone(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no network")

    home = Home.unlock(folder, WORD)
    desk = Working(home, home.load(), httpx.MockTransport(gone))
    with pytest.raises(UnreachableError):
        desk.forget_expired()
    assert len(home.load().prekeys) == 1
    desk.relay.close()
    home.close()


def test_nothing_secret_lies_in_the_home_in_clear(office: Office) -> None:
    phone, alias = office.enrolled()
    phone.write("a very particular sentence")
    office.first.ok("inbox")
    made = office.first.ok("invite")
    state: State = office.first.state()
    secrets = [b"a very particular sentence", alias.encode(), made["text"].encode(), PASSPHRASE.encode()]
    secrets += [state.device[-32:], state.epochs[0][-64:], next(iter(state.letters.values())).secret]
    secrets += [b64u(item).encode() for item in secrets[4:]]
    files = [path for path in office.first.home.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert path.stat().st_mode & 0o077 == 0, path
        assert not [item for item in secrets if item in path.read_bytes()], path


def test_passphrase_files_must_be_private(office: Office, tmp_path: Path) -> None:
    office.first.passphrase.chmod(0o644)
    try:
        assert "chmod 600" in office.first.no("status", code="world_readable", exit_code=2)
    finally:
        office.first.passphrase.chmod(0o600)
    office.first.passphrase.write_text("not this one\n")
    try:
        office.first.no("status", code="wrong_passphrase")
    finally:
        office.first.passphrase.write_text(PASSPHRASE + "\n")
    office.first.ok("status")


def test_the_command_itself(office: Office) -> None:
    """The installed script in its own process, as the story and the demonstration drive it."""
    script = Path(sys.executable).with_name("qasid-desk")
    environment = {**os.environ, **office.first.environment()}
    command = [str(script), "--home", str(office.first.home), "device", "show", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["role_code"] == "C-01"
    del environment["QASID_DESK_PASSPHRASE_FILE"]
    done = subprocess.run(
        command[:-1], env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2
    assert "QASID_DESK_PASSPHRASE_FILE" in done.stderr
    assert "Traceback" not in done.stderr


def _alone(office: Office, *arguments: str, stdin: str | None = None) -> dict[str, object]:
    """What is refused at a machine where no passphrase is named and nobody can be asked for one."""
    plain = {"QASID_CLOCK_FILE": str(office.house.clock_file), "COLUMNS": "200"}
    runner = typer.testing.CliRunner()
    done = runner.invoke(app, [*arguments, "--json"], env=plain, input=stdin)
    assert done.exit_code != 0
    return dict(json.loads(done.stdout)["error"])


def test_what_is_not_there_is_said_before_a_passphrase_is_asked_for(office: Office, tmp_path: Path) -> None:
    nowhere, empty = str(tmp_path / "nowhere"), str(tmp_path)
    for command in (["status"], ["inbox"], ["device", "show"], ["join", "--roster", "1:AAAA"]):
        said = _alone(office, "--home", nowhere, *command)
        assert (said["code"], nowhere in str(said["message"])) == ("no_desk", True)
    assert not Path(nowhere).exists()
    begin = ["init", "--relay", office.house.url, "--medium", empty, "--role-code", "C-09"]
    assert _alone(office, "--home", nowhere, *begin, "--code", "A")["code"] == "no_root"
    assert _alone(office, "root", "succession", "--medium", empty, "--yes")["code"] == "no_root"
    assert "exists already" in str(_alone(office, "root", "init", "--medium", str(office.medium))["message"])


def test_the_code_of_an_office_need_not_stand_on_a_command_line(house: House, tmp_path: Path) -> None:
    for number, how in enumerate(("file", "input")):
        code = house.admit()
        desk, medium = Desk(house, tmp_path / f"desk-{number}"), tmp_path / f"medium-{number}"
        medium.mkdir()
        desk.ok("root", "init", "--medium", str(medium), "--quick-kdf")
        begin = ["init", "--relay", house.url, "--medium", str(medium), "--role-code", "C-01", "--quick-kdf"]
        assert "office admit" in desk.no(*begin, code="usage", exit_code=2)
        held = tmp_path / "code"
        held.write_text(code + "\n")
        given, stdin = (str(held), None) if how == "file" else ("-", code + "\n")
        assert desk.ok(*begin, "--code", given, stdin=stdin)["role_code"] == "C-01"
