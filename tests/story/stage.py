"""The processes of the story: emulator, relay, desks; and the clock they share."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests import databases
from tests.story.forks import BIN, Forks

T = TypeVar("T")
REPOSITORY = Path(__file__).resolve().parents[2]
TOKEN = "7000000001:AAstory-only-not-a-real-bot-token-0000000"
BOT = "story_courier_bot"
PASSPHRASE = "seven quiet rivers under snow"


class StoryError(Exception):
    """A step of the story could not be verified."""


def free_port() -> int:
    """A port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, check: Any, timeout: float = 30.0, pause: float = 0.05) -> Any:
    """Poll `check` (another process is being waited for) until it returns something true. Raises StoryError."""
    deadline = time.monotonic() + timeout
    while True:
        if found := check():
            return found
        if time.monotonic() > deadline:
            raise StoryError(f"waited {timeout:.0f} s in vain for: {what}")
        time.sleep(pause)


def at_once(*work: Callable[[], T]) -> list[T]:
    """What each of these returns. They run side by side, as people at different desks do; never twice at one desk."""
    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(lambda each: each(), work))


@dataclass
class Desk:
    """One officer's machine: each `qasid-desk` in its own process, with its own home and passphrase."""

    name: str
    home: Path
    environment: Mapping[str, str]
    script: Forks

    def run(self, *arguments: str, stdin: str = "") -> Any:
        """Run one command with --json; return its document. Raises StoryError with the desk's own words."""
        code, document = self._call(*arguments, stdin=stdin)
        if code != 0:
            error = document.get("error", document)
            raise StoryError(f"{self.name}: qasid-desk {arguments[0]} refused: {error}")
        return document

    def run_all(self, *commands: tuple[str, ...]) -> list[Any]:
        """Run commands one after the other; return their documents. Raises StoryError."""
        return [self.run(*command) for command in commands]

    def refused(self, *arguments: str) -> Any:
        """Run one command that must be refused; return the error: code, message, hint. Raises StoryError."""
        code, document = self._call(*arguments)
        if code == 0:
            raise StoryError(f"{self.name}: qasid-desk {arguments[0]} was not refused")
        return document["error"]

    def _call(self, *arguments: str, stdin: str = "") -> tuple[int, Any]:
        """The exit code and the JSON document of one command."""
        done = self.script.run(
            "--home", str(self.home), *arguments, "--json", environment=self.environment, stdin=stdin
        )  # fmt: skip
        try:
            document = json.loads(done.stdout)
        except json.JSONDecodeError:
            document = {"error": {"message": done.stdout + done.stderr}}
        return done.returncode, document


