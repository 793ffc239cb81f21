"""A taken port, how much head a request may have, and clients that are slow or many."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI, Request, Response

from handlers.config import ConfigError
from handlers.connection import MOST_HEADER_BYTES, Patience
from handlers.server import listen, serve_until


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


async def test_who_is_cut_off_by_a_stop_is_told_to_come_again() -> None:
    app, stop, inside = FastAPI(), asyncio.Event(), asyncio.Event()

    @app.get("/")
    async def endless() -> None:
        inside.set()
        await asyncio.Event().wait()

    bound = listen("127.0.0.1", 0)
    bound.listen()
    serving = asyncio.create_task(serve_until(app, bound, stop, proxies=""))
    asking = asyncio.create_task(ask(bound.getsockname()[1], b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
    await inside.wait()
    stop.set()
    assert await asking == [b"HTTP/1.1 503 Service Unavailable"]
    await serving


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


@asynccontextmanager
async def server(patience: Patience) -> AsyncIterator[int]:
    """A server as it really runs, which says how long a body is."""
    app = FastAPI()

    @app.api_route("/", methods=["GET", "POST"])
    @app.api_route("/healthz", methods=["GET"])
    @app.api_route("/telegram/x", methods=["POST"])
    async def size(request: Request) -> int:
        return len(await request.body())

    @app.get("/large")
    async def large() -> Response:
        return Response(bytes(16 << 20))

    stop = asyncio.Event()
    bound = listen("127.0.0.1", 0)
    bound.listen()
    port = bound.getsockname()[1]
    serving = asyncio.create_task(serve_until(app, bound, stop, proxies="127.0.0.1", patience=patience))
    try:
        yield port
    finally:
        stop.set()
        await serving


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with server(Patience()) as found:
        yield found


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


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
OK, SLOW, FULL = (b"HTTP/1.1 200 OK", b"HTTP/1.1 408 Request Timeout", b"HTTP/1.1 503 Service Unavailable")


class TestSlowClients:
    @pytest.mark.parametrize(
        ("said", "heard"),
        [
            (b"", []),
            (b"GET / HT", [SLOW]),
            (GET[:-2] + b"X-A: b", [SLOW]),
            (POST % (b"/", 9) + b"12345678", [SLOW]),
            (GET + GET[:20], [OK, SLOW]),
            (GET, [OK]),
            (GET + POST % (b"/", 9), [OK, SLOW]),
        ],
        ids=[
            "nothing",
            "a line",
            "half a head",
            "half a body",
            "half a second head",
            "no second",
            "half a second body",
        ],
    )
    async def test_is_hung_up_on(self, said: bytes, heard: list[bytes]) -> None:
        async with server(Patience(head=0.05, body=0.05, idle=0.05)) as port:
            assert await ask(port, said) == heard

    async def test_a_body_may_take_as_long_as_its_size_allows(self) -> None:
        """Each piece comes after the time that a body has at first, and within what the earlier ones bought."""
        size = 1_000
        async with server(Patience(body=0.05, rate=size)) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(POST % (b"/", 2 * size) + bytes(size))
            answer = asyncio.create_task(reader.readline())
            await asyncio.wait({answer}, timeout=0.2)
            writer.write(bytes(size))
            assert (await answer).rstrip() == OK
            writer.close()

    async def test_an_empty_line_between_requests_buys_nothing(self) -> None:
        """uvicorn's own clock stops at any byte."""
        async with server(Patience(head=0.05, idle=60)) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(GET)
            await reader.readuntil(b"\r\n\r\n0")
            writer.write(b"\r\n")
            assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()

    async def test_who_takes_no_answer_is_left(self) -> None:
        async with server(Patience(reader=0.05)) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(GET.replace(b" / ", b" /large "))
            assert (await reader.readline()).rstrip() == OK
            writer.transport.pause_reading()
            async with asyncio.timeout(5):
                while True:
                    writer.write(b"\r\n")  # refused once the other side is gone
                    try:
                        await writer.drain()
                    except ConnectionError:
                        break
                    await asyncio.sleep(0.01)


async def test_five_hundred_slow_clients_keep_nobody_out() -> None:
    """Half of a head each, and all the time in the world: the longest idle make room."""
    async with server(Patience(open=100)) as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(500)]
        for _, writer in slow:
            writer.write(GET[:20])
        assert await ask(port, GET[:-2] + b"Connection: close\r\n\r\n") == [OK]
        gone = 0
        async with asyncio.timeout(5):
            for reader, _ in slow[:400]:
                try:
                    gone += await reader.read() == b""
                except ConnectionError:
                    gone += 1
        assert gone == 400
        assert not any(reader.at_eof() for reader, _ in slow[401:])
        for _, writer in slow:
            writer.close()


async def test_beyond_what_it_can_do_at_once_only_telegram_and_the_watch_are_heard() -> None:
    last = b"Connection: close\r\n\r\n"
    async with server(Patience(busy=3)) as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _, writer in slow:
            writer.write(POST % (b"/", 9) + b"1")
            await writer.drain()
        assert await ask(port, GET[:-2] + last) == [FULL]
        assert await ask(port, GET[:-2].replace(b" / ", b" /healthz ") + last) == [OK]
        assert await ask(port, (POST % (b"/telegram/x", 1))[:-2] + last + b"1") == [OK]
        for reader, writer in slow:
            writer.write(b"2345678" + b"9")
            assert (await reader.readline()).rstrip() == OK
            writer.close()
        assert await ask(port, GET[:-2] + last) == [OK]
