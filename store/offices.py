"""Queries about offices, their rosters, epochs and admission codes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from store.sql import Found, changed, every, first, insert
from store.tables.offices import admission_codes, epochs, offices, rosters


def add_code(tx: Connection, code_hash: bytes, expires_at: datetime) -> None:
    insert(tx, admission_codes, [{"code_hash": code_hash, "expires_at": expires_at}])


def code(tx: Connection, code_hash: bytes) -> Found | None:
    return first(tx, select(admission_codes).where(admission_codes.c.code_hash == code_hash))


def use_code(tx: Connection, code_hash: bytes, office: bytes, now: datetime) -> None:
    c = admission_codes.c
    tx.execute(admission_codes.update().where(c.code_hash == code_hash).values(used_at=now, office=office))


def office(tx: Connection, office: bytes) -> Found | None:
    return first(tx, select(offices).where(offices.c.office == office))


def pin(tx: Connection, office: bytes) -> bytes:
    """Up to where the office's rosters were followed (crypto.roster.Pin)."""
    return bytes(tx.execute(select(offices.c.pin).where(offices.c.office == office)).scalar_one())


def heads(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    return {row.office: row for row in every(tx, select(offices).where(offices.c.office.in_(wanted)))}


def add_office(
    tx: Connection, office: bytes, *, version: int, head: bytes, pin: bytes, now: datetime
) -> None:
    row = {"office": office, "version": version, "hash": head, "pin": pin, "mail_seq": 0, "created_at": now}
    insert(tx, offices, [row])


def move_head(tx: Connection, office: bytes, version: int, head: bytes, pin: bytes) -> None:
    tx.execute(offices.update().where(offices.c.office == office).values(version=version, hash=head, pin=pin))


def next_seqs(tx: Connection, office: bytes, count: int) -> int:
    """Reserve numbers in the office's mail order; the first of them.

    The row lock makes commit order and number order the same on PostgreSQL, so `after=` misses nothing.
    """
    statement = (
        offices.update()
        .where(offices.c.office == office)
        .values(mail_seq=offices.c.mail_seq + count)
        .returning(offices.c.mail_seq)
    )
    return int(tx.execute(statement).scalar_one()) - count + 1


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
    statement = (
        select(rosters.c.wire)
        .where(rosters.c.office == office, rosters.c.version >= version)
        .order_by(rosters.c.version)
        .limit(limit)
    )
    return [row.wire for row in every(tx, statement)]


def roster(tx: Connection, office: bytes, version: int) -> bytes:
    statement = select(rosters.c.wire).where(rosters.c.office == office, rosters.c.version == version)
    return bytes(tx.execute(statement).scalar_one())


def former_rosters(tx: Connection, office: bytes) -> list[bytes]:
    """All rosters, the newest first: to find what a removed device was."""
    statement = select(rosters.c.wire).where(rosters.c.office == office).order_by(rosters.c.version.desc())
    return [row.wire for row in every(tx, statement)]


def replace_epochs(tx: Connection, office: bytes, rows: list[dict[str, object]]) -> None:
    """Make exactly these the epochs that the office may be written to under."""
    tx.execute(epochs.delete().where(epochs.c.office == office))
    insert(tx, epochs, rows)


def epochs_of(tx: Connection, wanted: Collection[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], Found]:
    """By (office, epoch id)."""
    if not wanted:
        return {}
    statement = select(epochs).where(tuple_(epochs.c.office, epochs.c.epoch).in_(wanted))
    return {(row.office, row.epoch): row for row in every(tx, statement)}


def expire_codes(tx: Connection, before: datetime) -> int:
    return changed(tx, admission_codes.delete().where(admission_codes.c.expires_at <= before))
