"""Queries about armoured texts that come in several messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, select

from store.sql import count, insert, many, one
from store.tables.chat import armour_parts


@one
def part(account: int) -> Select[Any]:
    """What the account's text begins with."""
    return select(armour_parts).where(armour_parts.c.account == account)


@many
def sealed() -> Select[Any]:
    return select(armour_parts.c.sealed)


def keep(tx: Connection, account: int, sealed: bytes, at: datetime) -> None:
    """That is how it begins, instead of what there was."""
    drop(tx, account)
    insert(tx, armour_parts, [{"account": account, "sealed": sealed, "at": at}])


@count
def drop(account: int) -> Delete:
    return armour_parts.delete().where(armour_parts.c.account == account)


@count
def expire(before: datetime) -> Delete:
    return armour_parts.delete().where(armour_parts.c.at <= before)
