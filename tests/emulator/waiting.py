"""Waiting for what another task does, without guessing how long it takes."""

import asyncio
from collections.abc import Callable


async def eventually(condition: Callable[[], object]) -> None:
    """Give other tasks their turns until `condition` holds; raises TimeoutError after 5 seconds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the condition is the emulator's state, which sets no event
            await asyncio.sleep(0)
