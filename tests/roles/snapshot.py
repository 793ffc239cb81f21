"""All that a relay keeps, to be compared before and after."""

from collections.abc import Collection

from sqlalchemy import select

from relay.unit import Tx
from store.tables import NAMES, metadata

Snapshot = dict[str, list[str]]
CHATTING = {
    "inbox": "updates that were taken in, without anything that anybody typed",
    "outbox": "the answers; that they go to nobody else is checked with each",
    "audit": "that somebody looked or proposed is logged",
    "audit_heads": "as the log",
    "proposals": "what a chat may make; checked at the end",
    "pressed": "that one of the office's own buttons was pressed",
    "off_duty": "an officer's own bell; no office falls silent by it (relay.duty), and others' rows are checked apart",
    "accounts": "an officer's own language and silence; other accounts are checked apart",
}
"""Tables that chatting may change, and why that concerns no person. All others, nonces too, must stay as they are."""

OWNERS = {"device": metadata.tables["devices"], "envelope": metadata.tables["envelopes"]}


def taken(tx: Tx, *, without: Collection[str] = ()) -> Snapshot:
    """Every table but these, as sorted rows of text."""
    kept = sorted(NAMES - set(without))
    return {
        name: sorted(repr(tuple(row)) for row in tx.execute(metadata.tables[name].select())) for name in kept
    }


def of_office(tx: Tx, office: bytes) -> Snapshot:
    """The rows that are one office's: by their own column, or by that of the device or letter they belong to."""
    found = {}
    for name in sorted(NAMES - {"nonces"}):  # every signed request leaves one, by its own device
        table = metadata.tables[name]
        if "office" in table.c:
            mine = table.c.office == office
        elif owner := next((each for each in OWNERS if each in table.c), None):
            owners = OWNERS[owner]
            mine = table.c[owner].in_(select(owners.c[owner]).where(owners.c.office == office))
        else:
            continue
        found[name] = sorted(repr(tuple(row)) for row in tx.execute(table.select().where(mine)))
    return found


def differs(before: Snapshot, after: Snapshot) -> list[str]:
    """The tables that changed."""
    return [name for name in before if before[name] != after[name]]
