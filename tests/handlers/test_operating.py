"""docs/OPERATING.md names commands, files and headings that there are."""

import re

import pytest
from click import Command
from typer.main import get_command

from desk.cli import app as desk
from handlers.cli import app as relay
from tests.settings import REPOSITORY

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
