"""Who is there: a process holds PostgreSQL's advisory lock on its name as long as the connection it listens on stands.

So that others need not wait for the end of a lease whose holder died. The lease stays what counts: a process that was
stopped keeps its lock, and is led instead of once its lease is over.
"""

from hashlib import sha256

from sqlalchemy import Connection, text

_FREE = text("SELECT pg_try_advisory_xact_lock(:number)")


def number(name: str) -> int:
    """What PostgreSQL knows the lock on this name by."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)


def gone(tx: Connection, name: str, seen_by: str) -> bool:
    """Whether that process is there no more, as far as one that is there itself can tell; on SQLite nobody can.

    Where locks do not work at all, as behind a pool of connections, nobody is there and nobody is taken for gone.
    """
    if tx.dialect.name != "postgresql":
        return False
    return not _free(tx, seen_by) and _free(tx, name)


def _free(tx: Connection, name: str) -> bool:
    return bool(tx.execute(_FREE, {"number": number(name)}).scalar_one())
