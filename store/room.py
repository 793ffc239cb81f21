"""SQLite's page cache: small, so that a relay for a crowd rests in little memory; wide while it goes through a crowd.

A release goes through all copies of a notice twice, and what does not fit meanwhile goes to the log before its time.
"""

from typing import Final

from sqlalchemy import Connection

SMALL: Final = "cache_size=-16384"
"""16 MB, of the connection that writes."""
WIDE: Final = "cache_size=-131072"
"""128 MB."""
_MARK = "wide"


def widen(tx: Connection) -> None:
    """Until this transaction ends. PostgreSQL sees to that itself."""
    if tx.dialect.name == "sqlite" and not tx.info.get(_MARK):
        tx.info[_MARK] = True
        tx.exec_driver_sql(f"PRAGMA {WIDE}")


def narrow(connection: Connection) -> None:
    """After a transaction, whatever became of it."""
    if not connection.invalidated and connection.info.pop(_MARK, False):
        # The driver's own: SQLAlchemy would begin a transaction for it.
        connection.connection.cursor().execute(f"PRAGMA {SMALL}")
