"""HTTP/1.1 with limits that the parser and uvicorn lack: on a head's size, on waiting for a client, on how many come.

A connection that awaits
    a head has Patience.head seconds from its first byte, or from connecting; Patience.idle between requests,
    a body has Patience.body, and a second more for each Patience.rate bytes that came,
    a reader has Patience.reader without taking any more of the answer.
"""

import asyncio
import resource
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from handlers.api.problem import problem

#: Ours and a browser's are below 2 kB, a proxy adds a little; nginx, too, takes 16 kB or so.
MOST_HEADER_BYTES = 16_384
TOO_LONG = f"The address and the headers are longer than {MOST_HEADER_BYTES} bytes together."
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
#: Answered however busy it is: Telegram's updates, and whoever looks after the relay.
ALWAYS = (b"/telegram/", b"/healthz", b"/readyz", b"/metrics")
#: File handles for all else: database, Telegram, logs.
HANDLES = 256


@dataclass(frozen=True)
class Patience:
    """Seconds, bytes a second, connections. A phone on a bad line sends some kB a second, with gaps of some seconds."""

    head: float = 10
    idle: float = 5
    body: float = 20
    rate: float = 500
    reader: float = 60
    #: Requests being received or answered; a further one is told 503.
    busy: int = 500
    #: Connections; for a further one, that goes which has asked for nothing for longest.
    open: int = 2_000


@dataclass
class Crowd:
    """The connections of one server."""

    patience: Patience
    #: Those that ask for nothing now (idle, or their head is not complete), the longest first.
    idle: dict["Connection", None] = field(default_factory=dict)


def most_open(wanted: int) -> int:
    """How many connections this process has file handles for, up to `wanted`; asks the system for as many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + HANDLES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - HANDLES))


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Retry-After": "5", "Connection": "close"}
    answer = problem(503, "unavailable", "Too many ask at once: try again in a moment.", headers)
    await answer(scope, receive, send)


class Connection(HttpToolsProtocol):
    """One client's connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        crowd: Crowd,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._crowd = crowd
        self._patience = crowd.patience
        self._head = 0
        self._in_head = False
        self._in_body = False
        #: Bytes of this body, and when its time began.
        self._came = 0
        self._began = 0.0
        self._clock: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._crowd.idle[self] = None
        self._watch()
        if len(self.connections) > self._patience.open:
            # One whose head is there is never in the way of others for long; who only connects, is.
            next(iter(self._crowd.idle)).leave()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        self.resume_writing()
        self._crowd.idle.pop(self, None)
        super().connection_lost(exc)

    def leave(self) -> None:
        """Hang up at once, without a word."""
        self._crowd.idle.pop(self, None)
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        was_in_head = self._in_head
        super().data_received(data)
        # A value that does not end is never reported: what comes in counts then. Not a head's first piece,
        # which may hold the end of the body before it.
        if was_in_head and self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > MOST_HEADER_BYTES:
                self.send_400_response(TOO_LONG)
        self._watch()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head, self._in_head = 0, True

    def on_url(self, url: bytes) -> None:
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(name, value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._rest()
        self._in_head, self._in_body = False, True
        self._came, self._began = 0, self.loop.time()
        self._crowd.idle.pop(self, None)
        full = len(self.connections) - len(self._crowd.idle) > self._patience.busy
        self.app = _busy if full and not self.url.startswith(ALWAYS) else self.config.loaded_app
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._came += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._rest()
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self in self.connections:
            self._crowd.idle[self] = None
            if self._in_head:  # uvicorn took it for idle
                self._unset_keepalive_if_required()
                self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reader = self.loop.call_later(self._patience.reader, self.transport.abort)

    def resume_writing(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        super().send_400_response(TOO_LONG if self._head > MOST_HEADER_BYTES else msg)

    def _count(self, *parts: bytes) -> None:
        self._head += sum(map(len, parts))
        if self._head > MOST_HEADER_BYTES:
            raise ValueError(TOO_LONG)  # the parser stops, and a 400 goes out

    def _watch(self) -> None:
        """Start the clock for what is awaited, unless it runs. Most requests come whole, and need none."""
        if self._clock is not None or self.transport.is_closing():
            return
        if self._in_body:
            self._clock = self.loop.call_at(self._began + self._patience.body, self._slow_body)
        elif self.cycle is None or self.cycle.response_complete:
            self._clock = self.loop.call_later(self._patience.head, self._hang_up)

    def _rest(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _slow_body(self) -> None:
        self._clock = None
        if self.flow.read_paused:  # it waits for us
            self._came, self._began = 0, self.loop.time()
        due = self._began + self._patience.body + self._came / self._patience.rate
        if due > self.loop.time():
            self._clock = self.loop.call_at(due, self._slow_body)
        else:
            self._hang_up()

    def _hang_up(self) -> None:
        self._clock = None
        if self.transport.is_closing():
            return
        answered = self._in_body and (self.cycle.response_started or self.pipeline)
        if (self._in_head or self._in_body) and not answered:
            self.transport.write(TOO_SLOW)
        self.transport.close()
