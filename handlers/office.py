"""The demonstration's office: two desks, each a `qasid-desk` process with its own home; this process sees no key."""

import asyncio
import json
import os
import secrets
import shlex
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from handlers.config import ConfigError
from relay import offices
from relay.unit import Store

ROLES = "coordinator,caseworker"
#: Installed beside this one.
COMMAND = str(Path(sys.executable).with_name("qasid-desk"))


@dataclass
class Memory:
    """What the demonstration keeps of itself between starts."""

    seed: int = field(default_factory=lambda: secrets.randbelow(2**31))
    token: str = field(
        default_factory=lambda: f"{secrets.randbelow(9 * 10**9) + 10**9}:AA{secrets.token_hex(16)}"
    )
    #: Steps that are done.
    done: list[str] = field(default_factory=list)
    letter: dict[str, Any] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)


@dataclass
class Desk:
    """One officer's desk, driven through its command line."""

    name: str
    folder: Path
    environment: dict[str, str]
    linked: bool = False

    @property
    def script(self) -> Path:
        """A shell script that runs `qasid-desk` as this officer."""
        return self.folder / self.name

    def write_script(self) -> None:
        settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in self.environment.items())
        self.script.write_text(
            f'#!/bin/sh\n# {self.name} of the demonstration, not real.\n{settings} exec {shlex.quote(COMMAND)} "$@"\n'
        )
        self.script.chmod(0o700)

    async def call(self, *arguments: str) -> dict[str, Any]:
        """Run one command with --json; raises ConfigError with the desk's own words when it refuses."""
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            *arguments,
            "--json",
            env={**os.environ, **self.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        answer, complaint = await process.communicate()
        try:
            found: dict[str, Any] = json.loads(answer)
        except ValueError:
            last = complaint.decode(errors="replace").strip().splitlines()[-1:]
            raise ConfigError(
                f"the demonstration's desk did not answer to {arguments[0]}: {' '.join(last)}"
            ) from None
        if process.returncode != 0:
            error = found.get("error", {})
            raise ConfigError(f"the demonstration's desk refused {arguments[0]}: {error.get('message', '')}")
        return found


class DemoOffice:
    """Founds the office step by step; each step is done once, also over several starts."""

    def __init__(self, folder: Path, url: str, clock_file: Path | None) -> None:
        self.folder = folder
        self.url = url
        self._file = folder / "demo.json"
        self.memory = Memory(**json.loads(self._file.read_text())) if self._file.exists() else Memory()
        self._medium = folder / "medium"
        self.desks = tuple(self._desk(name, clock_file) for name in ("desk-1", "desk-2"))

    def _desk(self, name: str, clock_file: Path | None) -> Desk:
        secret = self.folder / "passphrase"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(f"{secrets.token_hex(16)}\n")
        environment = {
            "QASID_DESK_HOME": str((self.folder / f"{name}-home").resolve()),
            "QASID_DESK_PASSPHRASE_FILE": str(secret.resolve()),
            "QASID_DESK_ROOT_PASSPHRASE_FILE": str(secret.resolve()),
        }
        if clock_file:
            environment["QASID_CLOCK_FILE"] = str(clock_file.resolve())
        return Desk(name, self.folder, environment, linked=name in self.memory.linked)

    def remember(self) -> None:
        """Write down what is done."""
        self.memory.linked = [desk.name for desk in self.desks if desk.linked]
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(asdict(self.memory), indent=1))
        new.replace(self._file)

    async def found(self, store: Store) -> None:
        """Root, first desk, second desk, one letter. Raises ConfigError."""
        first, second = self.desks
        medium = str(self._medium.resolve())
        for desk in self.desks:
            desk.write_script()
        await self._once("root", lambda: first.call("root", "init", "--medium", medium, "--quick-kdf"))
        await self._once("office", lambda: self._register(store, first, medium))
        await self._once("colleague", lambda: self._add(first, second, medium))
        await self._once("letter", lambda: self._letter(first))

    async def _register(self, store: Store, desk: Desk, medium: str) -> None:
        admission = await store.write(lambda tx: offices.admit(tx, datetime.now(UTC)))
        await desk.call(
            "init", "--relay", self.url, "--code", admission.code, "--medium", medium,
            "--role-code", "C-01", "--roles", ROLES, "--quick-kdf",
        )  # fmt: skip

    async def _add(self, first: Desk, second: Desk, medium: str) -> None:
        office = (await first.call("device", "show"))["office"]
        new = await second.call("device", "new", "--relay", self.url, "--office", office, "--quick-kdf")
        added = await first.call(
            "roster",
            "add",
            new["request"],
            "--role-code",
            "C-02",
            "--roles",
            ROLES,
            "--medium",
            medium,
            "--yes",
        )
        await second.call("join", "--roster", added["join"])
        await second.call("inbox")  # brings the epochs that the first desk granted

    async def _letter(self, desk: Desk) -> None:
        self.memory.letter = await desk.call("invite")

    async def _once(self, step: str, work: Any) -> None:  # noqa: ANN401
        if step in self.memory.done:
            return
        await work()
        self.memory.done.append(step)
        self.remember()
