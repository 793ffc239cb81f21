"""Handing a large envelope to the relay in parts: after a break, only what it has not got is sent."""

from collections.abc import Callable
from typing import Final

from crypto.encoding import b64u
from desk.answers import Answer
from desk.errors import DeskError
from desk.office import Desk

Progress = Callable[[int, int], None]
"""How many bytes the relay has, and of how many."""
PART: Final = 1024 * 1024


def upload(desk: Desk, id_: bytes, data: bytes, progress: Progress) -> None:
    """Goes on where the relay says that it is, until it has all of `data`.

    Raises RelayError, UnreachableError, and DeskError when it answers nonsense.
    """
    path = f"/uploads/{b64u(id_)}"
    have = _have(desk.relay.get(path), range(len(data) + 1))
    progress(have, len(data))
    while have < len(data):
        end = min(have + PART, len(data))
        have = _have(desk.relay.put_bytes(f"{path}/{have}", data[have:end]), range(end, end + 1))
        progress(have, len(data))


def _have(answer: dict[str, object], expected: range) -> int:
    have = Answer(answer).integer("have")
    if have not in expected:
        raise DeskError(
            "The relay counts other bytes than were sent.", "Try again; tell whoever runs it.", "bad_answer"
        )
    return have
