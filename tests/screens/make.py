"""Walks over the screens, checks each, light and dark, and writes the pictures and the page that holds them."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.access import faults_of
from tests.browser.chromium import ROOT, launcher
from tests.browser.fakerelay import ground
from tests.browser.phone import SMALL
from tests.screens.stage import Stage, staged, themed
from tests.screens.walk import CHAPTERS, VIEWS, Chapter
from words.catalogues import LANGUAGES

FOLDER = ROOT / "docs" / "gallery" / "app"
PAGE = "README.md"
THEMES = ("light", "dark")
NAMES = {"en": "English", "fa-AF": "Dari", "ps-AF": "Pashto"}
HEAD = """# The app, screen by screen

Every screen of the app, in every language, light and dark as Telegram's theme says, in Chromium as on a phone of 360 ×
640. Each screen is shown whole, and then, as the phone shows them, the states it can be in. `make screens` takes the
pictures anew (`NAME=…` for some); without a change in code or wording they come out the same, byte for byte. On the way
each screen is checked: by axe-core, for words that are cut, for what lies beyond the edge, is too small to touch, is
not mirrored, or moves though less motion was asked for.
"""
MOST_LOOKS = 20
SETTLED = """async () => {
  document.activeElement.blur();
  await document.fonts.ready;
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}"""


class FaultyError(Exception):
    """A screen is not as it must be; the message says which, and how."""


def picture(language: str, view: str, theme: str) -> str:
    return f"{language}/{view}-{theme}.webp"


def files(folder: Path) -> list[Path]:
    """The pictures that there should be."""
    return [folder / picture(*which) for which in itertools.product(LANGUAGES, VIEWS, THEMES)]


def document() -> str:
    """The page: the pictures by screen."""
    parts = [HEAD, "| " + " | ".join(NAMES[each] for each in LANGUAGES) + " |", "|---" * len(LANGUAGES) + "|"]
    for view, title in VIEWS.items():
        parts.append(f"| **{title}** `{view}` " + "| " * (len(LANGUAGES) - 1) + "|")
        cells = (
            " ".join(
                f'<img src="{picture(each, view, theme)}" width="180" alt="{title}">' for theme in THEMES
            )
            for each in LANGUAGES
        )
        parts.append(f"| {' | '.join(cells)} |")
    return "\n".join(parts) + "\n"


def make(folder: Path, views: Collection[str]) -> int:
    """Check and photograph these screens anew; how many pictures differ from those that were there.

    Raises FaultyError with all that was found wrong, after the last picture; NoChromiumError.
    """
    changed, faults = 0, []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as languages:
        walks = languages.map(_walk, LANGUAGES, itertools.repeat(set(views)))
        for language, view, theme, shot, found in itertools.chain.from_iterable(walks):
            changed += bool(shot) and _write(folder / picture(language, view, theme), shot)
            faults += [f"{language} {view} {theme}: {fault}" for fault in found]
    _write(folder / PAGE, document().encode())
    for each in set(folder.glob("*/*")) - set(files(folder)):  # a screen that is no more
        each.unlink()
    if faults:
        raise FaultyError("\n".join(faults))
    return changed


def _walk(language: str, views: Collection[str]) -> list[tuple[str, str, str, bytes, list[str]]]:
    """Language, view, theme, picture and faults of each of these views."""
    # Without a process for graphics: under load it is given up for another, which draws otherwise. And never a part of
    # a tile over what it held: where it was cut hangs on the machine's pace, and shows by a hair.
    options, taken = launcher(args=["--disable-gpu", "--disable-partial-raster"]), []
    with sync_playwright() as playwright, ground() as server:
        for chapter, launch in CHAPTERS:
            # One each: what a browser has drawn before may show, by a hair, in what it draws next.
            browser = playwright.chromium.launch(**options)
            with staged(browser, server, language, **launch) as stage:
                for view in passed(stage, chapter):
                    for theme in THEMES:
                        themed(stage.page, dark=theme == "dark")
                        shot = _picture(stage.page, whole="." not in view) if view in views else b""
                        # Of every view: axe-core draws of the page's chance, on which later pictures hang.
                        taken.append((language, view, theme, shot, faults_of(stage.phone)))
            browser.close()
    return taken


def _picture(page: Page, *, whole: bool) -> bytes:
    """The screen as WebP, once three in a row are the same: nothing is being drawn any more."""
    if whole:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": SMALL["width"], "height": height})
    page.evaluate(SETTLED)
    session, shots = page.context.new_cdp_session(page), [""]
    try:
        for _ in range(MOST_LOOKS):
            shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": 50})
            shots.append(shot["data"])
            if len(set(shots[-3:])) == 1:
                return base64.b64decode(shots[-1])
    finally:
        session.detach()
        page.set_viewport_size(SMALL)
    raise FaultyError("the page does not come to rest")


def _write(path: Path, content: bytes) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content:
        return False
    path.write_bytes(content)
    return True


def passed(stage: Stage, chapter: Chapter) -> Iterator[str]:
    """The views of a chapter, each while it stands on its screen."""
    for view in chapter(stage):
        stage.phone.at(view.split(".")[0])
        # The first screen is in nobody's language yet.
        expect(stage.page.locator("html")).to_have_attribute(
            "lang", "en" if view == "language" else stage.language
        )
        yield view
