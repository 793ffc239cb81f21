"""A desk in one file, and a desk made from such a file.

The file is an uncompressed tar of sealed files: `manifest`, under the backup's own passphrase (Argon2id), holds a
random key and a digest; the parts, under that key, are the state. Nothing in clear ever touches a disk.

**What is restored is another device of the same officer, never the same one.** A backup is older than the desk it
was made from: going on with its keys would use counters again, break chains that phones follow, and let two copies
of one device be at work. So fresh keys are made, which start every counter at one; the old device is readmitted by
nobody. Its keys serve once more at most: to hand the relay the roster that puts the new device beside it.
"""

import hashlib
import os
import secrets
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from crypto import keyfile
from crypto.disk import sync_folder
from crypto.encoding import b64u
from crypto.errors import CryptoError
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.roster import Roster
from crypto.signature import parse_signed
from desk import devices
from desk.codec import Kept, decode, encode
from desk.errors import DeskError, UsageError
from desk.state import State

FORMAT: Final = 2
READ: Final = frozenset({1, FORMAT})
PART_SIZE: Final = 8 * 1024 * 1024
MANIFEST: Final = "manifest"
#: A sealed part is a little larger than what it seals.
LARGEST: Final = PART_SIZE + 4096
MOST_PARTS: Final = 4096

Tick = Callable[[str, int, int], None]


class Manifest(Kept):
    """What the passphrase opens. Times in unix seconds."""

    format: int
    made_at: int
    key: bytes
    parts: int
    digest: bytes


def write(path: Path, state: State, passphrase: str, cost: keyfile.Cost, *, now: int, tick: Tick) -> Manifest:
    """Writes the backup (mode 0600), opens it again and compares it. On an error no file is left.

    Raises UsageError when something stands at `path`, DeskError when what was written does not open.
    """
    text = encode(state)
    chunks = [text[start : start + PART_SIZE] for start in range(0, len(text), PART_SIZE)]
    made = Manifest(FORMAT, now, secrets.token_bytes(32), len(chunks), hashlib.sha256(text).digest())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as taken:
        raise UsageError(
            f"{path} exists already.", "A backup is never written over another file; choose a new name."
        ) from taken
    try:
        with (
            os.fdopen(handle, "wb") as file,
            tempfile.TemporaryDirectory(prefix="qasid-backup-") as aside,
        ):
            with tarfile.open(fileobj=file, mode="w") as tar:
                sealed = Path(aside) / MANIFEST
                keyfile.write(sealed, encode(made), passphrase, cost)
                tar.add(sealed, MANIFEST, filter=_nameless)
                for number, chunk in enumerate(chunks):
                    # The "passphrase" is 256 random bits, so the cheapest derivation loses nothing.
                    keyfile.write(sealed, chunk, b64u(made.key), keyfile.Cost.QUICK)
                    tar.add(sealed, _part(number), filter=_nameless)
                    tick("sealing", number + 1, len(chunks))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        _compare(read(path, passphrase, tick), (made, state))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def read(path: Path, passphrase: str, tick: Tick = lambda *_: None) -> tuple[Manifest, State]:
    """What a backup holds. Raises DeskError for a wrong passphrase, a damaged file, or one of a newer version."""
    check(path)
    try:
        with (
            tarfile.open(path, "r:") as tar,
            tempfile.TemporaryDirectory(prefix="qasid-backup-") as aside,
        ):
            sealed = Path(aside) / MANIFEST
            made = _manifest(path, _open(tar, MANIFEST, sealed, passphrase))
            text = bytearray()
            for number in range(min(made.parts, MOST_PARTS)):
                text += _open(tar, _part(number), sealed, b64u(made.key))
                tick("opening", number + 1, made.parts)
        return made, _state(made, bytes(text))
    except keyfile.WrongPassphrase as wrong:
        raise DeskError(
            "The backup's passphrase is wrong (or the file is damaged).",
            "A backup has a passphrase of its own, not the desk's. Nothing was changed.",
            "wrong_passphrase",
        ) from wrong
    except (CryptoError, tarfile.TarError, ValueError) as damaged:
        raise DeskError(
            f"{path} is no whole backup of a desk: it is damaged, cut short, or of a newer version.",
            "Take another copy. Nothing was changed.",
            "damaged",
        ) from damaged


