"""Envelopes over HTTP: durable, against the same route that forgets them.

Two servers in processes of their own (the very application, signatures verified by both), a client in a third.
The limit's server knows its devices from memory and accepts each well-formed envelope without keeping it.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvloop

from bench import httpload
from bench.figure import Bench, Figure, interleaved
from bench.processes import process
from bench.town import Town, house_of
from crypto import request as signing
from handlers.api.build import build
from handlers.api.context import Context
from handlers.api.rates import Rates
from handlers.clock import RealClock
from handlers.leaving import stop_on_signals
from handlers.server import listen, serve_until
from relay import auth, post
from relay.addressing import MESSAGES
from relay.heads import Head
from relay.post import Accepted, Upload
from store.engine import open_store
from tests.relay.house import House, Phone

AUTHORITY = "relay.test"
CONNECTIONS = 64
ROUNDS, REQUESTS, PHONES = 7, 1500, 64


def run(quick: bool, folder: Path) -> list[Figure]:
    rounds, requests, count = (3, 128, 8) if quick else (ROUNDS, REQUESTS, PHONES)
    town = Town.found(folder / "town")
    store = town.open()
    house = house_of(town, store)
    phones = [house.enrolled(MESSAGES) for _ in range(count)]
    known = store.read_now(
        lambda tx: {each.device: auth.device_of(tx, each.device, house.now) for each in phones}
    )
    store.close()
    with ExitStack() as stack:
        durable = stack.enter_context(server(durable_server, town))
        forgetful = stack.enter_context(server(_forgetful, town, known))
        client = stack.enter_context(httpload.client(CONNECTIONS))
        for port in (durable, forgetful):  # warm: connections, caches, compiled statements
            client(port, _requests(house, phones, requests // 2))
        one, limit = interleaved(
            rounds,
            lambda _: client(durable, _requests(house, phones, requests)),
            lambda _: client(forgetful, _requests(house, phones, requests)),
        )
    ratios = [theirs / mine for mine, theirs in zip(one, limit, strict=True)]
    return [
        Figure(
            "taking envelopes over HTTP, durable",
            f"the same route without a database, {CONNECTIONS} connections",
            ratios,
            goal=0.80,
            note=f"{requests / sorted(one)[rounds // 2]:,.0f}/s against {requests / sorted(limit)[rounds // 2]:,.0f}/s",
        )
    ]


def _requests(house: House, phones: Sequence[Phone], count: int) -> list[bytes]:
    house.now = datetime.now(UTC)
    return [_request(phones[number % len(phones)], int(house.now.timestamp())) for number in range(count)]


def _request(phone: Phone, now: int) -> bytes:
    body = phone.letter()
    signed = signing.sign(
        phone.keys.sign_seed,
        device=phone.device,
        method="POST",
        authority=AUTHORITY,
        path="/v1/envelopes",
        body=body,
        created=now,
    )
    headers = {
        "Host": AUTHORITY,
        "Content-Type": "application/octet-stream",
        "Content-Length": str(len(body)),
        **signed,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /v1/envelopes HTTP/1.1\r\n{lines}\r\n".encode() + body


@contextmanager
def server(target: Callable[..., None], *arguments: Any) -> Iterator[int]:  # noqa: ANN401 - passed on
    """A process that serves until terminated; its port."""
    with process(target, *arguments) as pipe:
        yield pipe.recv()


def durable_server(pipe: Connection, town: Town) -> None:
    store = open_store(town.url)
    try:
        _serve(pipe, town, store)
    finally:
        store.close()


def _forgetful(pipe: Connection, town: Town, known: dict[bytes, auth.Principal]) -> None:
    _serve(pipe, town, Nowhere(known))


@dataclass
class Nowhere:
    """Stands in for the store: knows its devices, parses, answers, keeps nothing."""

    known: dict[bytes, auth.Principal]

    async def look(self, _rule: object, asked: tuple[bytes, datetime]) -> auth.Principal:
        device, _ = asked
        return self.known[device]

    async def gather(self, _rule: object, upload: Upload) -> Accepted:
        letter, _ = post.opened(upload.data)
        return Accepted(
            letter.header.envelope, upload.now, Head(self.known[upload.device].office, 1, bytes(32))
        )


def _serve(pipe: Connection, town: Town, store: Any) -> None:  # noqa: ANN401 - a Store, or Nowhere
    context = Context(
        store=store,
        vault=town.vault,
        clock=RealClock(),
        rates=Rates(enabled=False),
        authorities=frozenset({AUTHORITY}),
        bot_token=None,
        demo=False,
        bot_name=None,
        wake=lambda: None,
        rescheduled=lambda: None,
    )
    app = build(context, app_dir=town.folder)

    async def serving(bound: socket.socket) -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        await serve_until(app, bound, stop, proxies="127.0.0.1")

    with listen("127.0.0.1", 0) as bound, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        bound.listen(1024)
        pipe.send(bound.getsockname()[1])
        runner.run(serving(bound))


BENCH = Bench("ingest", "being durable costs little of what HTTP and signatures cost", run)
