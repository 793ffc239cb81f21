"""Bad days of PostgreSQL: connections killed in the midst of work, the server stopped and started, its disk full."""

import asyncio
import os
import pwd
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests import databases
from tests.days.day import day
from tests.volume import Volume

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
KILLS = 40
#: Between two kills: several units' time.
PAUSE_SECONDS = 0.1
SMALL = "small"
CONNECTED = "FROM pg_stat_activity WHERE datname = current_database()"


async def test_connections_are_killed(tmp_path: Path, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        ours = [pid for (pid,) in connection.execute(f"SELECT pid {CONNECTED}")]
        ended = f"SELECT pg_terminate_backend(pid) {CONNECTED} AND NOT pid = ANY(%s)"
        async with day(tmp_path, postgres_url) as today:
            work = asyncio.create_task(today.work())
            killed = 0
            for _ in range(KILLS):
                await asyncio.sleep(PAUSE_SECONDS)
                killed += len(connection.execute(ended, [ours]).fetchall())
            await work
            assert killed > KILLS / 2
            await today.over(f"{killed} PostgreSQL connections killed", again=killed)


async def test_the_server_is_stopped_and_started(tmp_path: Path) -> None:
    with databases.restartable(tmp_path / "postgres") as (address, stop, start):
        async with day(tmp_path, address) as today:
            await asyncio.to_thread(stop)
            work = asyncio.create_task(today.work())
            await today.until(503)
            await asyncio.to_thread(start)
            await work
            await today.over("PostgreSQL stopped and started")


async def test_the_disk_is_full(disk: Volume, tmp_path: Path) -> None:
    place = disk.path / SMALL
    place.mkdir()
    with databases.restartable(tmp_path / "postgres") as (address, _, _):
        if os.geteuid() == 0:
            owner = pwd.getpwnam("pgserver")
            os.chown(place, owner.pw_uid, owner.pw_gid)
            databases.open_way(place)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE {SMALL} LOCATION '{place}'")
            connection.execute(f"CREATE DATABASE {SMALL} TABLESPACE {SMALL}")
        url = make_url(address).set(database=SMALL).render_as_string(hide_password=False)
        async with day(tmp_path, url) as today:
            ballast = disk.fill()
            work = asyncio.create_task(today.work())
            await today.until(503)
            ballast.unlink()
            await work
            assert any("the disk is full" in said for said in today.told)
            await today.over("PostgreSQL's disk full")
