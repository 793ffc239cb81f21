"""uvicorn on the one event loop, with signals of our own.

uvicorn raises SIGTERM again once `serve()` returns, so nothing after it would run: its signal handling is
replaced.
"""

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from handlers.config import ConfigError

#: Connections that are still open when asked to stop get this long; a container is killed soon after.
GRACE_SECONDS = 0.5
#: Ours and a browser's are below 2 kB, a proxy adds a little; nginx, too, takes 16 kB or so.
MOST_HEADER_BYTES = 16_384
TOO_LONG = f"The address and the headers are longer than {MOST_HEADER_BYTES} bytes together."


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 with a limit on the head of a request: the parser has none, and uvicorn's own is for h11 alone."""

    _head = 0
    _in_head = False

    def data_received(self, data: bytes) -> None:
        was_in_head = self._in_head
        super().data_received(data)
        # A value that does not end is never reported: what comes in counts then. Not a head's first piece,
        # which may hold the end of the body before it.
        if was_in_head and self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > MOST_HEADER_BYTES:
                self.send_400_response(TOO_LONG)

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
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        super().send_400_response(TOO_LONG if self._head > MOST_HEADER_BYTES else msg)

    def _count(self, *parts: bytes) -> None:
        self._head += sum(map(len, parts))
        if self._head > MOST_HEADER_BYTES:
            raise ValueError(TOO_LONG)  # the parser stops, and a 400 goes out


class Server(uvicorn.Server):
    """`serve_until` runs it; stopping is the caller's event, never a re-raised signal."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A bound socket (port 0: any free one); raises ConfigError when the port is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named: else each answer waits 40 ms for an ACK.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"port {port} is taken by another program (perhaps Qasid already runs here): "
                f"stop that one, or choose another port with QASID_PORT."
            ) from None
        raise ConfigError(
            f"cannot listen on {host} port {port} ({errno.errorcode.get(error.errno or 0, 'error')}): "
            "check QASID_HOST and QASID_PORT; ports below 1024 belong to the system."
        ) from None
    return bound


async def serve_until(app: FastAPI, bound: socket.socket, stop: asyncio.Event, *, proxies: str) -> None:
    """Serve `app` on the socket until `stop` is set; in-flight requests get GRACE_SECONDS.

    `proxies`: addresses, comma-separated, whose X-Forwarded-For is believed.
    """
    server = Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,  # type: ignore[arg-type]  # typed int, used as seconds
            forwarded_allow_ips=proxies,
            http=Protocol,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT set `stop`; a second one does what it does by default."""
    loop = asyncio.get_running_loop()

    def asked(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked, number)
