"""uvicorn on the one event loop, with signals of our own.

uvicorn raises SIGTERM again once `serve()` returns, so nothing after it would run: its signal handling is
replaced.
"""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from handlers.api.problem import problem
from handlers.config import ConfigError
from handlers.connection import Connection, Crowd, Patience, most_open

#: Connections that are still open when asked to stop get this long; a container is killed soon after.
GRACE_SECONDS = 0.5
COME_AGAIN = {"Retry-After": "5", "Connection": "close"}


class Server(uvicorn.Server):
    """`serve_until` runs it; stopping is the caller's event, never a re-raised signal."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _told_to_come_again(app: ASGIApp) -> ASGIApp:
    """The app, of whose requests those get a 503 that GRACE_SECONDS cut off; uvicorn would say that something broke."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            answer = problem(
                503, "unavailable", "The relay is about to stop: try again in a moment.", COME_AGAIN
            )
            with suppress(RuntimeError):  # the answer had begun
                await answer(scope, receive, send)

    return answered


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


async def serve_until(
    app: FastAPI,
    bound: socket.socket,
    stop: asyncio.Event,
    *,
    proxies: str,
    patience: Patience = Patience(),  # noqa: B008 - frozen
) -> None:
    """Serve `app` on the socket until `stop` is set; in-flight requests get GRACE_SECONDS.

    `proxies`: addresses, comma-separated, whose X-Forwarded-For is believed.
    """
    crowd = Crowd(replace(patience, open=most_open(patience.open)))
    server = Server(
        uvicorn.Config(
            _told_to_come_again(app),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=patience.idle,  # type: ignore[arg-type]  # as below
            timeout_graceful_shutdown=GRACE_SECONDS,  # type: ignore[arg-type]  # typed int, used as seconds
            forwarded_allow_ips=proxies,
            http=partial(Connection, crowd=crowd),  # type: ignore[arg-type]  # typed class, used as a callable
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving
