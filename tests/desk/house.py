"""The real relay on a thread of its own, and desks driven by their command line; a liar may stand in between.

Within `near()` what this process asks goes straight to the relay, without a socket, which would be a third of the work.
"""

import asyncio
import functools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pytest
import typer.testing
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crypto.keys import DeviceKeys
from crypto.notice import Route
from crypto.vault import Vault
from desk.cli import app
from desk.home import Home
from desk.state import State
from handlers.api.build import build
from handlers.api.context import Context
from handlers.api.rates import Rates
from handlers.clock import OffsetClock
from handlers.server import Server, listen
from relay import conditions, movements, notices, offices, proposals
from relay.auth import OfficerDevice, device_of
from store.engine import open_store
from tests.databases import empty
from tests.phone import Phone

# Building the command tree takes longer than most commands; it is the same each time.
typer.testing._get_command = functools.cache(typer.testing._get_command)  # type: ignore[attr-defined]

PASSPHRASE = "five dry words beside me"
Lie = Callable[[str, str, Any], Any]


class _Between:
    """Hands every JSON answer to `house.lie(method, path, body)`, which may change it; counts what went by."""

    def __init__(self, inner: ASGIApp, house: "House") -> None:
        self._inner, self._house = inner, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._house.down:
            await send({"type": "http.response.start", "status": 503, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["type"] != "http" or self._house.lie is None:
            await self._inner(scope, receive, send)
            return
        # As plain text: what is packed is not so easily altered.
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await self._inner({**scope, "headers": plain}, receive, hold)
        start = held[0]
        body = b"".join(message.get("body", b"") for message in held[1:])
        if start["status"] < 300 and body:
            body = json.dumps(self._house.lie(scope["method"], scope["path"], json.loads(body))).encode()
        start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        start["headers"].append((b"content-length", str(len(body)).encode()))
        await send(start)
        await send({"type": "http.response.body", "body": body})


class House:
    """A relay over a database in `folder`, without Telegram; its clock and the desks' stand in one file."""

    def __init__(self, folder: Path, app_dir: Path | None = None, app_origin: str = "") -> None:
        self.folder = folder
        self.clock_file = folder / "clock"
        self.clock_file.write_text("0")
        self.lie: Lie | None = None
        self.down = False
        self.phones: list[Phone] = []
        self.store = open_store(empty(folder / "qasid.db"))
        self.vault = Vault.create(folder / "vault.key")
        self.clock = OffsetClock(self.clock_file)
        self._bound = listen("127.0.0.1", 0)
        self._bound.listen()  # whoever comes before the thread runs is let in, not refused
        self.port = self._bound.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        context = Context(
            store=self.store, vault=self.vault, clock=self.clock, rates=Rates(enabled=False),
            authorities=frozenset({f"127.0.0.1:{self.port}"}), bot_token=None, demo=False, bot_name="desk_test_bot",
            wake=lambda: None, rescheduled=lambda: None,
        )  # fmt: skip
        web = build(context, app_dir=app_dir or folder, app_origin=app_origin)
        between = _Between(web, self)
        config = uvicorn.Config(between, log_config=None, access_log=False, lifespan="off", http="h11")
        self._server = Server(config)
        self._thread = threading.Thread(target=self._run)
        self._line = httpx.ASGITransport(between, raise_app_exceptions=False)
        self._loop = asyncio.new_event_loop()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._bound]))

    def __enter__(self) -> "House":
        self._thread.start()
        _open[self.port] = self
        return self

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What the relay answers, asked in this thread."""

        async def ask() -> httpx.Response:
            answer = await self._line.handle_async_request(request)
            raw = b"".join([part async for part in answer.aiter_raw()])
            return httpx.Response(answer.status_code, headers=answer.headers, content=raw)

        return self._loop.run_until_complete(ask())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del _open[self.port]
        for phone in self.phones:
            phone.close()
        self._loop.close()
        self._server.should_exit = True
        self._thread.join(10)
        self._bound.close()
        self.store.close()

    def now(self) -> int:
        return int(datetime.now(UTC).timestamp()) + int(self.clock_file.read_text())

    def step(self, seconds: int) -> None:
        """Lets time pass for everybody, and releases what has come due."""
        self.clock_file.write_text(str(int(self.clock_file.read_text()) + seconds))
        self.release()

    def release(self) -> None:
        while self.store.write_now(lambda tx: notices.release_due(tx, self.clock.now())):
            pass

    def admit(self) -> str:
        return self.store.write_now(lambda tx: offices.admit(tx, self.clock.now())).code

    def propose(self, device: bytes) -> None:
        """What an officer's /invite in the chat does."""

        def unit(tx: Any) -> None:
            who = device_of(tx, device, self.clock.now())
            assert isinstance(who, OfficerDevice)
            proposals.propose(tx, who, self.clock.now())

        self.store.write_now(unit)

    def clear(self, device: bytes, code: str) -> None:
        """For three days the way is clear for a movement: what `condition set` and `route set` do, of all of it."""

        def unit(tx: Any) -> None:
            now = self.clock.now()
            who = device_of(tx, device, now)
            listing = conditions.listed(tx, who, movements.named(tx, who, code), now)
            green = {"grade": "official", "expires": now + conditions.LONGEST, "now": now}
            for each in listing.conditions:
                movement = movements.named(tx, who, code)
                conditions.say(tx, who, movement, condition=each.condition, state="green", **green)
            for route in Route if listing.route else ():
                if route is not Route.NONE:
                    conditions.put_up(tx, who, route=route, status="open", **green)

        self.store.write_now(unit)

    def phone(self) -> Phone:
        made = Phone(self.url, self.now)
        self.phones.append(made)
        return made


