"""The command line: bad surroundings end in a sentence and exit code 2, never in a traceback."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crypto.vault import SETTLE, Vault
from handlers.cli import app
from relay import accounts, beats, vaulting
from relay import outbox as replies
from relay.beats import Run
from relay.retention import Swept
from store.engine import open_store
from tests import databases
from tests.relay.house import House

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"
PUBLIC = {"QASID_BOT_TOKEN": TOKEN, "QASID_PUBLIC_URL": "https://relay.example"}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("handlers.cli.log.configure", lambda **_: None)


def run(*arguments: str, **environment: str):
    result = CliRunner().invoke(app, list(arguments), env={**environment, "COLUMNS": "200"})
    assert TOKEN not in result.output
    assert "Traceback" not in result.output
    return result


def refused(says: str, *arguments: str, **environment: str) -> None:
    result = run(*arguments, **environment)
    assert result.exit_code == 2, result.output
    assert says in result.output


@pytest.fixture
def database(_here: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As `migrate` leaves a new folder, without all the versions of the schema one after the other."""
    path = Path("var/qasid.db")
    path.parent.mkdir()
    monkeypatch.setenv("QASID_DATABASE_URL", databases.empty(path))
    Vault.create(Path("var/vault.key"))
    return path


def test_help_names_the_commands() -> None:
    output = run("--help").output
    assert all(word in output for word in ("run", "serve", "office", "migrate", "QASID_BOT_TOKEN"))


def test_a_token_without_an_address() -> None:
    refused("QASID_PUBLIC_URL is missing", "run", QASID_BOT_TOKEN=TOKEN)


def test_an_address_that_is_not_https() -> None:
    refused("must begin with https://", "run", QASID_BOT_TOKEN=TOKEN, QASID_PUBLIC_URL="http://relay.example")


def test_serve_needs_a_token() -> None:
    refused("QASID_BOT_TOKEN is missing", "serve")


def test_serve_needs_a_database() -> None:
    refused("qasid migrate", "migrate", "--check")


def test_a_new_database_gets_a_vault_key_that_only_its_owner_reads() -> None:
    assert run("migrate").exit_code == 0
    assert Path("var/vault.key").stat().st_mode & 0o777 == 0o600
    assert Path("var/qasid.db").stat().st_mode & 0o777 == 0o600
    assert run("migrate", "--check").exit_code == 0


def test_a_missing_vault_key_is_never_replaced(database: Path) -> None:
    Path("var/vault.key").unlink()
    refused("vault key", "migrate", "--check")
    assert run("migrate").exit_code == 0
    assert not Path("var/vault.key").exists()
    refused("restore it from its backup", "run", **PUBLIC, QASID_PORT="0")


def test_a_vault_key_that_others_can_read(database: Path) -> None:
    Path("var/vault.key").chmod(0o644)
    refused("chmod 600", "migrate", "--check")
    refused("chmod 600", "run", **PUBLIC, QASID_PORT="0")


def test_a_database_from_a_newer_version_is_left_as_it_is(database: Path) -> None:
    databases.behind(database, "update alembic_version set version_num = 'from-the-future'")
    for command in (("migrate", "--check"), ("migrate",), ("run",)):
        refused("newer version", *command, **PUBLIC, QASID_PORT="0")


def test_a_taken_port(database: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused(f"port {port} is taken", "run", **PUBLIC, QASID_PORT=port)
        refused(f"port {port} is taken", "run", QASID_PORT=port)


def test_an_office_is_admitted_by_a_code(database: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "handlers.cli", "office", "admit"], capture_output=True, text=True, check=True,
        env=dict(os.environ),
    )  # fmt: skip
    code = result.stdout.strip()
    assert len(code) == 23
    assert "Works once" in result.stderr


