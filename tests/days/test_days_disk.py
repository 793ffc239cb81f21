"""Bad days of the disk and of SQLite: full, locked by another process, gone and back."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.days.day import day
from tests.volume import Volume

#: So often at least it meets with an empty mount point.
TRIED = 10

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]


async def test_the_disk_is_full(disk: Volume, tmp_path: Path) -> None:
    async with day(tmp_path, f"sqlite:///{disk.path / 'qasid.db'}") as today:
        ballast = disk.fill()
        work = asyncio.create_task(today.work())
        await today.until(503)
        ballast.unlink()
        await work
        assert any("the disk is full" in said for said in today.told)
        await today.over("the disk full")


async def test_another_process_locks_the_database(tmp_path: Path) -> None:
    async with day(tmp_path) as today:
        with closing(sqlite3.connect(tmp_path / "qasid.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            work = asyncio.create_task(today.work())
            await today.until(503)
            other.execute("ROLLBACK")
        await work
        await today.over("the database locked by another process")


async def test_the_disk_is_gone_and_back(disk: Volume, tmp_path: Path) -> None:
    async with day(tmp_path, f"sqlite:///{disk.path / 'qasid.db'}") as today:
        work = asyncio.create_task(today.work())
        disk.cut()
        await today.until(503)
        disk.take_out()
        for _ in range(
            TRIED
        ):  # a relay that opens what is not there makes an empty database, and stays with it
            today.refused.clear()
            await today.until(503)
        assert list(disk.path.iterdir()) == []
        disk.put_back()
        await work
        await today.over("the disk gone and back")
