"""Queries about who leads."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from store.sql import insert, one, update
from store.tables.delivery import leases


@one
def lease(name: str) -> Select[Any]:
    return select(leases).where(leases.c.name == name)


def add(tx: Connection, name: str, owner: str, until: datetime) -> None:
    insert(tx, leases, [{"name": name, "owner": owner, "fence": 1, "until": until}])


def change(tx: Connection, name: str, **values: Any) -> None:  # noqa: ANN401 – of its columns
    update(tx, leases, {"name": name}, **values)
