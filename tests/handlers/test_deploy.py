"""What stands in deploy/ fits the relay and itself: names of settings, commands, files, ports and users."""

import os
import re
import subprocess
import sys
import time
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from crypto.archive import Kind, OfflineKey
from handlers.cli import app
from handlers.config import Settings, variables
from tests import databases
from tests.settings import ELSEWHERE, REPOSITORY

DEPLOY = REPOSITORY / "deploy"
#: Of Caddy alone.
CADDY = {"QASID_UPSTREAM", "QASID_APP_ROOT"}
UNITS = ("qasid.service", "qasid-backup.service")


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def unit(name: str) -> ConfigParser:
    parsed = ConfigParser(interpolation=None, strict=False, comment_prefixes=("#",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names are not lower case
    parsed.read(DEPLOY / name)
    return parsed


def knows(*arguments: str) -> bool:
    """Whether `qasid` has this command."""
    group = get_command(app)
    for word in arguments:
        group = getattr(group, "commands", {}).get(word)
    return group is not None


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_variable_is_one_that_somebody_reads(file: Path) -> None:
    named = set(re.findall(r"QASID_[A-Z_]+[A-Z]", file.read_text(encoding="utf-8")))
    assert named <= {*variables(), *ELSEWHERE, *CADDY}


def test_the_settings_of_the_example_can_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (DEPLOY / "qasid.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.lstrip("#").split("=", 1) for line in lines if re.match("#?QASID_", line))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    found = Settings.load(bot_token="123456789:AAabcdefghijklmnopqrstuvwxyz012345")
    assert found.app_url == "https://app.example.org/app/"
    assert found.vault_key_file == Path("/var/lib/qasid/vault.key")


@pytest.mark.parametrize("name", UNITS)
def test_units_run_our_commands_as_their_own_user_with_nothing_to_gain(name: str) -> None:
    service = unit(name)["Service"]
    command = re.search(r"/opt/qasid/bin/qasid ([a-z ]+[a-z])", service["ExecStart"])
    assert command is not None
    assert knows(*command.group(1).split())
    wanted = {
        "User": "qasid",
        "UMask": "0077",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "true",
        "CapabilityBoundingSet": "",
        "EnvironmentFile": "/etc/qasid/qasid.env",
        "LoadCredential": "qasid:/etc/qasid/credentials",
    }
    assert {name: service[name] for name in wanted} == wanted


def test_the_relay_is_started_again_and_has_ten_seconds_to_leave(compose: dict) -> None:
    service = unit("qasid.service")["Service"]
    assert (service["Restart"], service["TimeoutStopSec"]) == ("always", "10")
    for role in ("web", "worker"):
        relay = compose["services"][role]
        assert (relay["restart"], relay["stop_grace_period"]) == ("always", "10s")
        assert relay["environment"]["QASID_ROLE"] == role


def test_containers_run_commands_that_there_are(compose: dict) -> None:
    services = compose["services"]
    assert knows(*services["web"]["command"])
    assert knows(*services["worker"]["command"])
    assert knows(*services["upgrade"]["command"])
    assert knows("export-webapp")
    assert not knows("no-such-command")


def test_only_caddy_can_be_reached_and_only_the_relay_reaches_out(compose: dict) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert services["database"]["networks"] == services["upgrade"]["networks"] == ["back"]
    assert compose["networks"]["back"]["internal"] is True
    (front,) = compose["networks"]["front"]["ipam"]["config"]
    assert services["web"]["environment"]["QASID_TRUSTED_PROXIES"] == front["subnet"]
    assert services["caddy"]["environment"]["QASID_UPSTREAM"] == f"web:{Settings().port}"


def test_everything_that_containers_name_is_there(compose: dict) -> None:
    for service in compose["services"].values():
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
        assert set(service.get("depends_on", ())) <= set(compose["services"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert {each for each in named if not each.startswith(".")} <= set(compose["volumes"])
        for each in named:
            assert not each.startswith(".") or (DEPLOY / each).is_file()
    secrets = {name for name in compose["secrets"] if name.startswith("qasid_")}
    assert {name.upper() for name in secrets} <= set(variables())


def test_containers_keep_the_four_things_apart(compose: dict) -> None:
    mounted = {name: set(service.get("volumes", ())) for name, service in compose["services"].items()}
    others = set().union(*(volumes for name, volumes in mounted.items() if name != "backup"))
    key = Path(compose["services"]["web"]["environment"]["QASID_VAULT_KEY_FILE"])
    assert f"data:{key.parent}" in mounted["web"] & mounted["worker"] & mounted["upgrade"]
    assert mounted["backup"] == {"backups:/backups", "keys:/keys"}
    assert {each.partition(":")[0] for each in others}.isdisjoint({"backups", "keys"})
    assert compose["services"]["backup"]["secrets"] == ["qasid_database_url"]
    # A new volume belongs to whom the image says.
    image = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"install --directory --owner=qasid --mode=700 /backups /keys$", image, re.MULTILINE)


def test_the_containers_backup_is_made_and_the_old_ones_go(compose: dict, tmp_path: Path) -> None:
    """What the service runs, in this machine's shell: without a vault key or a token."""
    (command,) = compose["services"]["backup"]["command"]
    for folder in ("bin", "backups", "keys"):
        (tmp_path / folder).mkdir()
    qasid = tmp_path / "bin" / "qasid"
    qasid.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m handlers.cli "$@"\n')
    qasid.chmod(0o755)
    for name, days in (("fresh", 13), ("old", 16), (".qasid-backup.part", 16)):
        (tmp_path / "backups" / name).touch()
        then = time.time() - days * 86_400
        os.utime(tmp_path / "backups" / name, (then, then))
    databases.empty_sqlite(tmp_path / "qasid.db")
    script = (
        command.replace("$$", "$")
        .replace("/backups", f"{tmp_path}/backups")
        .replace("/keys/", f"{tmp_path}/keys/")
    )
    own = {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "QASID_DATABASE_URL": f"sqlite:///{tmp_path}/qasid.db",
        "QASID_BACKUP_KEY": OfflineKey.generate().public.text(),
    }
    (shell, *flags) = compose["services"]["backup"]["entrypoint"]
    done = subprocess.run(
        [shell, *flags, script], env=own, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    new, fresh = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert fresh == "fresh"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}", new)
    assert (tmp_path / "backups" / new).read_bytes().startswith(Kind.ROWS.value)
    (keys,) = (tmp_path / "keys").iterdir()
    assert (keys.name, keys.read_bytes().startswith(Kind.KEYS.value)) == ("keys", True)
    # As long as systemd's keeps them.
    kept = re.search(r"-type f -mtime \S+ -delete", unit("qasid-backup.service")["Service"]["ExecStartPost"])
    assert kept is not None
    assert script.endswith(kept.group())
