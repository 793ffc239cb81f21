"""A build of the phone app as a list of files with digests, and its one hash (webapp/scripts/bundle.ts)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

#: More is no list of this app's files.
MOST_BYTES = 256 * 1024
MOST_FILES = 500
#: Below the page's own folder, and nowhere else.
PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)

#: Where a page says which relay it speaks to, when that is not the one that serves it.
ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]-]+", re.ASCII)
HTML, CONNECT = b'<html lang="en">', b"connect-src 'self';"
#: The app as one file, which speaks to nobody.
ALONE = b"; connect-src 'none'; "


class BundleError(Exception):
    """This lists no build, or is no hash of one; the message says why."""


@dataclass(frozen=True)
class Bundle:
    """SHA-256 in hex of each file, by its path from the page's folder."""

    files: Mapping[str, str]

    @property
    def hash(self) -> str:
        """In hex: SHA-256 of what `sha256sum` prints for the files, sorted by path."""
        return sha256(
            "".join(f"{self.files[path]}  {path}\n" for path in sorted(self.files)).encode()
        ).hexdigest()

    @classmethod
    def parse(cls, text: bytes) -> "Bundle":
        """What bundle.json says. Raises BundleError."""
        if len(text) > MOST_BYTES:
            raise BundleError("it is too large to be a list of the app's files")
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            raise BundleError("it is not JSON") from None
        files = said.get("files") if isinstance(said, dict) else None
        if not isinstance(files, dict) or not 0 < len(files) <= MOST_FILES:
            raise BundleError("it lists no files")
        for path, digest in files.items():
            if not PATH.fullmatch(path) or not isinstance(digest, str) or not DIGEST.fullmatch(digest):
                raise BundleError("it lists a file that cannot be one of the app's")
        bundle = cls(files)
        if said.get("hash") != bundle.hash:
            raise BundleError("its hash is not that of the files it lists")
        return bundle

    @classmethod
    def read(cls, path: Path) -> "Bundle":
        """What the file says. Raises BundleError."""
        try:
            with path.open("rb") as file:
                return cls.parse(file.read(MOST_BYTES + 1))
        except OSError:
            raise BundleError("it cannot be read") from None


def altered(bundle: Bundle, folder: Path) -> list[str]:
    """The files in the folder that are not as the build lists them, or not there."""
    return [path for path, digest in sorted(bundle.files.items()) if _digest(folder / path) != digest]


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def addressed(page: bytes, relay: str) -> bytes:
    """The page for another origin than the relay's: it names the relay, and may connect to it; one that connects to
    nothing stays as it is. Raises BundleError."""
    if not ORIGIN.fullmatch(relay):
        raise BundleError("that is no relay's address")
    if ALONE in page:
        return page
    if page.count(HTML) != 1 or page.count(CONNECT) != 1:
        raise BundleError("a page does not say where a relay's address belongs")
    told = page.replace(HTML, f'<html lang="en" data-relay="{relay}">'.encode())
    return told.replace(CONNECT, f"connect-src 'self' {relay};".encode())


def unaddressed(page: bytes, relay: str) -> bytes | None:
    """The page that `addressed` was given; None when this is none of its pages for this relay."""
    plain = page.replace(f' data-relay="{relay}"'.encode(), b"").replace(
        f"'self' {relay};".encode(), b"'self';"
    )
    try:
        return plain if addressed(plain, relay) == page else None
    except BundleError:
        return None


def groups(bundle_hash: str) -> str:
    """A hash as it is read aloud: sixteen groups of five digits, each two of its bytes."""
    return " ".join(f"{int(bundle_hash[at : at + 4], 16):05}" for at in range(0, 64, 4))


def parse_hash(text: str) -> str:
    """The hash in hex, from hex or from what `groups` makes, however it is spaced. Raises BundleError."""
    bare = re.sub(r"[\s-]", "", text).lower()
    if DIGEST.fullmatch(bare):
        return bare
    if re.fullmatch(r"\d{80}", bare):
        values = [int(bare[at : at + 5]) for at in range(0, 80, 5)]
        if max(values) < 2**16:
            return "".join(f"{value:04x}" for value in values)
    raise BundleError("a hash is 64 hexadecimal digits, or sixteen groups of five digits")
