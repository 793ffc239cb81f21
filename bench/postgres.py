"""Claiming and settling on PostgreSQL, against a bare queue of SKIP LOCKED on the same server.

As many at once as leave together at the paid rate; one by one, as at the ordinary rate, beside it. Every claim and
every settlement is a commit on disk.
"""

import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import create_engine, func, insert, make_url, select

from bench.delivery import OVERALL, queue
from bench.figure import Bench, Figure, interleaved
from bench.town import Town
from crypto.vault import Vault
from relay import delivery
from relay.delivery import Sent, Settlement
from relay.leader import Lead
from relay.pacing import PAID, Pacer
from store.engine import Store, open_store
from store.model import metadata
from tests.databases import restartable

#: rounds, rings in each
FULL, QUICK = (5, 1_000), (3, 60)
GOAL = 20
TAKE = (
    "UPDATE queue SET state = 'claimed' WHERE id IN (SELECT id FROM queue WHERE state = 'waiting' ORDER BY id LIMIT %s"
    " FOR UPDATE SKIP LOCKED) RETURNING id"
)
DONE = "UPDATE queue SET state = 'sent' WHERE id = ANY(%s)"


def run(quick: bool, folder: Path) -> list[Figure]:
    rounds, count = QUICK if quick else FULL
    width = Pacer(PAID).at_once
    size = count * (rounds + 1)
    town = queue(folder / "town", range(10**12, 10**12 + size), size)
    with restartable(folder / "server") as (address, _, _):
        moved(town, address)
        with closing(open_store(address)) as store, psycopg.connect(address, autocommit=True) as bare:
            bare.execute("CREATE TABLE queue (id bigint PRIMARY KEY, state text NOT NULL)")
            bare.execute("CREATE INDEX ON queue (id) WHERE state = 'waiting'")
            bare.execute("INSERT INTO queue SELECT id, 'waiting' FROM generate_series(1, %s) id", [size])
            work = Work(store, town.vault)
            ours, limit = interleaved(
                rounds, lambda _: work.delivered(count, width), lambda _: _bare(bare, count, width)
            )
            single = count / work.delivered(count, 1)
    most = count / median(limit)
    return [
        Figure(
            f"PostgreSQL: claimed and settled, {width} at once",
            f"SKIP LOCKED bare: {most / OVERALL:.0f} ×",
            [count / seconds / OVERALL for seconds in ours],
            goal=GOAL,
            unit=f"× {OVERALL}/s",
            note=f"{count / median(ours):,.0f}/s against {most:,.0f}/s; one by one {single:,.0f}/s",
            limit_at=most / OVERALL,
        )
    ]


class Work:
    """A leader that claims and settles, and calls nobody in between."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        lead = store.write_now(lambda tx: delivery.lead(tx, "bench", datetime.now(UTC), fresh=True))
        if lead is None:
            raise RuntimeError("somebody else leads")
        self._lead: Lead = lead
        self._message = 0

    def delivered(self, count: int, width: int) -> float:
        """Seconds for so many, `width` of them in each claim and each settlement."""
        start = time.perf_counter()
        done = 0
        while done < count:
            now = datetime.now(UTC)
            self._renewed(now)
            claims = self._store.write_now(
                lambda tx: delivery.claim(tx, self._vault, self._lead, now, limit=width, resting=())  # noqa: B023
            )
            if not claims:
                raise RuntimeError("nothing was claimed where rings wait")
            settlements = [Settlement(claim, Sent(self._next()), now) for claim in claims]
            if not all(self._store.write_now(lambda tx: delivery.settle_many(tx, settlements))):  # noqa: B023
                raise RuntimeError("a claim was settled by somebody else")
            done += len(claims)
        return time.perf_counter() - start

    def _renewed(self, now: datetime) -> None:
        """As the loop does, long before the lead is over."""
        if (self._lead.until - now) < delivery.LEASE / 3:
            lead = self._store.write_now(lambda tx: delivery.lead(tx, "bench", now))
            self._lead = lead or self._lead

    def _next(self) -> int:
        self._message += 1
        return self._message


def _bare(bare: psycopg.Connection, count: int, width: int) -> float:
    start = time.perf_counter()
    for _ in range(-(-count // width)):
        taken = [row[0] for row in bare.execute(TAKE, [width]).fetchall()]
        bare.execute(DONE, [taken])
    return time.perf_counter() - start


def moved(town: Town, address: str) -> None:
    """Everything of the town, in an empty database there, its schema up to date."""
    here, there = (
        create_engine(town.url),
        create_engine(make_url(address).set(drivername="postgresql+psycopg")),
    )
    with here.connect() as reading, there.begin() as writing:
        writing.exec_driver_sql("SET session_replication_role = replica")
        for table in metadata.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if rows:
                writing.execute(table.delete())
                writing.execute(insert(table), rows)
            for column in table.primary_key:
                if rows and column.autoincrement is True:
                    writing.execute(
                        select(func.setval(f"{table.name}_{column.name}_seq", rows[-1][column.name]))
                    )
    here.dispose()
    there.dispose()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE")


BENCH = Bench("postgres", "one worker on PostgreSQL delivers twenty times what Telegram takes", run)
