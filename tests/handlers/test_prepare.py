"""The vault key is made once, for a new database, and never beside data that needs another."""

from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.app import check, prepare
from handlers.config import ConfigError, Settings
from store import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path / 'data' / 'qasid.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_new")
    return Settings(database_url=url, vault_key_file=tmp_path / "keys" / "vault.key")


def test_a_new_database_gets_its_key_and_keeps_it(settings: Settings) -> None:
    prepare(settings)
    check(settings)
    key = settings.vault_key_file.read_bytes()
    prepare(settings)
    assert settings.vault_key_file.read_bytes() == key


def test_no_key_is_made_beside_existing_data(settings: Settings) -> None:
    prepare(settings)
    settings.vault_key_file.unlink()
    prepare(settings)
    with pytest.raises(ConfigError, match="restore it from its backup"):
        check(settings)


def test_nor_when_the_data_is_of_an_older_version(settings: Settings) -> None:
    prepare(settings)
    engine = migrate._engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    engine.dispose()
    settings.vault_key_file.unlink()
    with suppress(Exception):  # what the upgrade makes of such a database is not the question here
        prepare(settings)
    assert not settings.vault_key_file.exists()


def test_killed_between_key_and_database_it_goes_on(settings: Settings, monkeypatch) -> None:
    def killed(_url: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "upgrade", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare(settings)
    prepare(settings)
    check(settings)
