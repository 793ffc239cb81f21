"""Messages between offices, written and taken in; desk/mediation.py has what a mediator does with them.

The list of messages is append-only, and all else, the threads too, is read off it. Each goes twice, to the other
office and (a copy) to one's own epoch, so that colleagues know what was written.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Final

from crypto.content import TextMessage
from crypto.disclosure import Disclosure, check_disclosure
from crypto.encoding import b64u, new_id
from crypto.errors import CryptoError, Refused
from crypto.manifest import Manifest, check_manifest
from crypto.missive import (
    Missive,
    MissiveKind,
    Original,
    Outcome,
    Paraphrase,
    Request,
    SignedMissive,
    check_missive,
    check_original,
)
from crypto.record import ZERO_32
from crypto.roster import Entry, Pin
from crypto.sealing import OpenedBytes, seal_missive
from desk import partners
from desk.errors import AlarmError, DeskError, RelayError, UnreachableError, UsageError
from desk.lifetimes import DAY, MESSAGE_LIFE
from desk.office import READS_MAIL, Desk
from desk.state import DueMissive, HeldMissive, HeldPartner

PASSING: Final = (401, 408, 429)
REMEMBER: Final = 91 * DAY
VERIFIED: Final = "verified"
UNVERIFIABLE: Final = "not verifiable here"


@dataclass(frozen=True)
class Thread:
    """Messages with one office, under a number of this desk's: oldest first."""

    number: int
    office: bytes
    thread: bytes
    missives: list[HeldMissive]


def read(held: HeldMissive) -> Missive:
    return Missive.parse(held.missive)


def hash_of(held: HeldMissive) -> bytes:
    """Of the missive as it came: something may have been destroyed in it since."""
    return held.hash or read(held).hash


def other(desk: Desk, missive: Missive) -> bytes:
    """The office a message was exchanged with."""
    return missive.to if missive.office == desk.office else missive.office


def threads(desk: Desk) -> list[Thread]:
    """By their first message."""
    found: dict[tuple[bytes, bytes], Thread] = {}
    for held in desk.state.missives:
        missive = read(held)
        key = (other(desk, missive), missive.thread)
        found.setdefault(key, Thread(len(found) + 1, *key, [])).missives.append(held)
    return list(found.values())


def thread(desk: Desk, number: int) -> Thread:
    """Raises UsageError."""
    for found in threads(desk):
        if found.number == number:
            return found
    raise UsageError(f"There is no thread {number}.", "See `qasid-desk thread list`.")


def empty(held: HeldMissive) -> None:
    """Destroys what a message says; its place in the thread stays. The caller saves."""
    missive = read(held)
    held.hash, held.proof, held.ends = hash_of(held), b"", 0
    held.missive = replace(missive, kind=MissiveKind.TEXT, payload=TextMessage("").encode()).encode()


# --- writing


def send(desk: Desk, to: HeldPartner, text: str, *, within: bytes = b"", pass_to: bytes = b"") -> HeldMissive:
    """A text to another office, or with `pass_to` a request to pass it on to that one; queued.

    `within` is the thread, a new one if empty. Raises DeskError, CryptoError.
    """
    if not text.strip():
        raise UsageError("The message is empty.", "Give the text, or write it to standard input.")
    if pass_to:
        payload, kind = Request(pass_to, text).encode(), MissiveKind.REQUEST
    else:
        payload, kind = TextMessage(text).encode(), MissiveKind.TEXT
    return queue(desk, to, kind, within or new_id(), payload, query="mediated=yes" if pass_to else "")


def flush(desk: Desk) -> None:
    """Sends what is queued, in order; what cannot go now stays queued.

    Raises DeskError when the relay refuses one for good: it is taken out with what follows from it, and marked failed.
    """
    while desk.state.missives_due:
        due = desk.state.missives_due[0]
        try:
            _post(desk, due)
        except UnreachableError:
            return
        except (CryptoError, AlarmError):  # their roster has expired, or does not hold
            _drop(desk, due)
            raise
        except RelayError as refused:
            if refused.status in PASSING or refused.status >= 500 or refused.code == "epoch_unknown":
                return  # the next command follows that office's roster anew
            if refused.code == "clock_wrong":
                raise
            if refused.code != "envelope_taken":  # else it had arrived already
                _drop(desk, due)
                raise
        _mark(desk, due, "accepted")
        desk.state.missives_due.pop(0)
        desk.save()


