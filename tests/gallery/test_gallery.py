"""The gallery is whole: every command and every message that the bot can send stands in a picture that there is."""

import re
from pathlib import Path

import pytest

from handlers.chat.dispatch import OFFICERS, PEOPLE
from tests.gallery.make import FOLDER, PAGE, SHOWN, files, make, picture, shown_in, there
from tests.gallery.page import document
from tests.gallery.programme import EVERY
from words.catalogues import LANGUAGES, source

HOW = "write a dialogue in tests/gallery/people.py or officers.py, and run `make gallery`"
#: Words inside messages, by the list they are of: one of a list stands for the others.
WORDS = re.compile(
    r"(duty|state|movement|offer|household|need|prefer|intent|answer|fact|vet|age|event|assent|notice|kind|why|integrity)-.*"
    r"|yes|no|nothing|erased"
)
MOST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def shown() -> dict[str, dict[str, list[str]]]:
    return shown_in(FOLDER)


def keys() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*) =", source("en", "chat"), re.MULTILINE))


def test_every_command(shown: dict[str, dict[str, list[str]]]) -> None:
    missing = (PEOPLE.keys() | OFFICERS.keys()) - {
        name for each in shown.values() for name in each["commands"]
    }
    assert not missing, f"no picture shows {sorted(missing)}: {HOW}"


def test_every_message(shown: dict[str, dict[str, list[str]]]) -> None:
    seen = {key for each in shown.values() for key in each["messages"]}
    assert seen <= keys(), f"the catalogue has lost {sorted(seen - keys())}: run `make gallery`"
    messages = {key for key in keys() if not WORDS.fullmatch(key)}
    lists = {match[1] for key in keys() if (match := WORDS.fullmatch(key)) and match[1]}
    missing = {key for key in messages if key not in seen}
    missing |= {f"{each}-…" for each in lists if not any(key.startswith(f"{each}-") for key in seen)}
    assert not missing, f"no picture shows {sorted(missing)}: {HOW}"


def test_every_picture(shown: dict[str, dict[str, list[str]]]) -> None:
    assert list(shown) == list(EVERY), f"{SHOWN} names other dialogues than there are: run `make gallery`"
    assert (FOLDER / PAGE).read_text("utf-8") == document(EVERY, picture), (
        f"{PAGE} is old: run `make gallery`"
    )
    assert there(FOLDER) == set(files(FOLDER)), "pictures are missing or left over: run `make gallery`"
    assert sum(each.stat().st_size for each in files(FOLDER)) < MOST_BYTES


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_made_anew_it_is_the_same(tmp_path: Path) -> None:
    """Byte for byte; what differs was changed without `make gallery`, or hangs on chance or the machine's time."""
    assert make(tmp_path, list(EVERY)) == len(EVERY) * len(LANGUAGES)
    for name in (PAGE, SHOWN, *(each.relative_to(FOLDER) for each in files(FOLDER))):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name
