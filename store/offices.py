"""Queries about offices, their rosters, epochs and admission codes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, select

from store.sql import Found, count, insert, many, one, update, value
from store.tables.offices import admission_codes, epochs, offices, rosters


def add_code(tx: Connection, code_hash: bytes, expires_at: datetime) -> None:
    insert(tx, admission_codes, [{"code_hash": code_hash, "expires_at": expires_at}])


@one
def code(code_hash: bytes) -> Select[Any]:
    return select(admission_codes).where(admission_codes.c.code_hash == code_hash)


def use_code(tx: Connection, code_hash: bytes, office: bytes, now: datetime) -> None:
    update(tx, admission_codes, {"code_hash": code_hash}, used_at=now, office=office)


@one
def office(office: bytes) -> Select[Any]:
    return select(offices).where(offices.c.office == office)


def every(tx: Connection) -> list[bytes]:
    """The ids of all offices."""
    return [bytes(row.office) for row in _every(tx)]


@many
def _every() -> Select[Any]:
    return select(offices.c.office).order_by(offices.c.office)


def pin(tx: Connection, office: bytes) -> bytes:
    """Up to where the office's rosters were followed (crypto.roster.Pin)."""
    return bytes(_pin(tx, office))


@value
def _pin(office: bytes) -> Select[Any]:
    return select(offices.c.pin).where(offices.c.office == office)


def heads(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    return {row.office: row for row in _heads(tx, wanted)}


@many
def _heads(wanted: Collection[bytes]) -> Select[Any]:
    return select(offices).where(offices.c.office.in_(wanted))


def add_office(
    tx: Connection, office: bytes, *, version: int, head: bytes, pin: bytes, now: datetime
) -> None:
    row = {"office": office, "version": version, "hash": head, "pin": pin, "mail_seq": 0, "created_at": now}
    insert(tx, offices, [row])


def move_head(tx: Connection, office: bytes, version: int, head: bytes, pin: bytes) -> None:
    update(tx, offices, {"office": office}, version=version, hash=head, pin=pin)


def next_seqs(tx: Connection, office: bytes, wanted: int) -> int:
    """Reserve numbers in the office's mail order; the first of them.

    The row lock makes commit order and number order the same on PostgreSQL, so `after=` misses nothing.
    """
    return int(_next_seqs(tx, office, wanted)) - wanted + 1


@value
def _next_seqs(office: bytes, wanted: int) -> Update:
    c = offices.c
    return (
        offices.update().where(c.office == office).values(mail_seq=c.mail_seq + wanted).returning(c.mail_seq)
    )


def add_roster(
    tx: Connection,
    office: bytes,
    *,
    version: int,
    head: bytes,
    wire: bytes,
    issued: datetime,
    expires: datetime,
) -> None:
    row = {"office": office, "version": version, "hash": head, "wire": wire}
    insert(tx, rosters, [row | {"issued_at": issued, "expires_at": expires}])


def rosters_from(tx: Connection, office: bytes, version: int, limit: int) -> list[bytes]:
    return [row.wire for row in _rosters_from(tx, office, version, limit)]


@many
def _rosters_from(office: bytes, version: int, limit: int) -> Select[Any]:
    c = rosters.c
    return select(c.wire).where(c.office == office, c.version >= version).order_by(c.version).limit(limit)


def roster(tx: Connection, office: bytes, version: int) -> bytes:
    return bytes(_roster(tx, office, version))


@value
def _roster(office: bytes, version: int) -> Select[Any]:
    return select(rosters.c.wire).where(rosters.c.office == office, rosters.c.version == version)


def former_rosters(tx: Connection, office: bytes) -> list[bytes]:
    """All rosters, the newest first: to find what a removed device was."""
    return [row.wire for row in _former_rosters(tx, office)]


@many
def _former_rosters(office: bytes) -> Select[Any]:
    return select(rosters.c.wire).where(rosters.c.office == office).order_by(rosters.c.version.desc())


def replace_epochs(tx: Connection, office: bytes, rows: list[dict[str, object]]) -> None:
    """Make exactly these the epochs that the office may be written to under."""
    _drop_epochs(tx, office)
    insert(tx, epochs, rows)


@count
def _drop_epochs(office: bytes) -> Delete:
    return epochs.delete().where(epochs.c.office == office)


def epochs_of(tx: Connection, wanted: Collection[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], Found]:
    """By (office, epoch id)."""
    if not wanted:
        return {}
    of, ids = {office for office, _ in wanted}, {epoch for _, epoch in wanted}
    # Not the pairs themselves: of those SQLite makes no use of an index.
    return {
        (row.office, row.epoch): row for row in _epochs_of(tx, of, ids) if (row.office, row.epoch) in wanted
    }


@many
def _epochs_of(of: Collection[bytes], ids: Collection[bytes]) -> Select[Any]:
    return select(epochs).where(epochs.c.office.in_(of), epochs.c.epoch.in_(ids))


@count
def expire_codes(before: datetime) -> Delete:
    return admission_codes.delete().where(admission_codes.c.expires_at <= before)
