"""What the database says, read without touching it: a file that a dead process left is found by the next as it was."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import psycopg

RINGS = "SELECT id, tries, account, owner FROM outbox WHERE kind = 'ring' AND state = 'claimed'"
#: Rests until its person lets the bot in again: a deletion of a chat that is blocked.
UNSETTLED = (
    "SELECT count(*) FROM outbox o JOIN accounts a ON a.id = o.account"
    " WHERE o.state = 'claimed' OR (o.state = 'waiting' AND NOT (o.kind = 'delete' AND a.blocked))"
)
LEADERS = "SELECT coalesce(max(fence), 0) FROM leases"
BELLS = "SELECT account, message_id FROM doorbells WHERE visible"
BLOCKED = "SELECT id FROM accounts WHERE blocked"
ACCEPTED = "SELECT count(*) FROM offers WHERE state = 'accepted'"
FILE = "sqlite:///"


class Claim(NamedTuple):
    """A ring in flight. `owner`: the process that claimed it."""

    id: int
    tries: int
    account: int
    owner: str


class Book:
    """One database by its address."""

    def __init__(self, url: str) -> None:
        self._url = url

    def flying(self) -> list[Claim]:
        return [Claim(*row) for row in self._rows(RINGS)]

    def unsettled(self) -> int:
        """Calls that are under way or are still to be made."""
        return self._count(UNSETTLED)

    def leaders(self) -> int:
        """How often somebody took the lead."""
        return self._count(LEADERS)

    def bells(self) -> dict[int, int]:
        """The message that is each account's visible doorbell."""
        return dict(self._rows(BELLS))

    def blocked(self) -> set[int]:
        return {account for (account,) in self._rows(BLOCKED)}

    def accepted(self) -> int:
        """Offers that somebody accepted."""
        return self._count(ACCEPTED)

    def damage(self) -> list[str]:
        """What the database itself finds wrong: PostgreSQL while it builds every index anew from the rows."""
        if self._url.startswith(FILE):
            found = [str(row[0]) for row in self._rows("PRAGMA integrity_check")]
            broken = [f"a row of {row[0]} refers to none" for row in self._rows("PRAGMA foreign_key_check")]
            return [each for each in found if each != "ok"] + broken
        with psycopg.connect(self._url, autocommit=True) as connection:
            try:
                connection.execute("REINDEX DATABASE")
            except psycopg.Error as error:
                return [str(error)]
        return []

    def _count(self, query: str) -> int:
        ((found,),) = self._rows(query)
        return int(found)

    def _rows(self, query: str) -> Sequence[tuple]:
        if self._url.startswith(FILE):
            path = self._url.removeprefix(FILE)
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self._url) as connection:
            return connection.execute(query).fetchall()
