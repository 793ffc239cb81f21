"""docs/OPERATING.md names commands, files and headings that there are."""

import re

import pytest
from click import Command
from typer.main import get_command

from desk.cli import app as desk
from handlers.cli import app as relay
from handlers.config import Settings
from handlers.vitals import TROUBLES
from tests import units
from tests.settings import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
PAGE = (REPOSITORY / "docs" / "OPERATING.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```\w*\n(.*?)^```$|`([^`\n]+)`", PAGE, re.MULTILINE | re.DOTALL)


def named() -> set[str]:
    """Every command with its words, as `qasid office admit`."""
    code = "\n".join(block or span for block, span in CODE)
    found = re.findall(r"\b(qasid(?:-admin|-desk)?) ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", code)
    return {f"{'qasid-desk' if program == 'qasid-desk' else 'qasid'} {words}" for program, words in found}


def missing(words: str) -> bool:
    """Whether there is no such command; what follows a command is what it is given."""
    program, *rest = words.split()
    found: Command | None = get_command(desk if program == "qasid-desk" else relay)
    for word in rest:
        commands = getattr(found, "commands", None)
        if commands is None:
            return False
        found = commands.get(word)
        if found is None:
            return True
    return False


def test_the_page_names_commands_that_there_are() -> None:
    assert {"qasid office admit", "qasid migrate", "qasid-desk root init"} <= named()
    assert missing("qasid office close")
    assert {" ".join(words.split()[:2]) for words in named() if missing(words)} == set()


def test_every_alert_says_what_to_do() -> None:
    rows = re.findall(r"^\| `([a-z_]+)`[^|]*\|[^|]+\|[^|]+\|$", PAGE.replace("\\|", ""), re.MULTILINE)
    assert sorted(rows) == sorted(TROUBLES)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)]+)\)", PAGE))))
def test_links_lead_somewhere(link: str) -> None:
    file, _, heading = link.partition("#")
    page = REPOSITORY / "docs" / file if file else REPOSITORY / "docs" / "OPERATING.md"
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    assert not heading or heading in anchors


def test_files_of_deploy_are_there() -> None:
    named_files = set(re.findall(r"\bdeploy/([\w.-]+\w)", PAGE)) - {"relay.env", "secrets"}
    assert len(named_files) >= 6
    assert {name for name in named_files if not (REPOSITORY / "deploy" / name).exists()} == set()


def test_whatever_ends_the_relay_ends_every_process_of_it() -> None:
    installed = units.installed(PAGE, DEPLOY)
    assert {name for name, unit in installed.items() if unit.serves} == {"qasid", "qasid-worker"}
    endings = [words for block, span in CODE for words in units.ended(block or span)]
    assert len(endings) >= 4
    assert [(words, left) for words in endings if (left := units.left(words, installed))] == []
    # After `disable` no start of the machine brings one back, either.
    wanted = {name: unit.listed("Install", "WantedBy") for name, unit in installed.items() if unit.serves}
    assert wanted == {"qasid": ["multi-user.target"], "qasid-worker": ["qasid.service"]}


@pytest.mark.parametrize("line", ["PartOf=qasid.service", "After=qasid.service"])
def test_a_process_that_would_go_on_is_noticed(line: str) -> None:
    installed = units.installed(PAGE, DEPLOY)
    worker = installed["qasid-worker"]
    installed["qasid-worker"] = units.Unit(worker.text.replace(line, ""))
    assert units.left(["qasid"], installed) == {"qasid-worker"}
    assert units.left(["qasid", "qasid-worker"], installed) == set()
    assert units.left(["qasid-backup.timer"], installed) == set()


def test_two_processes_of_one_machine_share_no_port() -> None:
    """What a unit's own file says counts before `qasid.env`, which may name an address of figures, too."""
    worker = units.installed(PAGE, DEPLOY)["qasid-worker"]
    assert worker.listed("Service", "EnvironmentFile") == ["/etc/qasid/qasid.env", "/etc/qasid/worker.env"]
    assert not [
        each for each in worker.listed("Service", "Environment") if "PORT" in each or "METRICS" in each
    ]
    lines = (DEPLOY / "worker.env").read_text(encoding="utf-8").splitlines()
    own = dict(line.split("=", 1) for line in lines if line.startswith("QASID_"))
    named = {name.removeprefix("QASID_").lower(): value for name, value in own.items()}
    web, sender = Settings(metrics="127.0.0.1:9470"), Settings(**named)
    assert sender.role == "worker"
    taken = {web.port, web.metrics_address[1]}
    assert taken.isdisjoint({sender.port, sender.metrics_address[1]})
    assert sender.port != sender.metrics_address[1]
    assert "QASID_METRICS=127.0.0.1:9470" in PAGE
    assert own["QASID_METRICS"] in PAGE
