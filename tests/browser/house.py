"""The real relay with the emulated Telegram, on loopback in a thread, and an office registered with it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr

from crypto import request as signing
from crypto.card import Card, Evidence
from crypto.device import DeviceRecord
from crypto.encoding import b64u, unb64u
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.letter import Letter, admit_hash
from crypto.prekey import HolderKind
from emulator.people import User
from emulator.server import serve
from emulator.telegram import Telegram
from handlers.app import House, open_parts, prepare
from handlers.clock import Clock, RealClock
from handlers.config import Settings
from handlers.demo import EmulatedTime
from handlers.server import listen
from relay import offices
from tests.browser.office import DAY, Office

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


@dataclass
class RealRelay:
    """What a test sees of it: the office's desk speaks HTTP, as any client."""

    url: str
    house: House
    person: User
    office: Office
    loop: asyncio.AbstractEventLoop

    def ask(
        self, method: str, path: str, body: dict[str, Any] | bytes | None = None, officer: int = 0
    ) -> Any:
        """One request signed by an officer, by default the office's first; fails unless it is taken.

        Returns the JSON, or the bytes, of the answer.
        """
        keys, data = self.office.officers[officer], body if isinstance(body, bytes) else b""
        if isinstance(body, dict):
            data = json.dumps(body).encode()
        plain, _, query = path.partition("?")
        headers = signing.sign(
            keys.sign_seed,
            device=keys.record.device,
            method=method,
            authority=self.url.removeprefix("http://"),
            path=plain,
            query=query,
            body=data,
            created=self.now(),
        )
        headers["content-type"] = (
            "application/octet-stream" if isinstance(body, bytes) else "application/json"
        )
        answer = httpx.request(method, self.url + path, content=data, headers=headers)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        if answer.headers.get("content-type") == "application/octet-stream":
            return answer.content
        return answer.json() if answer.content else {}

    def now(self) -> int:
        """The relay's time, unix seconds."""
        return int(self.house.clock.now().timestamp())

    def files(self) -> bytes:
        """All that the relay keeps on its disk."""
        folder = Path(self.house.settings.database_url.removeprefix("sqlite:///")).parent
        return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())

    def found(self) -> None:
        """Registers the office."""

        async def admit() -> str:
            now = self.house.clock.now()
            return (await self.house.store.write(lambda tx: offices.admit(tx, now))).code

        code = asyncio.run_coroutine_threadsafe(admit(), self.loop).result(10)
        keys = self.office.officers[0]
        roster = self.office.wires()[0]
        own = _prekey(keys, self.office.now).prekey.sign(keys.sign_seed)
        self.ask("POST", "/v1/offices", {"code": code, "roster": b64u(roster), "prekeys": [b64u(own)]})

    def invite(self) -> Letter:
        letter, slip = self.office.invite()
        secret = letter.secret
        body = {
            "invitation": b64u(secret.invitation),
            "admit_hash": b64u(admit_hash(secret.admit_token)),
            "slip": b64u(slip.encode()),
            "tag": b64u(secret.slip_tag(slip)),
            "expires": self.now() + 14 * DAY,
            "alias": "",
        }
        self.ask("POST", "/v1/invitations", body)
        return letter

    def confirm(self, letter: Letter, counter: int = 1) -> DeviceRecord:
        """Checks the one enrolment that waits by its MAC and certifies the device, as the officer's card `counter`."""
        (waiting,) = self.ask("GET", "/v1/enrolments")["enrolments"]
        device = DeviceRecord.parse(unb64u(waiting["device"]))
        letter.secret.check_enrol(
            unb64u(waiting["mac"]),
            office=self.office.id,
            roster_version=waiting["roster_version"],
            contact=letter.secret.contact,
            device=device,
        )
        card: Card = self.office.certify(device, counter)
        self.ask("POST", "/v1/cards", {"card": b64u(card.encode()), "enrolment": waiting["invitation"]})
        return device

    def vouch(self) -> None:
        """The first officer's signature for whoever waits without a letter, handed in for another to sign too."""
        device = self.stranger()
        card = self.office.certify(device, evidence=Evidence.NUMBER)
        self.ask("POST", f"/v1/referrals/{b64u(device.owner)}/vouch", {"card": b64u(card.encode())})

    def cosign(self) -> None:
        """The second officer's, on the card of the first."""
        keys = self.office.officers[1]
        (waiting,) = self.ask("GET", "/v1/referrals", officer=1)["referrals"]
        card = Card.parse(unb64u(waiting["card"])).cosign(keys.record.device, keys.sign_seed)
        self.ask("POST", "/v1/cards", {"card": b64u(card.encode())}, officer=1)

    def stranger(self) -> DeviceRecord:
        """The phone of the one who waits without a letter."""
        (waiting,) = self.ask("GET", "/v1/referrals")["referrals"]
        return DeviceRecord.parse(unb64u(waiting["device"]))


def _prekey(keys: DeviceKeys, now: int) -> PrekeyPair:
    return PrekeyPair.generate(
        keys.record.office,
        HolderKind.DEVICE,
        keys.record.device,
        sequence=1,
        created=now,
        seal_until=now + 20 * DAY,
        delete_at=now + 40 * DAY,
    )


@asynccontextmanager
async def _running(folder: Path, clock: Clock) -> AsyncIterator[tuple[str, House, User]]:
    telegram = Telegram(EmulatedTime(clock))
    telegram.add_bot(TOKEN, "qasid_test_bot")
    listening = listen("127.0.0.1", 0)
    port: int = listening.getsockname()[1]
    async with serve(telegram) as bots:
        settings = Settings(
            bot_token=SecretStr(TOKEN),
            bot_api_url=bots,
            polling=True,
            port=port,
            public_url=f"http://127.0.0.1:{port}",
            database_url=f"sqlite:///{folder / 'qasid.db'}",
            vault_key_file=folder / "vault.key",
        )
        prepare(settings)
        store, vault = open_parts(settings)
        house = House(settings, store, vault, clock)
        server = uvicorn.Server(uvicorn.Config(house.web(), log_config=None, lifespan="off"))
        async with house.open():
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            yield f"http://127.0.0.1:{port}", house, telegram.add_user("Sara", "fa")
            server.should_exit = True
            await serving


@contextmanager
def real_relay(folder: Path, clock: Clock | None = None) -> Iterator[RealRelay]:
    """By the machine's clock, or another.

    Runs in a thread of its own, because playwright's synchronous interface keeps this one.
    """
    ready, stop = threading.Event(), threading.Event()
    found: dict[str, Any] = {}

    async def main() -> None:
        async with _running(folder, clock or RealClock()) as (url, house, person):
            found.update(url=url, house=house, person=person, loop=asyncio.get_running_loop())
            ready.set()
            await asyncio.to_thread(stop.wait)

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            found["error"] = error
            raise
        finally:
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        ready.wait(30)
        if "error" in found:
            raise RuntimeError("the relay did not start") from found["error"]
        relay = RealRelay(found["url"], found["house"], found["person"], Office(), found["loop"])
        relay.found()
        yield relay
    finally:
        stop.set()
        thread.join(30)
