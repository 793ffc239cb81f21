"""Wraps made on all the machine's cores: a notice for thousands of people is waited for by everybody."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Final

from crypto.sealing import Recipient, Secret, Wrapper, wraps

Progress = Callable[[int, int], None]
"""How many wraps are made, and of how many."""
CHUNK: Final = 100
MANY: Final = 200
"""From here on helpers are worth the fifth of a second that each takes to start."""


def sealers(progress: Progress, cores: int | None = None) -> Wrapper:
    """Makes wraps on that many cores (left out: all there are), and tells how far it is after each chunk.

    This process does its share: it begins with the last chunk while helpers start on the first. They get the secret by
    a pipe and are new processes, not copies of this one, so that no other key is in them. Where none can be started,
    or one dies, this process does it all.
    """

    def made(secret: Secret, recipients: Sequence[Recipient]) -> list[bytes]:
        chunks = [recipients[start : start + CHUNK] for start in range(0, len(recipients), CHUNK)]
        helpers = (cores or os.cpu_count() or 1) - 1 if len(recipients) > MANY else 0
        done: dict[int, list[bytes]] = {}

        def keep(number: int, found: list[bytes]) -> None:
            done[number] = found
            progress(sum(map(len, done.values())), len(recipients))

        progress(0, len(recipients))
        with ExitStack() as stack:
            futures = _handed_out(stack, helpers, secret, chunks)
            for number in reversed(range(len(chunks))):
                if number >= len(futures) or futures[number].cancel():
                    keep(number, wraps(secret, chunks[number]))
            for number, future in enumerate(futures):
                if number not in done:
                    keep(number, _fetched(future, secret, chunks[number]))
        return [wrap for number in range(len(chunks)) for wrap in done[number]]

    return made


def _handed_out(
    stack: ExitStack, helpers: int, secret: Secret, chunks: Sequence[Sequence[Recipient]]
) -> list[Future[list[bytes]]]:
    """The chunks for the helpers, in order; none where there are no helpers."""
    if helpers < 1:
        return []
    try:
        pool = ProcessPoolExecutor(min(helpers, len(chunks)), get_context("spawn"))
        # They end by themselves; nobody waits for that.
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        return [pool.submit(wraps, secret, chunk) for chunk in chunks]
    except (OSError, NotImplementedError, ImportError, BrokenProcessPool):
        return []


def _fetched(future: Future[list[bytes]], secret: Secret, chunk: Sequence[Recipient]) -> list[bytes]:
    try:
        return future.result()
    except BrokenProcessPool:
        return wraps(secret, chunk)