def check(path: Path) -> None:
    """Raises DeskError for a missing file or one that is no backup: before anybody is asked for a passphrase."""
    if not path.is_file():
        raise DeskError(
            f"There is no file {path}.", "Name the file that `qasid-desk backup` wrote.", "no_backup"
        )
    try:
        with tarfile.open(path, "r:") as tar:
            first = tar.next()
    except tarfile.TarError:
        first = None
    if first is None or first.name != MANIFEST:
        raise DeskError(
            f"{path} is no backup of a desk, or it is damaged.",
            "Take another copy. Nothing was changed.",
            "damaged",
        )


def reborn(held: State, now: int) -> State:
    """The state of a new device of the same officer that knows what the old one knew when it was backed up.

    `held` is used up. Left behind are: the device's keys and prekeys, its card counter, what it had granted, and
    the outbox, whose letters carry the old device's counters; their messages count as failed. The old device's
    chains stay, to judge what it sent since: its letters come with the office's mail, as a colleague's do.
    """
    before = DeviceKeys.parse(held.device)
    fresh = devices.new_state(held.relay, held.office, before.record.owner, now)
    unsent = {item.envelope for item in held.outbox}
    for message in held.messages:
        if message.envelope in unsent:
            message.receipt = "failed"
    for notice in held.notices.values():
        if notice.state == "sealing":  # its letter was not in the backup, and is sealed anew
            notice.state = "draft"
    # What was not handed over yet is named anew: a part of it may have gone with the outbox.
    held.handovers = [each for each in held.handovers if not each.given or each.complete_at]
    held.predecessor, held.device, held.prekeys = held.device, fresh.device, fresh.prekeys
    held.registered, held.card_counter, held.granted, held.outbox = False, 0, {}, []
    held.epochs = [data for data in held.epochs if PrekeyPair.parse(data).prekey.delete_at > now]
    return held


def role_code(state: State) -> str:
    """The role code under which a state's device stands in the roster it follows; empty for none."""
    if not state.roster:
        return ""
    entry = Roster.parse(parse_signed(state.roster)[0]).entry(DeviceKeys.parse(state.device).record.device)
    return entry.role_code if entry else ""


def opens_until(state: State) -> int:
    """When the last of the held epochs is destroyed at desks: until then a backup opens the office's mail."""
    return max((PrekeyPair.parse(data).prekey.delete_at for data in state.epochs), default=0)


def _manifest(path: Path, opened: bytes) -> Manifest:
    made = decode(Manifest, opened)
    if made.format not in READ:
        raise DeskError(
            f"{path} was made by another version (format {made.format}).",
            "Restore it with the qasid-desk that made it, or a newer one.",
            "backup_version",
        )
    return made


def _compare(opened: tuple[Manifest, State], written: tuple[Manifest, State]) -> None:
    if opened != written:
        raise DeskError(
            "The backup does not open to what was written.", "Try another medium.", "not_verified"
        )


def _state(made: Manifest, text: bytes) -> State:
    if hashlib.sha256(text).digest() != made.digest:
        raise ValueError("the parts are not those of the manifest")
    return decode(State, text)


def _open(tar: tarfile.TarFile, name: str, aside: Path, passphrase: str) -> bytes:
    member = tar.next()
    if member is None or member.name != name or not member.isreg() or member.size > LARGEST:
        raise ValueError(f"{name} is missing")
    file = tar.extractfile(member)
    if file is None:
        raise ValueError(f"{name} is missing")
    aside.write_bytes(file.read())
    return keyfile.read(aside, passphrase)


def _part(number: int) -> str:
    return f"part-{number:05}"


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who wrote it at which machine is nobody's business."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
