"""The vault key is made once, for a new database, and never beside data that needs another."""

from pathlib import Path

import pytest
from alembic import command

from handlers.app import check, prepare
from handlers.config import ConfigError, Settings
from store import migrate
from store.errors import StoreError


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


def test_nor_beside_data_of_an_older_version_that_is_brought_up_to_date(settings: Settings) -> None:
    older_database(settings)
    prepare(settings)
    migrate.check(settings.database_url)
    assert not settings.vault_key_file.exists()
    with pytest.raises(ConfigError, match="restore it from its backup"):
        check(settings)


def older_database(settings: Settings) -> None:
    """A database as the first release made it."""
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    migrate._make_file(settings.database_url)
    engine = migrate._engine(settings.database_url)
    config = migrate._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    engine.dispose()
    with pytest.raises(StoreError, match="older version"):
        migrate.check(settings.database_url)


def test_killed_between_key_and_database_it_goes_on(settings: Settings, monkeypatch) -> None:
    def killed(_url: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "upgrade", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare(settings)
    prepare(settings)
    check(settings)