def queue(
    desk: Desk,
    to: HeldPartner,
    kind: MissiveKind,
    within: bytes,
    payload: bytes,
    *,
    query: str = "",
    ends: int = 0,
) -> HeldMissive:
    """Puts a message to another office, and its copy to one's own, on their way; `flush` sends them.

    `ends`: nobody gets it any more from then on.
    """
    role_code = desk.require(READS_MAIL, "write to other offices").role_code
    chain = (desk.device.device, to.office, within)
    own = [each for each in standing(desk) if _outward(each) == chain]
    before = max(own, key=lambda each: read(each).counter, default=None)
    pin = desk.pin
    missive = Missive(
        nonce=secrets.token_bytes(32),
        kind=kind,
        office=desk.office,
        to=to.office,
        sender=desk.device.device,
        thread=within,
        counter=read(before).counter + 1 if before else 1,
        prev=hash_of(before) if before else ZERO_32,
        sent_at=desk.now(),
        roster_version=pin.version,
        roster_hash=pin.hash,
        payload=payload,
    )
    held = _keep(desk, new_id(), missive, role_code)
    held.read, held.state = True, "queued"
    wire = missive.encode()
    copy = new_id()
    desk.state.seen[b64u(copy)] = desk.now() + REMEMBER
    desk.state.missives_due.append(DueMissive(held.envelope, to.office, wire, query, held.id, ends))
    desk.state.missives_due.append(DueMissive(copy, desk.office, wire, "", held.id, ends))
    desk.save()
    return held


def _post(desk: Desk, due: DueMissive) -> None:
    own = due.office == desk.office
    path = "/envelopes" if own else f"/partners/{b64u(due.office)}/envelopes"
    roster = desk.roster if own else partners.refresh(desk, partners.pinned(desk, due.office))
    epoch = roster.epoch(desk.now())
    data = seal_missive(
        Missive.parse(due.missive),
        sender=desk.keys,
        epoch=epoch,
        now=desk.now(),
        expires=min(desk.now() + MESSAGE_LIFE, epoch.delete_at, due.ends or epoch.delete_at),
        envelope=due.envelope,
    )
    desk.relay.post_bytes(path, data, due.query or ("ring=no" if own else ""))


def _drop(desk: Desk, due: DueMissive) -> None:
    """The one that was refused, its copy, and the word that it had been passed on; marked, so that no text is lost."""
    failed = Missive.parse(due.missive).read()
    about = b""
    if isinstance(failed, Original):
        about = failed.signed.missive.hash
    elif isinstance(failed, Paraphrase):
        about = failed.about
    gone = {due.held}
    for each in desk.state.missives_due:
        said = Missive.parse(each.missive).read()
        if isinstance(said, Outcome) and said.about == about:
            gone.add(each.held)
    desk.state.missives_due = [each for each in desk.state.missives_due if each.held not in gone]
    for held in desk.state.missives:
        if held.id in gone and held.state == "queued":
            held.state = "failed"
    desk.save()


def _mark(desk: Desk, due: DueMissive, state: str) -> None:
    for held in desk.state.missives:
        if held.id == due.held and due.office != desk.office:
            held.state = state


# --- taking in


