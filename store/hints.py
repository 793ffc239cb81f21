"""Hints from process to process that rows wait: PostgreSQL's NOTIFY, sent by the commit that brings the rows.

A hint may be lost and says nothing but where to look: whoever is told looks into the rows, and now and then anyway.
"""

from typing import Literal

from sqlalchemy import Connection, text

Noun = Literal["outbox", "inbox", "schedule"]
CHANNEL = "qasid"

_NOTIFY = text("SELECT pg_notify(:channel, :noun)")


def tell(tx: Connection, noun: Noun) -> None:
    """Have everybody told once this is committed. SQLite is for one process, which tells itself."""
    if tx.dialect.name == "postgresql":
        tx.execute(_NOTIFY, {"channel": CHANNEL, "noun": noun})
