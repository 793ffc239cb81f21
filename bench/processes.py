"""Processes of the benchmarks' own, spawned so that they share nothing, and ended for certain."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

SPAWN = multiprocessing.get_context("spawn")
JOIN_SECONDS = 10


@contextmanager
def process(target: Callable[..., None], *arguments: Any) -> Iterator[Connection]:  # noqa: ANN401 - passed on
    """Run target(pipe, *arguments) in a process; yields our end of the pipe, terminates the process at the end."""
    here, there = SPAWN.Pipe()
    child = SPAWN.Process(target=target, args=(there, *arguments))
    child.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        child.terminate()
        child.join(JOIN_SECONDS)
        if child.is_alive():
            child.kill()
            child.join()
