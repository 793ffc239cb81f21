"""Plays the dialogues and writes the pictures, what they show, and the page that holds them together."""

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tests.browser.chromium import ROOT
from tests.gallery.camera import Camera, camera
from tests.gallery.dialogue import Dialogue
from tests.gallery.page import document
from tests.gallery.programme import EVERY
from tests.gallery.scene import stage
from words.catalogues import LANGUAGES

FOLDER = ROOT / "docs" / "gallery"
#: By dialogue: which commands were given, and which messages of the catalogue stand in the picture.
SHOWN = "shown.json"
PAGE = "README.md"


def picture(language: str, name: str) -> str:
    return f"{language}/{name}.webp"


def make(folder: Path, names: Collection[str]) -> int:
    """Take the pictures of these dialogues anew; how many differ from those that were there."""
    taken = asyncio.run(_take(names))
    changed = sum(_write(folder / picture(*which), each.picture) for which, each in taken.items())
    shown = shown_in(folder)
    for (_, name), each in taken.items():
        shown[name] = {"commands": each.commands, "messages": each.messages}
    shown = {name: shown[name] for name in EVERY if name in shown}
    _write(folder / SHOWN, (json.dumps(shown, indent=1) + "\n").encode())
    _write(folder / PAGE, document(EVERY, picture).encode())
    for each in there(folder) - set(files(folder)):  # a dialogue that is no more
        each.unlink()
    return changed


def files(folder: Path) -> list[Path]:
    """The pictures that there should be."""
    return [folder / picture(language, name) for name in EVERY for language in LANGUAGES]


def there(folder: Path) -> set[Path]:
    """The pictures that there are; the app's, beside them, are not the chat's."""
    return {each for language in LANGUAGES for each in (folder / language).glob("*")}


def shown_in(folder: Path) -> dict[str, dict[str, list[str]]]:
    """What the gallery's pictures show."""
    path = folder / SHOWN
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@dataclass(frozen=True)
class Taken:
    picture: bytes
    commands: list[str]
    messages: list[str]


async def _take(names: Collection[str]) -> dict[tuple[str, str], Taken]:
    """By language and name."""
    async with camera() as held:
        return {(each, name): await _play(held, EVERY[name], each) for name in names for each in LANGUAGES}


async def _play(held: Camera, dialogue: Dialogue, language: str) -> Taken:
    async with stage(language) as (scene, url):
        await dialogue.play(scene)
        visible = scene.me.chat().visible()
        taken = await held.picture(url, scene.me.id, visible[-1].id if visible else 0, scene.typing)
        return Taken(taken, sorted(scene.commands), sorted(scene.shown()))


def _write(path: Path, content: bytes) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content:
        return False
    path.write_bytes(content)
    return True