@dataclass
class Stage:
    """Everything that runs. `public_port` is where people reach the relay, or what stands before it."""

    folder: Path
    public_port: int = field(default_factory=free_port)
    relay_port: int = 0
    emulator: subprocess.Popen[str] | None = None
    relay: subprocess.Popen[bytes] | None = None
    telegram: str = ""

    def __post_init__(self) -> None:
        self.relay_port = self.relay_port or self.public_port
        self.clock = self.folder / "clock"
        self.clock.write_text("0")
        self._stepping = threading.Lock()
        self.log = self.folder / "relay.log"
        self.database = self.folder / "relay" / "qasid.db"
        self.database.parent.mkdir(exist_ok=True)
        databases.bare(self.database)
        passphrase = self.folder / "passphrase"
        passphrase.write_text(PASSPHRASE)
        passphrase.chmod(0o600)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("QASID_")},
            "QASID_CLOCK_FILE": str(self.clock),
            "QASID_DESK_PASSPHRASE_FILE": str(passphrase),
            "QASID_DESK_ROOT_PASSPHRASE_FILE": str(passphrase),
            "COLUMNS": "120",
        }
        nobody = str(self.folder / "nobody")
        self._desks = Forks(
            ["qasid-desk", "--home", nobody, "status", "--json"], ["httpcore"], self.environment
        )
        self._operators = Forks(["qasid", "--version"], ["handlers.app"], self.environment)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.public_port}"

    # -- the emulator

    def start_emulator(self) -> dict[str, Any]:
        """Start Telegram on loopback; return its first line: url, bot, users."""
        command = [sys.executable, "-m", "emulator", "--port", "0", "--token", TOKEN, "--username", BOT]
        self.emulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.environment)
        assert self.emulator.stdout is not None
        ready: dict[str, Any] = json.loads(self.emulator.stdout.readline())
        self.telegram = ready["url"]
        return ready

    def ask(self, path: str, body: object | None = None) -> Any:
        """Call a control endpoint of the emulator."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.telegram + path, data=data, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def person(self, name: str, language: str) -> int:
        return int(self.ask("/control/users", {"first_name": name, "language_code": language})["id"])

    def act(self, person: int, action: str, **body: object) -> Any:
        return self.ask(f"/control/users/{person}/{action}", body)

    def init_data(self, person: int) -> str:
        """What Telegram signs for the person's app."""
        opened = self.act(person, "app", url=self.url)["url"]
        return urllib.parse.parse_qs(urllib.parse.urlsplit(opened).fragment)["tgWebAppData"][0]

    def chat(self, person: int) -> list[dict[str, Any]]:
        """What stands visibly in the person's chat with the bot."""
        messages: list[dict[str, Any]] = self.ask(f"/control/users/{person}/chat")["messages"]
        return messages

    # -- the relay

    def relay_environment(self) -> dict[str, str]:
        return {
            **self.environment,
            "QASID_BOT_TOKEN": TOKEN,
            "QASID_BOT_API_URL": self.telegram,
            "QASID_POLLING": "1",
            "QASID_DATABASE_URL": databases.at(self.database),
            "QASID_VAULT_KEY_FILE": str(self.folder / "relay" / "vault.key"),
            "QASID_PUBLIC_URL": self.url,
            "QASID_PORT": str(self.relay_port),
        }

    def start_relay(self) -> None:
        """Start the relay, which brings its database up to date; it is up when it answers."""
        with self.log.open("ab") as log:
            command = [str(BIN / "qasid"), "run"]
            self.relay = subprocess.Popen(
                command, env=self.relay_environment(), stdout=log, stderr=log, cwd=self.folder
            )
        until("the relay to come up", self._relay_is_up, timeout=90)

    def _relay_is_up(self) -> bool:
        assert self.relay is not None
        if self.relay.poll() is not None:
            raise StoryError(f"the relay ended with {self.relay.returncode}:\n{self.log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.relay_port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop_relay(self) -> None:
        """End the relay as an operator would; it must end by itself."""
        if self.relay and self.relay.poll() is None:
            self.relay.send_signal(signal.SIGTERM)
            self.relay.wait(timeout=20)

    def admit(self) -> str:
        """A one-time code for a new office, as the host's administrator makes it."""
        printed = self.operate("office", "admit")
        code = re.search(r"\b[A-Za-z0-9_-]{20,}\b|\b(?:[A-Z0-9]{4,}-)+[A-Z0-9]{4,}\b", printed)
        if code is None:
            raise StoryError("qasid office admit printed no code")
        return code.group()

    def operate(self, *arguments: str) -> str:
        """Run a `qasid` command as the relay's operator; return what it prints."""
        done = self._operators.run(*arguments, environment=self.relay_environment(), folder=self.folder)
        if done.returncode != 0:
            raise StoryError(f"qasid {' '.join(arguments)} failed: {done.stderr}")
        return done.stdout

    # -- the clock and the desks

    def step(self, seconds: int) -> None:
        """Let time pass for relay, desks and Telegram."""
        with self._stepping:
            stepped = self.folder / "clock-stepped"
            stepped.write_text(str(int(self.clock.read_text()) + seconds))
            stepped.replace(self.clock)  # nobody reads half of it
            self.ask("/control/clock", {"advance": seconds})

    def now(self) -> int:
        return int(time.time()) + int(self.clock.read_text())

    def medium(self, name: str) -> Path:
        """The folder that stands for the medium with the root of the office begun at a desk of this name."""
        folder = self.folder / f"medium-{name}"
        folder.mkdir(exist_ok=True)
        return folder

    def desk(self, name: str) -> Desk:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        return Desk(name, home, self.environment, self._desks)

    def close(self) -> None:
        for process in (self.relay, self.emulator):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self.emulator and self.emulator.stdout:
            self.emulator.stdout.close()
        self._desks.close()
        self._operators.close()
