"""Sealed envelopes on their way to the relay: on disk before they are sent, gone when they are accepted.

What is sealed anew keeps its envelope id: when only the relay's answer was lost, it is known there already.
"""

from collections.abc import Sequence
from typing import Final

from crypto.content import Inner, Kind
from crypto.encoding import b64u
from crypto.envelope import HEADER_SIZE, Header, Urgency
from crypto.errors import CryptoError
from crypto.prekey import HolderKind, Prekey
from crypto.sealing import Recipient, seal
from desk import chains
from desk.errors import DeskError, RelayError, UnreachableError
from desk.following import sync
from desk.lifetimes import DAY
from desk.office import Desk
from desk.state import Queued

#: The relay takes a header at most an hour old; what waited longer is sealed anew.
FRESH: Final = 45 * 60
PASSING: Final = (401, 408, 429)
REMEMBER: Final = 91 * DAY


def queue(
    desk: Desk,
    inner: Inner,
    recipients: Sequence[Recipient],
    expires: int,
    urgency: Urgency = Urgency.ROUTINE,
) -> bytes:
    """Seals, moves the thread's chain on and saves; returns the envelope id. `flush` sends it.

    Raises Refused when a prekey may not be sealed to (nothing is queued then).
    """
    chain = chains.name(inner.sender, inner.thread)
    item = Queued(
        envelope=b"",
        data=b"",
        inner=inner.encode(),
        prekeys=[recipient.prekey.encode() for recipient in recipients],
        expires=expires,
        urgency=int(urgency),
        chain=chain,
        before=desk.state.chains.get(chain, b""),
    )
    _seal(desk, item)
    chains.advance(desk, inner)
    desk.state.outbox.append(item)
    desk.save()
    return item.envelope


def flush(desk: Desk) -> dict[bytes, str]:
    """Sends everything queued, in order; envelope id -> "accepted" or "queued".

    Raises DeskError when the relay refuses an envelope for good, or it waited so long that its keys have run out;
    it is then taken out and its message marked as failed. By a wrong clock nothing is taken out, but nothing sent.
    """
    outcome = {}
    while desk.state.outbox:
        item = desk.state.outbox[0]
        try:
            _freshen(desk, item)
            desk.relay.post_bytes("/envelopes", item.data, _query(item))
        except UnreachableError:
            break
        except RelayError as refused:
            if refused.status in PASSING or refused.status >= 500:
                break
            if refused.code == "epoch_unknown" and _follow_epoch(desk, item):
                continue
            if refused.code != "envelope_taken":
                _drop(desk, item)
                raise
        outcome[item.envelope] = "accepted"
        desk.state.outbox.pop(0)
        desk.save()
    return outcome | {item.envelope: "queued" for item in desk.state.outbox}


def _query(item: Queued) -> str:
    # Nobody is rung for a receipt.
    return "ring=no" if Inner.parse(item.inner).kind is Kind.OPENED else ""


def _seal(desk: Desk, item: Queued) -> None:
    item.data = seal(
        Inner.parse(item.inner),
        sender=desk.keys,
        recipients=[Recipient(Prekey.parse(data)) for data in item.prekeys],
        now=desk.now(),
        expires=item.expires,
        urgency=Urgency(item.urgency),
        envelope=item.envelope or None,
    )
    item.envelope = Header.parse(item.data[:HEADER_SIZE]).envelope
    # Our own copy comes back with the epoch's mail; it is known already.
    desk.state.seen[b64u(item.envelope)] = desk.now() + REMEMBER


def _freshen(desk: Desk, item: Queued) -> None:
    if desk.now() - Header.parse(item.data[:HEADER_SIZE]).time >= FRESH + 900:
        _seal_anew(desk, item)


def _follow_epoch(desk: Desk, item: Queued) -> bool:
    """The office began another epoch while this waited: seals to that one; says whether there is one."""
    newest = sync(desk).epoch(desk.now()).encode()
    prekeys = [newest if _is_epoch(data) else data for data in item.prekeys]
    if prekeys == item.prekeys:
        return False
    item.prekeys = prekeys
    _seal_anew(desk, item)
    return True


def _is_epoch(data: bytes) -> bool:
    return Prekey.parse(data).holder_kind is HolderKind.EPOCH


def _seal_anew(desk: Desk, item: Queued) -> None:
    try:
        _seal(desk, item)
    except CryptoError as late:
        desk.check_clock()
        _drop(desk, item)
        raise DeskError(
            f"A message waited so long that it can be sent no more: {late}.",
            "It is marked as failed in `qasid-desk inbox --all`; write it again.",
            "waited_too_long",
        ) from late
    desk.save()


def _drop(desk: Desk, item: Queued) -> None:
    desk.state.outbox.remove(item)
    if not any(other.chain == item.chain for other in desk.state.outbox):
        chains.step_back(desk, item.chain, item.before)
    for message in desk.state.messages:
        if message.envelope == item.envelope:
            message.receipt = "failed"
    desk.save()
