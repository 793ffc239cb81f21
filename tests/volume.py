"""A small disk of its own: ext4 in a file, mounted. It can be full, and its power can be cut.

Needs root, a loop device and mkfs.ext4; `refusal` tells what is missing.
"""

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

#: EXT4_IOC_SHUTDOWN, and its way that neither flushes the log nor anything else (linux/fs/ext4/ext4.h).
SHUTDOWN = 0x8004587D
NO_FLUSH = (2).to_bytes(4, "little")
SMALLEST = 8 << 20
MIB = 1 << 20


class Volume:
    """`path` is where it is mounted."""

    def __init__(self, folder: Path, size: int) -> None:
        """Made and mounted below `folder`. CalledProcessError or OSError where the machine does not allow it."""
        self.image, self.path = folder / "volume.img", folder / "volume"
        with self.image.open("wb") as image:
            image.truncate(size)
        _run("mkfs.ext4", "-q", "-m", "0", str(self.image))
        self.path.mkdir()
        self._mount()

    def flush(self) -> None:
        """All that was written so far is on the disk."""
        _run("sync", "-f", str(self.path))

    def cut(self) -> None:
        """From now on nothing reaches the disk, and what had not reached it is lost."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, NO_FLUSH)
        finally:
            os.close(handle)

    def restore(self) -> None:
        """The power is back: mounted as it lies on the disk. Whoever had files open there must have ended."""
        _run("umount", str(self.path))
        self._mount()

    def take_out(self) -> None:
        """There is nothing at its place any more, though somebody still holds files of what was cut."""
        device = _run("findmnt", "-no", "SOURCE", str(self.path)).strip()
        _run("umount", "--lazy", str(self.path))
        _run("blockdev", "--flushbufs", device)  # or it would write over what comes

    def put_back(self) -> None:
        """As `restore`, after `take_out`."""
        self._mount()

    def fill(self, spare: int = 0) -> Path:
        """Leave so many bytes free; returns the file that takes the rest."""
        ballast = self.path / "ballast"
        left = os.statvfs(self.path)
        with ballast.open("ab") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), ballast.stat().st_size, left.f_bavail * left.f_frsize - spare)
        return ballast

    def _mount(self) -> None:
        # A device of its own each time: mount would take the one that whoever holds files of a dead disk still has.
        device = _run("losetup", "--find", "--show", str(self.image)).strip()
        # Else ext4 itself writes what replaces a file, or was truncated, and hides that nobody synced it.
        try:
            _run("mount", "-o", "noauto_da_alloc", device, str(self.path))
        finally:
            _run("losetup", "--detach", device)  # once it is unmounted

    def _unmount(self) -> None:
        with suppress(subprocess.CalledProcessError):
            _run("umount", "--lazy", str(self.path))
        self.image.unlink()


@contextmanager
def volume(folder: Path, size: int = 64 * MIB) -> Iterator[Volume]:
    """One that goes away again; its folder is new and below `folder`."""
    made = Volume(Path(tempfile.mkdtemp(dir=folder)), size)
    try:
        yield made
    finally:
        made._unmount()


@cache
def refusal() -> str:
    """Why this machine allows no volume; empty where it does."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with volume(Path(folder), SMALLEST) as tried:
                tried.cut()
        except subprocess.CalledProcessError as error:
            return f"{error.cmd[0]}: {error.stderr.strip()}"
        except OSError as error:
            return str(error)
    return ""


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
