"""SQLite files with the newest schema, by the hundred: it is migrated once and copied."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from store import migrate


@cache
def _empty() -> Path:
    path = Path(tempfile.mkdtemp(prefix="qasid-test-")) / "empty.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


def empty_sqlite(path: Path) -> str:
    """Put an empty database there; its address."""
    shutil.copy(_empty(), path)
    return f"sqlite:///{path}"