#: The houses whose relay runs, by its port.
_open: dict[int, House] = {}


@contextmanager
def near() -> Iterator[None]:
    """Whom this process asks is asked without a socket, if it is one of the houses."""
    far = httpx.HTTPTransport.handle_request

    def ask(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        house = _open.get(request.url.port or 0)
        return house.answer(request) if house else far(transport, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.HTTPTransport, "handle_request", ask)
        yield


@dataclass
class Result:
    """What a command answered: its exit code and its JSON document."""

    code: int
    data: Any
    output: str


@dataclass
class Desk:
    """One officer's desk, driven in this process by the command line."""

    house: House
    home: Path

    def __post_init__(self) -> None:
        self.passphrase = self.home.with_suffix(".passphrase")
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.passphrase.chmod(0o600)
        self.clock_file = self.house.clock_file

    def environment(self) -> dict[str, str]:
        return {
            "QASID_DESK_PASSPHRASE_FILE": str(self.passphrase),
            "QASID_DESK_ROOT_PASSPHRASE_FILE": str(self.passphrase),
            "QASID_CLOCK_FILE": str(self.clock_file),
            "COLUMNS": "200",
        }

    def call(self, *arguments: str, stdin: str | None = None) -> Result:
        """One command with --json, whatever its outcome."""
        done = typer.testing.CliRunner().invoke(
            app, ["--home", str(self.home), *arguments, "--json"], env=self.environment(), input=stdin
        )
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Result(done.exit_code, json.loads(done.stdout) if done.stdout else None, done.output)

    def ok(self, *arguments: str, stdin: str | None = None) -> Any:
        """One command that must succeed; its document."""
        done = self.call(*arguments, stdin=stdin)
        assert done.code == 0, done.output
        return done.data

    def no(self, *arguments: str, code: str, exit_code: int = 1) -> str:
        """One command that must be refused with this code; the whole message."""
        done = self.call(*arguments)
        assert done.code == exit_code, done.output
        assert done.data["error"]["code"] == code, done.output
        return f"{done.data['error']['message']} {done.data['error']['hint']}"

    def state(self) -> State:
        """What the desk has on disk, unsealed."""
        home = Home.unlock(self.home, PASSPHRASE)
        try:
            return home.load()
        finally:
            home.close()

    @contextmanager
    def misset(self, seconds: int) -> Iterator[None]:
        """This desk's machine alone has a clock that is so much ahead."""
        wrong = self.home.with_suffix(".clock")
        wrong.write_text(str(int(self.house.clock_file.read_text()) + seconds))
        self.clock_file = wrong
        try:
            yield
        finally:
            self.clock_file = self.house.clock_file

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        """This desk's network is gone: connections are refused before they leave the machine."""

        def refuse(*_: object, **__: object) -> httpx.Response:
            raise httpx.ConnectError("no network")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(httpx.HTTPTransport, "handle_request", refuse)
            yield

    def human(self, *arguments: str, stdin: str | None = None) -> str:
        """One command as a person sees it."""
        done = typer.testing.CliRunner().invoke(
            app, ["--home", str(self.home), *arguments], env=self.environment(), input=stdin
        )
        assert done.exit_code == 0, done.output
        return done.output


@dataclass
class Office:
    """An office of two coordinators, C-01 with the root medium and C-02."""

    house: House
    first: Desk
    second: Desk
    medium: Path
    id: str

    @classmethod
    def found(cls, house: House) -> "Office":
        medium = house.folder / "medium"
        medium.mkdir()
        first, second = (Desk(house, house.folder / name) for name in ("desk-1", "desk-2"))
        office = first.ok("root", "init", "--medium", str(medium), "--quick-kdf")["office"]
        first.ok(
            "init", "--relay", house.url, "--code", house.admit(), "--medium", str(medium),
            "--role-code", "C-01", "--quick-kdf",
        )  # fmt: skip
        made = cls(house, first, second, medium, office)
        made.add(second, "C-02")
        return made

    def add(
        self, desk: Desk, code: str, roles: str = "coordinator,caseworker", officer: str = ""
    ) -> dict[str, Any]:
        """Put the desk in the roster: a new officer's, or another one of `officer` (an id)."""
        named = ["--officer", officer] if officer else []
        new = desk.ok("device", "new", "--relay", self.house.url, "--office", self.id, "--quick-kdf", *named)
        added = self.first.ok(
            "roster", "add", new["request"], "--role-code", code, "--roles", roles,
            "--medium", str(self.medium), "--yes",
        )  # fmt: skip
        return dict(desk.ok("join", "--roster", added["join"]))

    def movement(self, code: str, *options: str, desk: Desk | None = None) -> None:
        """A movement in 60 hours, by air unless told otherwise; the way is clear."""
        by = desk or self.first
        plain = ["--departs-at", "+60h", *(() if "--route" in options else ("--route", "AIR"))]
        by.ok("movement", "new", code, *plain, *options)
        self.house.clear(DeviceKeys.parse(by.state().device).record.device, code)

    def enrolled(self, *purposes: str) -> tuple[Phone, str]:
        """A phone with a card, and its alias; consents to messages and departures unless told otherwise."""
        letter = self.first.ok("invite")
        phone = self.house.phone()
        phone.enrol(letter["text"])
        self.first.ok("confirm", "--yes")
        assert phone.take_card() == "enrolled"
        for purpose in purposes or ("messages", "departures"):
            phone.consent(purpose)
        return phone, letter["alias"]
