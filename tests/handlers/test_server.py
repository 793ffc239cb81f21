"""A taken port, and how much head a request may have."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request

from handlers.config import ConfigError
from handlers.server import MOST_HEADER_BYTES, listen, serve_until


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with listen("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"port {port} is taken .* QASID_PORT"):
            listen("127.0.0.1", port)


def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(ConfigError, match="QASID_HOST"):
        listen("192.0.2.1", 0)


def test_a_free_port() -> None:
    with listen("127.0.0.1", 0) as bound:
        assert isinstance(bound, socket.socket)
        assert bound.getsockname()[1] > 0


async def test_an_answer_waits_for_no_acknowledgement() -> None:
    """Without it every answer over a kept connection takes 40 ms: head and body are written apart."""
    taken: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    class Probe(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            at = transport.get_extra_info("socket")
            taken.set_result(at.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    bound = listen("127.0.0.1", 0)
    server = await asyncio.get_running_loop().create_server(Probe, sock=bound)
    async with server:
        _, writer = await asyncio.open_connection(*bound.getsockname())
        assert await taken == 1
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server as it really runs, with one address."""
    app = FastAPI()

    @app.api_route("/", methods=["GET", "POST"])
    async def size(request: Request) -> int:
        return len(await request.body())

    stop = asyncio.Event()
    bound = listen("127.0.0.1", 0)
    serving = asyncio.create_task(serve_until(app, bound, stop, proxies="127.0.0.1"))
    yield bound.getsockname()[1]
    stop.set()
    await serving


async def ask(port: int, *pieces: bytes) -> list[bytes]:
    """Send the pieces until the server hangs up; gives the status lines of what it answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = bytearray()

    async def hear() -> None:
        while piece := await reader.read(65_536):
            answered.extend(piece)

    listening = asyncio.create_task(hear())
    try:
        for piece in pieces:
            if listening.done():
                break
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        await asyncio.wait_for(listening, 5)
    except ConnectionError:
        pass
    finally:
        listening.cancel()
        writer.close()
    return re.findall(rb"HTTP/1\.1 [^\r]+", bytes(answered))


class TestHead:
    def request(self, size: int, *, end: bytes = b"\r\n\r\n") -> bytes:
        return b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-A: " + b"a" * size + end

    async def test_an_ordinary_one(self, port: int) -> None:
        assert await ask(port, self.request(4000)) == [b"HTTP/1.1 200 OK"]

    async def test_one_long_header(self, port: int) -> None:
        assert await ask(port, self.request(40_000)) == [b"HTTP/1.1 400 Bad Request"]

    async def test_many_short_headers(self, port: int) -> None:
        lines = b"".join(b"\r\nX-%d: a" % number for number in range(4000))
        assert await ask(port, self.request(1, end=lines + b"\r\n\r\n")) == [b"HTTP/1.1 400 Bad Request"]

    async def test_a_long_address(self, port: int) -> None:
        head = b"GET /?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert await ask(port, head) == [b"HTTP/1.1 400 Bad Request"]

    async def test_one_that_does_not_end(self, port: int) -> None:
        """In pieces, as from a slow or a patient stranger: cut off long before a mebibyte."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(self.request(1, end=b""))
        answer = asyncio.create_task(reader.readline())
        pieces = 0
        while not answer.done() and pieces < 256:
            writer.write(b"a" * 4096)
            await writer.drain()
            await asyncio.wait({answer}, timeout=0.01)
            pieces += 1
        writer.close()
        assert answer.done()
        assert answer.result() == b"HTTP/1.1 400 Bad Request\r\n"

    async def test_a_body_does_not_count(self, port: int) -> None:
        """Nor do the heads of earlier requests on the same connection."""
        size = 3 * MOST_HEADER_BYTES
        post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + b"a" * size
        got = await ask(port, post, post[:100], post[100:], self.request(10))
        assert got == [b"HTTP/1.1 200 OK"] * 3
