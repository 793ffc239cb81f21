"""The tables, one file per neighbourhood. Importing this package completes the metadata."""

from store.model import metadata
from store.tables import audit, chat, delivery, mail, notices, offices, people, sweeps

NAMES = frozenset(metadata.tables)

__all__ = ["NAMES", "audit", "chat", "delivery", "mail", "notices", "offices", "people", "sweeps"]
