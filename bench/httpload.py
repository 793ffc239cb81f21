"""A client in its own process that sends ready-made requests over many connections, as fast as they are answered."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import uvloop

from bench.processes import process

ACCEPTED = b"HTTP/1.1 202 "
PATIENCE_SECONDS = 120


@contextmanager
def client(connections: int) -> Iterator[Callable[[int, list[bytes]], float]]:
    """Yields load(port, requests) -> seconds until the last is answered; raises RuntimeError for any but a 202."""
    with process(_work, connections) as pipe:

        def load(port: int, requests: list[bytes]) -> float:
            pipe.send((port, requests))
            if not pipe.poll(PATIENCE_SECONDS):
                raise RuntimeError("the client got no answer")
            found = pipe.recv()
            if isinstance(found, float):
                return found
            raise RuntimeError(found)

        yield load


def _work(pipe: Connection, connections: int) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        while True:
            try:
                port, requests = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send(runner.run(_load(port, requests, connections)))
            except (OSError, ExceptionGroup) as error:
                pipe.send(f"{type(error).__name__}: {getattr(error, 'exceptions', error)}")


async def _load(port: int, requests: list[bytes], connections: int) -> float:
    waiting = iter(requests)
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for reader, writer in opened:
            group.create_task(_one(reader, writer, waiting))
    seconds = time.perf_counter() - start
    for _, writer in opened:
        writer.close()
    return seconds


async def _one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: Iterator[bytes]) -> None:
    for request in waiting:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        size = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(size))
        if not head.startswith(ACCEPTED):
            raise ConnectionError(f"{head.splitlines()[0]!r}: {body[:200]!r}")
