"""Counts what goes over the wire: a plain TCP relay between a phone and the server, on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress


class Meter:
    """Bytes up (from the phone) and down, HTTP's own included; TCP's and TLS's are not."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self.up = self.down = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Meter:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the meter did not come up")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def reset(self) -> None:
        self.up = self.down = 0

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await task

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, before = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self._copy(reader, before, "up"), self._copy(behind, writer, "down"))

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str) -> None:
        try:
            while data := await source.read(65_536):
                setattr(self, way, getattr(self, way) + len(data))
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()