def test_a_code_is_good_by_the_clock_of_the_relay_that_takes_it(database: Path, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text(str(100 * 86_400))
    output = run("office", "admit", QASID_CLOCK_FILE="clock").output
    until = datetime.fromisoformat(output.partition("until ")[2][:16]).replace(tzinfo=UTC)
    assert timedelta(days=100) < until - datetime.now(UTC) < timedelta(days=102)


def test_the_demonstration_stays_on_this_machine() -> None:
    refused("on this machine only", "run", QASID_HOST="0.0.0.0")


def test_a_database_nobody_understands() -> None:
    refused("not understood", "migrate", "--check", QASID_DATABASE_URL="MARKER")


def test_ledgers_are_verified(database: Path, tmp_path: Path) -> None:
    assert "no movement yet" in run("ledger", "verify").output
    store = open_store(databases.at(database))
    house = House(store, Vault(bytes(32))).register()
    house.movement(5)
    store.close()
    found = run("ledger", "verify")
    assert (found.exit_code, found.output.count("1 entries, balances")) == (0, 1)
    databases.behind(database, "UPDATE allotments SET seats = 6")
    found = run("ledger", "verify")
    assert found.exit_code == 1
    assert "DOES NOT BALANCE: an office's seats are not what its entries add up to" in found.output


def test_jobs_are_listed_and_a_relay_that_stands_still_is_said_to(database: Path, tmp_path: Path) -> None:
    found = run("jobs")
    assert (found.exit_code, found.output.count("does not run")) == (0, 1)
    assert all(name in found.output for name in beats.JOBS)
    store = open_store(databases.at(database))
    now = datetime.now(UTC)
    for name in beats.JOBS:
        ran = Run(name, now - timedelta(seconds=1), now, now, "done", 7, now + timedelta(minutes=1))
        store.write_now(lambda tx, ran=ran: beats.note(tx, ran))
    store.close()
    assert "does not run" not in run("jobs").output
    said = json.loads(run("jobs", "--json").output)
    assert said["running"] is True
    assert [each["name"] for each in said["jobs"]] == list(beats.JOBS)
    assert said["jobs"][0].items() >= {"late_ms": 1000, "outcome": "done", "count": 7}.items()
    assert datetime.fromisoformat(said["jobs"][0]["next_at"]) == now + timedelta(minutes=1)


def test_how_long_things_are_kept_and_what_would_go(database: Path) -> None:
    shown = run("retention", QASID_RETAIN_STRANGERS="5").output
    assert "5 days" in shown
    assert "would go" not in shown
    store = open_store(databases.at(database))
    stranger = datetime.now(UTC) - timedelta(days=6)
    store.write_now(lambda tx: accounts.known(tx, Vault.load(Path("var/vault.key")), 77, stranger))
    for days, gone in (("5", 1), ("5", 1), ("7", 0)):
        said = json.loads(run("retention", "--dry-run", "--json", QASID_RETAIN_STRANGERS=days).output)
        assert {each["name"]: each["gone"] for each in said["kinds"]}["accounts"] == gone
    assert [each["name"] for each in said["kinds"]] == [each.name for each in fields(Swept)]
    store.close()
    refused("QASID_RETAIN_HANDLED", "retention", QASID_RETAIN_HANDLED="1")
    refused("QASID_RETAIN_UPLOADS", "retention", QASID_RETAIN_UPLOADS="ever")


def test_the_vault_key_is_exchanged(database: Path) -> None:
    assert "one vault key" in run("vault", "status").output
    refused("nothing is to be retired", "vault", "retire")
    store, path = open_store(databases.at(database)), Path("var/vault.key")
    store.write_now(lambda tx: accounts.known(tx, Vault.load(path), 77, datetime.now(UTC)))
    assert "it is used from" in run("vault", "rotate").output
    refused("exchanged already", "vault", "rotate")
    refused("not used before", "vault", "retire")
    settled = datetime.now(UTC) - 2 * SETTLE
    os.utime(path, (settled.timestamp(), settled.timestamp()))
    refused("1 rows still need", "vault", "retire")
    assert json.loads(run("vault", "status", "--json").output)["left"]["accounts"] == 1
    store.write_now(lambda tx: vaulting.reseal(tx, Vault.load(path)))
    store.close()
    assert "accounts 0" in run("vault", "status").output
    assert run("vault", "retire").exit_code == 0
    assert len(path.read_bytes()) == 32


def test_audit_logs_are_verified_also_against_a_witness(database: Path, tmp_path: Path) -> None:
    assert "no entry yet" in run("audit", "verify").output
    run("office", "admit")
    kept = run("audit", "heads")
    assert kept.exit_code == 0
    (tmp_path / "heads").write_text(kept.stdout)
    run("office", "admit")
    found = run("audit", "verify", "--heads", "heads")
    assert (found.exit_code, "the relay: 2 entries, as they were written" in found.output) == (0, True)
    databases.behind(database, "UPDATE audit SET event = 'office_removed' WHERE seq = 1")
    found = run("audit", "verify")
    assert (found.exit_code, "TAMPERED: entry 1" in found.output) == (1, True)


@pytest.mark.parametrize("line", ["", "{}", "[]", "7", '{"office": "x", "seq": 1, "link": "x"}', "\x00"])
def test_a_file_that_holds_no_heads(database: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "heads").write_text(f"{line}\n")
    refused("line 1, is no head", "audit", "verify", "--heads", "heads")
    refused("cannot be read", "audit", "verify", "--heads", "nowhere")


def test_the_outbox_names_nobody_and_says_why_each_waits(database: Path) -> None:
    store = open_store(databases.at(database))
    house = House(store, Vault.load(Path("var/vault.key")))
    known = house.write(accounts.known, house.vault, 4242, house.now)
    house.write(replies.reply, known.id, "welcome", {"name": "MARKER"}, datetime.now(UTC), dedupe="1")
    store.close()
    shown = run("outbox")
    assert shown.exit_code == 0, shown.output
    assert "nobody delivers" in shown.output
    said = json.loads(run("outbox", "--json").output)
    (group,) = said["groups"]
    assert (said["depth"], said["led"], group["reason"], group["kind"]) == (1, False, "no_leader", "reply")
    assert not {"MARKER", "4242"} & set(shown.output.split())
