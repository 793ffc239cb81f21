"""Message chains: a counter and the hash of the message before, per sender device and thread (PROTOCOL 6)."""

import secrets
from enum import Enum
from typing import Final

from crypto.content import Inner, Kind, check_chain
from crypto.encoding import b64u
from crypto.record import ZERO_32
from desk.office import Desk

MOST_MISSING: Final = 1000


class Place(Enum):
    NEXT = "next"
    GAP = "gap"  # something before it never came (yet)
    LATE = "late"  # it fills such a gap


def name(sender: bytes, thread: bytes) -> str:
    return f"{b64u(sender)}:{b64u(thread)}"


def last(desk: Desk, sender: bytes, thread: bytes) -> Inner | None:
    """The last message of a chain, if any is known."""
    held = desk.state.chains.get(name(sender, thread))
    return Inner.parse(held) if held else None


def advance(desk: Desk, inner: Inner) -> None:
    desk.state.chains[name(inner.sender, inner.thread)] = inner.encode()


def receive(desk: Desk, inner: Inner) -> Place:
    """Where an incoming message stands in its chain; the chain moves on.

    Raises Refused for a message already counted, or one that follows another history than the one received.
    """
    chain = name(inner.sender, inner.thread)
    before = last(desk, inner.sender, inner.thread)
    missing = desk.state.missing.setdefault(chain, [])
    if inner.counter in missing:
        missing.remove(inner.counter)
        return Place.LATE
    follows = check_chain(inner, before)
    if not follows:
        first = before.counter + 1 if before else 1
        missing.extend(range(max(first, inner.counter - MOST_MISSING), inner.counter))
        del missing[:-MOST_MISSING]
    advance(desk, inner)
    return Place.NEXT if follows else Place.GAP


def step_back(desk: Desk, chain: str, before: bytes) -> None:
    """Takes back our own last message, which the relay refused for good and nobody will ever see."""
    if before:
        desk.state.chains[chain] = before
    else:
        desk.state.chains.pop(chain, None)


def compose(desk: Desk, kind: Kind, recipient: bytes, thread: bytes, payload: bytes) -> Inner:
    """The next message of this device in a thread; `advance` when it is queued."""
    before = last(desk, desk.device.device, thread)
    pin = desk.pin
    return Inner(
        nonce=secrets.token_bytes(32),
        kind=kind,
        sender=desk.device.device,
        recipient=recipient,
        thread=thread,
        counter=before.counter + 1 if before else 1,
        prev=before.hash if before else ZERO_32,
        sent_at=desk.now(),
        roster_version=pin.version,
        roster_hash=pin.hash,
        payload=payload,
    )


class Undo:
    """What `receive` changes, to be put back when the message turns out not to hold."""

    def __init__(self, desk: Desk, inner: Inner) -> None:
        self._desk = desk
        self._chain = name(inner.sender, inner.thread)
        self._last = desk.state.chains.get(self._chain, b"")
        self._missing = list(desk.state.missing.get(self._chain, []))

    def apply(self) -> None:
        step_back(self._desk, self._chain, self._last)
        self._desk.state.missing[self._chain] = self._missing