def take(desk: Desk, opened: OpenedBytes, entry: Entry, held_by: HeldPartner | None) -> HeldMissive:
    """A message from another office, or (without `held_by`) a colleague's copy of one; verified, then kept.

    Raises Malformed or Refused, and AlarmError when the relay lies about a roster.
    """
    signed = SignedMissive.parse(opened.content)
    missive = signed.missive
    if held_by is None:
        checks = check_missive(signed, opened.header, roster=desk.roster, pin=desk.pin, to=missive.to)
    else:
        if missive.roster_version > Pin.parse(held_by.pin).version:
            partners.refresh(desk, held_by)
        roster, pin = partners.roster(held_by), Pin.parse(held_by.pin)
        checks = check_missive(signed, opened.header, roster=roster, pin=pin, to=desk.office)
    if checks.device != entry.device:
        raise Refused("the message is by another device than sealed it")
    gap = _follows(desk, missive)
    origin, payload = "", missive.read()
    if isinstance(payload, Disclosure):
        check_disclosure(payload, office=missive.office, to=missive.to, now=missive.sent_at)
    if isinstance(payload, Manifest):
        office = desk.roster if held_by is None else partners.roster(held_by)
        check_manifest(payload, roster=office, to=missive.to)
    if missive.kind is MissiveKind.FORWARD:
        origin = verify_original(desk, Original.parse(missive.payload))
    kept = _keep(desk, opened.header.envelope, missive, checks.role_code)
    kept.proof, kept.commitment = signed.proof, opened.header.commitment
    kept.gap, kept.origin, kept.read = gap, origin, held_by is None
    return kept


def verify_original(desk: Desk, original: Original) -> str:
    """VERIFIED under its author's pinned root, or UNVERIFIABLE when that office is not pinned here.

    Raises Refused for a forged or altered one.
    """
    author = original.signed.missive
    held = desk.state.partners.get(b64u(author.office))
    if author.office == desk.office:
        check_original(original, roster=desk.roster, pin=desk.pin)
        return VERIFIED
    if held is None:
        return UNVERIFIABLE
    if author.roster_version > Pin.parse(held.pin).version or not partners.roster(held).entry(author.sender):
        partners.refresh(desk, held)
    try:
        check_original(original, roster=partners.roster(held), pin=Pin.parse(held.pin))
    except CryptoError as forged:
        raise Refused(f"the original it encloses is not {held.name}'s: {forged}") from forged
    return VERIFIED


def origin(desk: Desk, held: HeldMissive) -> str:
    """Of an original that was passed on: as it was found when it came, or now that its author is pinned."""
    if held.origin == UNVERIFIABLE:
        try:
            held.origin = verify_original(desk, Original.parse(read(held).payload))
        except CryptoError:
            return "NOT THEIRS: it does not verify under the office's pinned root"
        except DeskError:  # their roster is out of reach just now
            return held.origin
    return held.origin


def _follows(desk: Desk, missive: Missive) -> bool:
    """Whether something before it is missing. Raises Refused for what was counted before, or another history."""
    chain = (missive.office, missive.to, missive.sender, missive.thread)
    known = {
        read(each).counter: each
        for each in standing(desk)
        if (read(each).office, read(each).to, read(each).sender, read(each).thread) == chain
    }
    if missive.counter in known:
        raise Refused("a message that has been counted before")
    before, after = known.get(missive.counter - 1), known.get(missive.counter + 1)
    if (before and missive.prev != hash_of(before)) or (after and read(after).prev != missive.hash):
        raise Refused("a message that follows another history")
    return missive.counter > 1 and before is None


def standing(desk: Desk) -> list[HeldMissive]:
    """All but what the relay refused: nobody got that, so the next one counts from what was sent."""
    return [held for held in desk.state.missives if held.state != "failed"]


def _outward(held: HeldMissive) -> tuple[bytes, bytes, bytes]:
    missive = read(held)
    return (missive.sender, missive.to, missive.thread)


def _keep(desk: Desk, envelope: bytes, missive: Missive, role_code: str) -> HeldMissive:
    held = HeldMissive(desk.state.next_missive, envelope, missive.encode(), b"", b"", role_code, desk.now())
    if isinstance(payload := missive.read(), Manifest):
        held.ends = payload.body.destroy_by
    desk.state.next_missive += 1
    desk.state.missives.append(held)
    return held
