"""`qasid doctor`: what is broken is found by its line, which says what to do; beside a relay that runs, and without."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from crypto.vault import Vault
from handlers import doctor, vitals
from handlers.app import open_database
from handlers.bundle import Bundle
from handlers.cli import app
from handlers.clock import Clock, RealClock
from handlers.config import Settings
from handlers.doctor import Finding
from handlers.profile import COMMANDS
from handlers.vitals import BACKUP_OLD, Disk
from relay import accounts, beats
from relay.unit import Tx
from tests.flow.test_flow_readiness import becomes
from tests.flow.world import TOKEN, World, world

LINES = ["token", "webhook", "clock", "vault key", "disk", "migrations", "web bundle", "privacy", "backups"]
PERSON = 7_000_000_042


class Shifted(RealClock):
    """Wrong by so much."""

    def __init__(self, right: Clock, by: timedelta) -> None:
        self.right, self.by = right, by

    def now(self) -> datetime:
        return self.right.now() + self.by


@dataclass
class Clinic:
    town: World
    settings: Settings
    clock: Clock

    def change(self, **settings: Any) -> None:
        self.settings = self.settings.model_copy(update=settings)

    async def write(self, rule: Callable[[Tx], None]) -> None:
        await self.town.store.write(rule)

    async def wrong(self) -> dict[str, Finding]:
        """By line; the others are well."""
        found = await doctor.examine(self.settings, self.clock, open_database)
        assert [each.line for each in found] == LINES
        assert all(each.advice for each in found if not each.ok)
        said = json.dumps([each.said + each.advice for each in found])
        assert not [secret for secret in (TOKEN, str(PERSON), self.town.house.hook.path) if secret in said]
        return {each.line: each for each in found if not each.ok}


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    app_dir = tmp_path / "app"
    app_dir.mkdir()
    (app_dir / "index.html").write_text("<!doctype html>")
    built = Bundle({"index.html": sha256(b"<!doctype html>").hexdigest()})
    (app_dir / "bundle.json").write_text(json.dumps({"files": dict(built.files), "hash": built.hash}))
    async with world(tmp_path, polling=False, app_dir=app_dir) as town:
        await becomes(town, "")
        clock = town.house.clock

        def lived(tx: Tx) -> None:
            accounts.known(tx, town.house.vault, PERSON, clock.now())
            beats.backed_up(tx, clock.now(), clock.now(), 1)

        await town.store.write(lived)
        yield Clinic(town, town.settings, clock)


def no_token(clinic: Clinic) -> None:
    clinic.change(bot_token=None)


def revoked(clinic: Clinic) -> None:
    clinic.town.telegram.bots.clear()


def unreached(clinic: Clinic) -> None:
    clinic.change(bot_api_url="http://127.0.0.1:1")


TELEGRAM = {"token", "webhook", "clock", "privacy"}


@pytest.mark.parametrize(
    ("broken", "advice"), [(no_token, "@BotFather"), (revoked, "Copy it again"), (unreached, "curl -I")]
)
async def test_without_telegram_the_rest_is_looked_at(
    clinic: Clinic, broken: Callable[[Clinic], None], advice: str
) -> None:
    broken(clinic)
    wrong = await clinic.wrong()
    assert set(wrong) == TELEGRAM
    assert advice in wrong["token"].advice
    assert {wrong[line].advice for line in TELEGRAM - {"token"}} == {doctor.FIRST}


async def test_the_bots_own_settings(clinic: Clinic) -> None:
    bot, telegram = clinic.town.bot, clinic.town.telegram
    assert await clinic.wrong() == {}
    bot.reads_groups = True
    assert "/setprivacy" in (await clinic.wrong())["privacy"].advice
    bot.reads_groups = False
    telegram.call(TOKEN, "setMyCommands", {"commands": [{"command": "pay", "description": "Pay"}]})
    assert "other commands" in (await clinic.wrong())["privacy"].said
    telegram.call(
        TOKEN, "setMyCommands", {"commands": [{"command": name, "description": "It"} for name in COMMANDS]}
    )
    assert await clinic.wrong() == {}
    button = {"type": "web_app", "text": "Open", "web_app": {"url": "https://elsewhere.example/app/"}}
    telegram.call(TOKEN, "setChatMenuButton", {"menu_button": button})
    assert "elsewhere" in (await clinic.wrong())["privacy"].said


async def test_the_webhook(clinic: Clinic) -> None:
    hook = clinic.town.bot.webhook
    assert hook is not None
    hook.last_error_date, hook.last_error_message = (
        int(clinic.clock.now().timestamp()) - 60,
        "502 Bad Gateway",
    )
    found = (await clinic.wrong())["webhook"]
    assert "502 Bad Gateway" in found.said
    assert clinic.settings.public_url in found.advice
    hook.last_error_date -= 3600
    assert await clinic.wrong() == {}
    own, hook.url = hook.url, "https://elsewhere.example/telegram/x"
    assert "another relay uses this token" in (await clinic.wrong())["webhook"].advice
    hook.url = own
    clinic.change(polling=True)
    assert "polls" in (await clinic.wrong())["webhook"].said
    clinic.change(polling=False)
    clinic.town.bot.webhook = None
    assert (await clinic.wrong())["webhook"].said == "None is set."


@pytest.mark.parametrize(("seconds", "said"), [(90, "ahead of"), (-90, "behind"), (20, "")])
async def test_the_clock(clinic: Clinic, seconds: int, said: str) -> None:
    clinic.clock = Shifted(clinic.clock, timedelta(seconds=seconds))
    wrong = await clinic.wrong()
    assert [*wrong] == (["clock"] if said else [])
    if said:
        assert said in wrong["clock"].said
        assert "time service" in wrong["clock"].advice


async def test_what_stands_on_the_machine(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.key"
    Vault.create(other)
    clinic.change(vault_key_file=other)
    assert "another one" in (await clinic.wrong())["vault key"].said
    other.chmod(0o644)
    assert "chmod 600" in (await clinic.wrong())["vault key"].advice
    clinic.change(vault_key_file=clinic.town.settings.vault_key_file)

    monkeypatch.setattr(vitals, "disk", lambda _: Disk(5 << 20, 20 << 30))
    assert "5 MiB free" in (await clinic.wrong())["disk"].said
    monkeypatch.undo()

    page = clinic.settings.app_dir / "index.html"
    page.write_text("<script>")
    assert "index.html" in (await clinic.wrong())["web bundle"].said
    (clinic.settings.app_dir / "bundle.json").unlink()
    assert "QASID_APP_DIR" in (await clinic.wrong())["web bundle"].advice


async def test_backups_and_versions_of_the_database(clinic: Clinic) -> None:
    long_ago = clinic.clock.now() - BACKUP_OLD - timedelta(minutes=1)
    await clinic.write(lambda tx: beats.backed_up(tx, long_ago, long_ago, 1))
    assert "26 hours" in (await clinic.wrong())["backups"].said
    await clinic.write(lambda tx: tx.execute(text("DELETE FROM beats")) and None)
    assert "qasid backup make" in (await clinic.wrong())["backups"].advice
    await clinic.write(
        lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = 'newer'")) and None
    )
    wrong = await clinic.wrong()
    assert set(wrong) == {"vault key", "migrations", "backups"}
    assert "newer version of Qasid" in wrong["migrations"].advice


def test_the_command_where_nothing_is_there_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, ["doctor"], env={"COLUMNS": "200"})
    assert ended.exit_code == 1
    assert "WRONG token: QASID_BOT_TOKEN is not set." in ended.output
    said = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).output)
    assert (said["ok"], [each["line"] for each in said["lines"]]) == (False, LINES)
    assert all(each["advice"] for each in said["lines"] if not each["ok"])
