"""A newcomer's hour: docs/OPERATING.md, followed to the letter in empty roots, with the emulator as Telegram.

The `sh` blocks are run as they stand, in the order in which they are told, one terminal for each person: who builds,
the server's administrator, the officer. Where the page says that somebody types, carries or plugs in something, it is
there. No systemd runs in these roots: systemctl.py stands in for it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.people import User
from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from handlers.texts import Texts
from tests.phone import Phone
from tests.proofs import cleanroot, figures
from tests.story.stage import free_port, until

pytestmark = [pytest.mark.prove, pytest.mark.timeout(2400)]
PAGE = cleanroot.REPOSITORY / "docs" / "OPERATING.md"
DEPLOY = cleanroot.REPOSITORY / "deploy"
HOME = f"home/{cleanroot.USER}"
WORDS = "seven quiet rivers under snow"
FROM_DESK = "We have you on our list. Stay where you are."
ASKED, FROM_THERE = "Are you still there?", "We are, at another place."


def blocks(heading: str) -> list[str]:
    """The blocks to be run under this heading."""
    text = PAGE.read_text(encoding="utf-8")
    (section,) = re.findall(rf"^{re.escape(heading)}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found, f"{PAGE.name} has nothing to run under {heading}"
    return found


class Terminal:
    """A shell in a root, as one person has it open all the time: what is exported in one block holds in the next."""

    def __init__(self, root: Path, user: str, given: dict[str, str]) -> None:
        self._root = root
        self._blocks = 0
        self._process = cleanroot.start("sh", user=user, cwd=f"/{HOME}/qasid", root=root)
        for name, value in given.items():
            self._tell(f"export {name}='{value}'\n")

    def run(self, block: str, timeout: float = 900) -> str:
        """Run one block to its end; what it printed. AssertionError when one of its commands failed."""
        self._blocks += 1
        name = f"run/block-{self._blocks}"
        (self._root / name).write_text(f"set -e\n{block}", encoding="utf-8")
        # What a command reads must not be the next line of this terminal.
        self._tell(f". /{name} < /dev/null; echo '@@ done'\n")
        assert self._process.stdout is not None
        watch = threading.Timer(timeout, self._process.kill)
        watch.start()
        said = ""
        for line in self._process.stdout:
            if line == "@@ done\n":
                break
            said += line
        else:
            pytest.fail(f"this block failed, or took more than {timeout:.0f} s:\n{block}\n{said[-4000:]}")
        watch.cancel()
        return said

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()


class Scene:
    """Two servers, the office, the phone, and the way between them."""

    def __init__(self, folder: Path, telegram: Telegram, api: str) -> None:
        self._folder = folder
        self._open: list[Terminal] = []
        port = free_port()
        self.telegram = telegram
        self.url = f"http://127.0.0.1:{port}"
        #: What the page has people type: their address, their passphrases; and where Telegram is today.
        self.given = {
            "PUBLIC_URL": self.url,
            "QASID_PORT": str(port),
            "QASID_BOT_API_URL": api,
            "QASID_POLLING": "1",
        } | {f"QASID_{name}_PASSPHRASE_FILE": "/run/words" for name in ("BACKUP", "DESK", "DESK_ROOT")}

    def server(self, name: str) -> Path:
        """An empty Debian."""
        root = cleanroot.fresh(self._folder / name)
        shutil.copy(Path(__file__).with_name("systemctl.py"), root / "usr" / "local" / "bin" / "systemctl")
        (root / "usr" / "local" / "bin" / "systemctl").chmod(0o755)
        for medium in ("usb", "vault", "move"):
            (root / "media" / medium).mkdir()
        (root / "run" / "words").write_text(WORDS, encoding="utf-8")
        (root / "run" / "words").chmod(0o600)
        self.own(root, cleanroot.USER, "/run/words", "/media/usb")
        return root

    def own(self, root: Path, user: str, *paths: str) -> None:
        subprocess.run(["chroot", str(root), "chown", "-R", f"{user}:", *paths], check=True)

    def terminal(self, root: Path, user: str) -> Terminal:
        opened = Terminal(root, user, self.given)
        self._open.append(opened)
        return opened

    def close(self) -> None:
        for each in self._open:
            each.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    telegram = Telegram()
    with serve_in_thread(telegram) as api:
        made = Scene(tmp_path, telegram, api)
        try:
            yield made
        finally:
            made.close()


def test_the_first_hour_and_the_move_to_a_new_server(scene: Scene) -> None:
    began = time.monotonic()
    bot = scene.telegram.add_bot(username="hour_bot")
    person = scene.telegram.add_user("Sara", "en")
    old = scene.server("old")
    source = old / HOME / "qasid"
    subprocess.run(["git", "clone", "--quiet", str(cleanroot.REPOSITORY), str(source)], check=True)
    scene.own(old, cleanroot.USER, f"/{HOME}")

    officer, admin = scene.terminal(old, cleanroot.USER), scene.terminal(old, "root")
    all_of(officer, "### 1. Build it")
    (source / "bot_token").write_text(bot.token, encoding="utf-8")
    all_of(admin, "### 2. The relay")
    assert not (source / "bot_token").exists()
    assert (old / "media" / "vault" / "vault.key").stat().st_size >= 32
    assert len((source / "code").read_text("utf-8").split()) == 1
    all_of(officer, "### 3. An office")
    letter = re.search(r"QASID1\.[A-Za-z0-9_-]+", (source / "letter.html").read_text("utf-8"))
    assert letter is not None

    person.start(None)
    phone = Phone(scene.url, lambda: int(time.time()), init_data=person.init_data(None))
    assert phone.enrol(letter.group()) == "pending"
    confirm, read, reply = lines(blocks("### 4. A person"))
    officer.run(confirm)
    assert phone.take_card() == "enrolled"
    for purpose in ("messages", "departures"):
        phone.consent(purpose)
    phone.write("We are two, above the bakery")
    assert "K-1000" in officer.run(read)
    officer.run("qasid-desk read 1")
    officer.run(reply)
    until("the first ring", lambda: ring(person))
    phone.fetch()
    assert [message.text for message in phone.messages] == [FROM_DESK]
    all_of(admin, "### 5. The first backup")
    figures.note(
        "the first hour", f"{time.monotonic() - began:.0f} s from an empty Debian to the first backup"
    )

    moved = time.monotonic()
    phone.write(ASKED)  # not fetched before the move
    all_of(admin, "### On the old server")
    new = scene.server("new")
    shutil.copytree(
        source, new / HOME / "qasid", ignore=shutil.ignore_patterns(".venv", "node_modules", ".git")
    )
    shutil.copytree(old / "media" / "move", new / "media" / "move", dirs_exist_ok=True)
    shutil.copy(old / "media" / "usb" / "offline", new / "media" / "usb" / "offline")
    shutil.copy(new / "media" / "move" / "bot_token", new / HOME / "qasid" / "bot_token")
    newly = scene.terminal(new, "root")
    newly.run(blocks("### 2. The relay")[0])
    scene.own(new, "qasid", "/run/words")  # the administrator types it, as the relay's user
    all_of(newly, "### On the new server")
    assert phone.fetch() == 0, "what was fetched before the move came again"
    (waiting,) = json_of(officer, "qasid-desk inbox")["messages"]
    assert json_of(officer, f"qasid-desk read {waiting['id']}")["text"] == ASKED
    before = ring(person)
    officer.run(f"qasid-desk reply K-1000 '{FROM_THERE}'")
    until("a ring from the new server", lambda: ring(person) > before)
    phone.fetch()
    assert [message.text for message in phone.messages] == [FROM_DESK, FROM_THERE]
    assert not phone.refused
    phone.close()
    figures.note("the move", f"{time.monotonic() - moved:.0f} s; desk and phone went on with their keys")


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        figures.note("units", "not checked: systemd-analyze is not here")
        return
    for unit in DEPLOY.glob("qasid*.*"):
        # It looks whether the program is there.
        text = unit.read_text(encoding="utf-8").replace("/opt/qasid/bin/qasid", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    shutil.copy(tmp_path / "qasid.service", tmp_path / "qasid-worker.service")
    for unit, file in (("qasid", "web.conf"), ("qasid-worker", "worker.conf")):
        (tmp_path / f"{unit}.service.d").mkdir()
        shutil.copy(DEPLOY / file, tmp_path / f"{unit}.service.d" / "role.conf")
    units = [str(path) for path in tmp_path.iterdir() if path.suffix in {".service", ".timer"}]
    done = subprocess.run([verify, "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert enabled(tmp_path) == {"multi-user.target.wants/qasid", "qasid.service.wants/qasid-worker"}
    exposed = [verify, "security", "--offline=true", "--threshold=20", str(tmp_path / "qasid.service")]
    done = subprocess.run(exposed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    figures.note("units", done.stdout.strip().splitlines()[-1])


def enabled(units: Path) -> set[str]:
    """By what systemd itself would have each of the relay's processes started, with these units in an empty root."""
    root = units / "root"
    folder = root / "etc" / "systemd" / "system"
    shutil.copytree(units, folder, ignore=shutil.ignore_patterns("root"))
    for name in ("qasid", "qasid-worker"):
        subprocess.run(["systemctl", f"--root={root}", "enable", "--quiet", name], check=True)
    return {str(path.relative_to(folder)).removesuffix(".service") for path in folder.glob("*.wants/*")}


def all_of(terminal: Terminal, heading: str) -> None:
    for block in blocks(heading):
        terminal.run(block)


def lines(found: list[str]) -> list[str]:
    return [line for block in found for line in block.splitlines()]


def ring(person: User) -> int:
    """The id of the doorbell that stands in the chat; 0 for none."""
    said = Texts().render("en", "doorbell")
    return max((number for number, each in person.chat().messages.items() if each.text == said), default=0)


def json_of(terminal: Terminal, command: str) -> dict[str, Any]:
    said = terminal.run(f"{command} --json")
    document: dict[str, Any] = json.loads(said[said.index("{") :])
    return document
