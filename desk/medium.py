"""The office root on its own medium: two passphrase-sealed files, the root and its committed successor.

Neither file holds the other's secret, so they may be kept in two places: whoever finds one has one key only, and
a lost root is replaced from the successor's file alone.
"""

import secrets
from pathlib import Path

from msgspec.structs import replace

from crypto import keyfile
from crypto.errors import CryptoError, Refused
from crypto.keys import RootKeys
from crypto.roster import Root, Roster, Succession
from crypto.signature import public_key
from desk.codec import Kept, decode, encode
from desk.errors import DeskError, UsageError

ROOT_FILE = "root.qasid-key"
SUCCESSOR_FILE = "successor.qasid-key"


class RootFile(Kept):
    """A root seed with the public history that rosters carry. The successor's file has the same form."""

    office: bytes
    seed: bytes
    first: bytes
    successions: list[bytes]

    @property
    def current(self) -> Root:
        """The root that signs rosters now, by the public history."""
        if not self.successions:
            return Root.parse(self.first)
        return Succession.peek(self.successions[-1]).root

    def sign(self, roster: Roster) -> bytes:
        """The signed roster. Raises DeskError when this seed is not the current root's."""
        if public_key(self.seed) != self.current.root_pk:
            raise DeskError(
                "This file is not the office's current root.", "Use the medium with the newest root file."
            )
        return roster.sign(self.seed)


def create(root_folder: Path, successor_folder: Path, passphrase: str, cost: keyfile.Cost) -> RootFile:
    """Makes an office root and its committed successor, each in its own file; a missing last folder is made too.

    Raises UsageError when one exists.
    """
    check_free(root_folder, successor_folder)
    for folder in (root_folder, successor_folder):
        if folder.parent.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
    keys = RootKeys.generate()
    root = RootFile(keys.office, keys.seed, keys.root.encode(), [])
    _write(successor_folder / SUCCESSOR_FILE, replace(root, seed=keys.successor_seed), passphrase, cost)
    _write(root_folder / ROOT_FILE, root, passphrase, cost)
    return root


def check_free(root_folder: Path, successor_folder: Path) -> None:
    """Raises UsageError when a root stands there: before a passphrase is chosen for another."""
    for path in (root_folder / ROOT_FILE, successor_folder / SUCCESSOR_FILE):
        if path.exists():
            raise UsageError(
                f"{path} exists already.", "An office has one root; take an empty medium for another."
            )


def check(folder: Path, name: str = ROOT_FILE) -> None:
    """Raises DeskError for a missing root file: before anybody is asked for its passphrase."""
    if not (folder / name).exists():
        raise DeskError(
            f"There is no {name} in {folder}.",
            "Plug in the office's medium, or make one with `qasid-desk root init`.",
            "no_root",
        )


def load(root_folder: Path, passphrase: str) -> RootFile:
    """The root. Raises DeskError for a missing file or a wrong passphrase."""
    return _read(root_folder / ROOT_FILE, passphrase)


def succeed(root_folder: Path, successor_folder: Path, passphrase: str, cost: keyfile.Cost) -> RootFile:
    """The successor becomes root, and a new successor is committed to.

    Needs the successor's file only. The new successor is written last: until then the old successor's file stands,
    and doing it again is harmless as long as no roster was signed with the new root.
    """
    successor = _read(successor_folder / SUCCESSOR_FILE, passphrase)
    before = successor.current
    keys = RootKeys(successor.seed, secrets.token_bytes(32))
    wire = keys.succession(successor.office, before.root_pk)
    root = replace(successor, successions=[*successor.successions, wire])
    _write(root_folder / ROOT_FILE, root, passphrase, cost)
    _write(successor_folder / SUCCESSOR_FILE, replace(root, seed=keys.successor_seed), passphrase, cost)
    return root


def _write(path: Path, content: RootFile, passphrase: str, cost: keyfile.Cost) -> None:
    if not path.parent.is_dir():
        raise UsageError(
            f"{path.parent} is no folder.", "Plug in the medium, or name its folder with --medium."
        )
    keyfile.write(path, encode(content), passphrase, cost)


def _read(path: Path, passphrase: str) -> RootFile:
    check(path.parent, path.name)
    try:
        content = decode(RootFile, keyfile.read(path, passphrase))
    except keyfile.WrongPassphrase as wrong:
        raise DeskError(
            f"The passphrase of {path.name} is wrong (or the file is damaged).",
            "The medium has a passphrase of its own (QASID_DESK_ROOT_PASSPHRASE_FILE).",
            "wrong_passphrase",
        ) from wrong
    except (CryptoError, ValueError) as damaged:
        raise DeskError(f"{path} cannot be read.", "Use the copy of the medium.", "damaged") from damaged
    first = Root.parse(content.first)
    if first.office != content.office:
        raise Refused("the root file contradicts itself")
    return content
