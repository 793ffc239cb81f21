"""A relay that lies: a proxy before the real one that changes what people are told. Each lie must be caught."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientSession, web
from yarl import URL

from crypto.device import OwnerKind
from crypto.encoding import b64u, unb64u
from crypto.keys import DeviceKeys, PrekeyPair, RootKeys
from crypto.prekey import HolderKind, Prekey
from crypto.record import rec
from crypto.roster import Roster
from crypto.signature import parse_signed

Change = Callable[[Any], Any]
HOP_BY_HOP = {"content-length", "content-encoding", "transfer-encoding", "connection"}


@dataclass(frozen=True)
class Lie:
    """What is changed in the answers to `method path-prefix`, and what the story must say no to."""

    name: str
    method: str
    path: str
    change: Change


def _prekey(office: bytes, holder: bytes, kind: HolderKind, like: Prekey) -> PrekeyPair:
    return PrekeyPair.generate(
        office,
        kind,
        holder,
        prekey=like.prekey,
        sequence=like.sequence,
        created=like.created,
        seal_until=like.seal_until,
        delete_at=like.delete_at,
    )


def swap_contact_key(answer: Any) -> Any:
    """Every contact gets keys that the liar holds, well formed and well signed by the liar's own device."""
    for contact in answer.get("contacts", [answer]):
        for device in contact["prekeys"]:
            if not device["prekey"]:
                continue
            body, _ = parse_signed(unb64u(device["prekey"]))
            like = Prekey.parse(body)
            own = DeviceKeys.generate(
                like.office, OwnerKind.CONTACT, unb64u(contact["contact"]), device=like.holder
            )
            device["record"] = b64u(own.record.encode())
            pair = _prekey(like.office, like.holder, HolderKind.DEVICE, like)
            device["prekey"] = b64u(pair.prekey.sign(own.sign_seed))
    return answer


def swap_contact_prekey(answer: Any) -> Any:
    """The device record stays the true one; only the prekey is the liar's."""
    for contact in answer.get("contacts", [answer]):
        for device in contact["prekeys"]:
            if not device["prekey"]:
                continue
            body, _ = parse_signed(unb64u(device["prekey"]))
            like = Prekey.parse(body)
            pair = _prekey(like.office, like.holder, HolderKind.DEVICE, like)
            liar = DeviceKeys.generate(like.office, OwnerKind.CONTACT, unb64u(contact["contact"]))
            device["prekey"] = b64u(pair.prekey.sign(liar.sign_seed))
    return answer


def swap_epoch(answer: Any) -> Any:
    """Rosters with an epoch the liar holds, signed by a root of the liar's own."""
    root = RootKeys.generate()
    told = []
    for wire in answer.get("rosters", []):
        roster = Roster.parse(parse_signed(unb64u(wire))[0])
        epochs = tuple(
            _prekey(roster.office, epoch.holder, HolderKind.EPOCH, epoch).prekey for epoch in roster.epochs
        )
        told.append(b64u(replace(roster, epochs=epochs).sign(root.seed)))
    return answer | {"rosters": told} if "rosters" in answer else answer


def flip_mail(answer: Any) -> Any:
    """One bit of each letter's body is turned."""
    for item in answer.get("items", []):
        envelope = bytearray(unb64u(item["envelope"]))
        envelope[200] ^= 1
        item["envelope"] = b64u(bytes(envelope))
    return answer


def withhold_mail(answer: Any) -> Any:
    """Nothing has come, says the relay."""
    return answer | {"items": [], "more": False} if "items" in answer else answer


def forge_card(answer: Any) -> Any:
    """A card that an officer's device never signed."""
    if answer.get("card"):
        wire = unb64u(answer["card"])
        answer["card"] = b64u(wire[:-80] + bytes(64) + rec(b"", b"")) if len(wire) > 80 else ""
    return answer


def forge_answers(answer: Any) -> Any:
    """The people's signed answers say something else."""
    for notice in answer.get("notices", []):
        for given in notice["answers"]:
            statement = bytearray(unb64u(given["answer"]))
            statement[40] ^= 1
            given["answer"] = b64u(bytes(statement))
    return answer


LIES = (
    Lie("swap-contact-key", "GET", "/v1/contacts", swap_contact_key),
    Lie("swap-contact-prekey", "GET", "/v1/contacts", swap_contact_prekey),
    Lie("swap-epoch", "GET", "/v1/offices/", swap_epoch),
    Lie("flip-mail", "GET", "/v1/mail", flip_mail),
    Lie("withhold-mail", "GET", "/v1/mail", withhold_mail),
    Lie("forge-card", "GET", "/v1/me", forge_card),
    Lie("forge-answers", "GET", "/v1/notices", forge_answers),
)


class Liar:
    """The proxy, on a thread of its own. It tells the truth until `lie` is set."""

    def __init__(self, port: int, relay_port: int, *, lie: Lie | None = None) -> None:
        self.port, self.relay_port, self.lie = port, relay_port, lie
        self.told = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Liar:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the proxy did not come up")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._serve())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._session.close())
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _serve(self) -> web.AppRunner:
        self._session = ClientSession(auto_decompress=True)
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        return runner

    async def _pass_on(self, request: web.Request) -> web.Response:
        # The path as it came: a signature covers it byte by byte.
        target = f"http://127.0.0.1:{self.relay_port}{request.raw_path}"
        async with self._session.request(
            request.method,
            URL(target, encoded=True),
            headers=request.headers,
            data=await request.read(),
            allow_redirects=False,
        ) as answer:
            body = await answer.read()
            lie = self.lie
            if (
                lie
                and answer.status == 200
                and request.method == lie.method
                and request.path.startswith(lie.path)
            ):
                truth = json.loads(body)
                changed = json.dumps(lie.change(json.loads(body))).encode()
                self.told += json.loads(changed) != truth
                body = changed
            headers = {
                name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP
            }
            return web.Response(status=answer.status, headers=headers, body=body)
