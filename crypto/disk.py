"""Making the names of files and folders as durable as the bytes in them."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk: without it a power cut can lose a file that was itself synced."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it that are missing; their names are on disk when this returns."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)
