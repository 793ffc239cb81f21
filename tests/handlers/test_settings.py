"""Whoever looks for a setting finds it: in docs/SETTINGS.md and in `qasid --help`, both made from the code."""

import re
from pathlib import Path

import pytest
from pydantic import Field
from typer.testing import CliRunner

from handlers.cli import app
from handlers.config import Settings, variables
from tests import settings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


def test_the_page_is_what_the_code_says() -> None:
    assert settings.PAGE.read_text(encoding="utf-8") == settings.document(), "run make settings"


def test_a_setting_without_a_description_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_fields, "colour", Field(default="blue"))
    with pytest.raises(ValueError, match="QASID_COLOUR has no description"):
        settings.document()


def test_no_variable_is_read_that_the_page_does_not_have() -> None:
    code = [path for part in ("handlers", "relay", "store", "crypto", "desk") for path in _python(part)]
    read = {name for path in code for name in re.findall(r"QASID_[A-Z_]+[A-Z]", path.read_text("utf-8"))}
    assert len(read) > 10
    assert read <= {*variables(), *settings.ELSEWHERE}


def test_help_names_them_all() -> None:
    said = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    assert not [name for name in variables() if name not in said]


def test_a_secret_stands_in_a_file_which_counts_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "qasid_bot_token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("QASID_BOT_TOKEN", "1:of-the-variable-and-not-of-the-file")
    monkeypatch.setenv("QASID_PUBLIC_URL", "https://relay.example")
    found = Settings.load()
    assert found.bot_token is not None
    assert (found.bot_token.get_secret_value(), found.public_url) == (TOKEN, "https://relay.example")
    assert Settings.load(public_url="https://given.example").public_url == "https://given.example"


def _python(part: str) -> list[Path]:
    return list((settings.REPOSITORY / part).rglob("*.py"))
