"""All that a relay keeps, to be compared before and after."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Row

from relay.unit import Tx
from store.tables import NAMES, metadata

Snapshot = dict[str, list[str]]
CHATTING = {
    "inbox": "updates that were taken in, without anything that anybody typed",
    "outbox": "the answers, and that other coordinators are asked to sign; that nobody else is written to is checked",
    "audit": "that somebody looked or proposed is logged",
    "audit_heads": "as the log",
    "marks": "what the log calls a person from the first time that somebody looks",
    "proposals": "what a chat may make; checked at the end",
    "pressed": "that one of the office's own buttons was pressed",
    "off_duty": "an officer's own bell; no office falls silent by it (relay.duty), and others' rows are checked apart",
    "accounts": "an officer's own language and silence; other accounts are checked apart",
}
"""Tables that chatting may change, and why that concerns no person. All others, nonces too, must stay as they are."""

OWNERS = {"device": "devices", "envelope": "envelopes"}


def taken(tx: Tx, *, without: Collection[str] = ()) -> Snapshot:
    """Every table but these, as sorted rows of text."""
    return {
        name: _texts(tx.exec_driver_sql(f"SELECT * FROM {name}")) for name in sorted(NAMES - set(without))
    }


def of_office(tx: Tx, office: bytes) -> Snapshot:
    """The rows that are one office's: by their own column, or by that of the device or letter they belong to."""
    mark = "?" if tx.dialect.name == "sqlite" else "%s"
    return {name: _texts(tx.exec_driver_sql(statement, (office,))) for name, statement in _mine(mark).items()}


def _texts(rows: Iterable[Row[Any]]) -> list[str]:
    """In full: a row's own text leaves out the middle of whatever is long."""
    return sorted(repr(tuple(row)) for row in rows)


@cache
def _mine(mark: str) -> dict[str, str]:
    """By table. As text: built anew for each look, these took longer than all that is looked at."""
    found = {}
    for name in sorted(NAMES - {"nonces"}):  # every signed request leaves one, by its own device
        columns = metadata.tables[name].c
        owner = next((each for each in OWNERS if each in columns), None)
        if "office" in columns:
            found[name] = f"SELECT * FROM {name} WHERE office = {mark}"
        elif owner:
            owned = f"SELECT {owner} FROM {OWNERS[owner]} WHERE office = {mark}"
            found[name] = f"SELECT * FROM {name} WHERE {owner} IN ({owned})"
    return found


def differs(before: Snapshot, after: Snapshot) -> list[str]:
    """The tables that changed."""
    return [name for name in before if before[name] != after[name]]
