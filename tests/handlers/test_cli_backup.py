"""Backups from the command line: nothing is overwritten, nothing half done is left, and what is refused says why."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crypto.vault import Vault
from handlers import backup as backups
from handlers.cli import app
from relay import backup
from relay.backup import Restored
from tests import databases

WORDS = "six words that nobody wrote down"
DATABASE = Path("var/qasid.db")
RESTORE = ("backup", "restore", "one", "--keys", "keys", "--key", "offline")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("handlers.cli.log.configure", lambda **_: None)
    Path("words").write_text(f"{WORDS}\nanother line\n")
    Path("words").chmod(0o600)
    monkeypatch.setenv(backups.PASSPHRASE, "words")
    DATABASE.parent.mkdir()
    databases.empty(DATABASE)
    Vault.create(Path("var/vault.key"))
    assert run("office", "admit").exit_code == 0


@pytest.fixture
def key() -> str:
    made = run("backup", "key", "offline")
    assert made.exit_code == 0
    return made.stdout.strip()


def run(*arguments: str, **environment: str):
    result = CliRunner().invoke(
        app,
        list(arguments),
        env={"QASID_DATABASE_URL": databases.at(DATABASE), **environment, "COLUMNS": "200"},
    )
    assert "Traceback" not in result.output
    assert WORDS not in result.output
    return result


def refused(says: str, *arguments: str, **environment: str) -> None:
    before = content()
    result = run(*arguments, **environment)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert content() == before


def content() -> dict[str, bytes]:
    """Every file but the database's, by name."""
    return {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}


def make(key: str, file: str = "one") -> None:
    made = run("backup", "make", file, "--to", key, "--keys", "keys")
    assert made.exit_code == 0, made.output
    assert "vault key is not in it" in made.output


def test_the_whole_way(key):
    assert key.startswith("QASID-BACKUP1.")
    make(key)
    for name in ("one", "keys", "offline"):
        assert Path(name).stat().st_mode & 0o777 == 0o600
    assert set(content()) == {"words", "one", "keys", "offline"}
    refused("not empty", *RESTORE)
    databases.bare(DATABASE)
    refused("no database yet", *RESTORE)
    databases.empty(DATABASE)
    found = run(*RESTORE)
    assert (found.exit_code, "rows of" in found.output, "Left out" in found.output) == (0, True, False)
    assert "the relay: 1 entries, as they were written" in run("audit", "verify").output


def test_the_key_from_the_environment_and_only_the_newest_keys(key):
    make(key)
    first = Path("keys").read_bytes()
    made = run("backup", "make", "two", "--keys", "keys", QASID_BACKUP_KEY=key)
    assert made.exit_code == 0, made.output
    assert Path("keys").read_bytes() != first
    assert set(content()) == {"words", "one", "two", "keys", "offline"}


def test_nothing_is_overwritten(key):
    make(key)
    refused("exists already", "backup", "key", "offline")
    refused("exists already", "backup", "make", "one", "--to", key, "--keys", "keys")
    refused("no file of contacts' keys", "backup", "make", "two", "--to", key, "--keys", "words")
    refused("a file of their own", "backup", "make", "two", "--to", key, "--keys", "two")
    refused("is the medium plugged in?", "backup", "make", "away/two", "--to", key, "--keys", "keys")
    refused("is the medium plugged in?", "backup", "make", "two", "--to", key, "--keys", "away/keys")


@pytest.mark.parametrize("found", [Counter(), None])
def test_what_does_not_read_back_is_not_kept(key, monkeypatch, found):
    make(key)

    def rehearse(*_: object) -> Restored:
        if found is None:
            raise OSError(28, "No space left on device")
        return Restored(found, 0, datetime.now(UTC))

    monkeypatch.setattr(backup, "rehearse", rehearse)
    says = "No space left" if found is None else "nothing was kept"
    refused(says, "backup", "make", "two", "--to", key, "--keys", "keys")


def test_another_key_is_no_key(key):
    mistyped = key[:-1] + ("A" if key[-1] != "A" else "B")
    refused("mistyped", "backup", "make", "one", "--to", mistyped, "--keys", "keys")
    refused("QASID-BACKUP1.", "backup", "make", "one", "--to", "x", "--keys", "keys")
    make(key)
    Path("words").write_text("seven words that nobody wrote down")
    refused("does not open", *RESTORE)
    assert run("backup", "key", "other").exit_code == 0
    _emptied()
    refused("another offline key", *RESTORE[:-1], "other")


def test_a_file_in_the_place_of_another(key):
    make(key)
    _emptied()
    refused("not a backup", "backup", "restore", "keys", "--keys", "keys", "--key", "offline")
    refused("contacts' keys (--keys)", "backup", "restore", "one", "--keys", "one", "--key", "offline")
    refused("no key file", "backup", "restore", "one", "--keys", "keys", "--key", "one")
    refused("nowhere", "backup", "restore", "nowhere", "--keys", "keys", "--key", "offline")


def test_passphrases_are_not_anybodys():
    Path("words").write_text("short")
    refused("at least 10", "backup", "key", "offline")
    Path("words").write_text(WORDS)
    Path("words").chmod(0o644)
    refused("chmod 600", "backup", "key", "offline")
    refused("name a file", "backup", "key", "offline", **{backups.PASSPHRASE: ""})


def _emptied() -> None:
    """A new database stands in the place of the old one."""
    databases.bare(DATABASE)
    databases.empty(DATABASE)
