"""A person's hand on the app as one file, opened from a disk."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.fakerelay import DIST
from tests.browser.phone import Phone

PAGE = DIST / "offline.html"


class Offline(Phone):
    """A browser with the page opened from a file; whatever it asks for but that file is a fault."""

    def __init__(self, context: BrowserContext) -> None:
        super().__init__(context, PAGE.as_uri())

    def open(self, **extra: str) -> Offline:
        assert not extra
        self.page.goto(self.url)
        return self

    def bring(self, path: Path, pin: str) -> None:
        self.at("keys")
        self.page.get_by_test_id("keys-file").set_input_files(path)
        self.fill("keys-pin", pin)
        self.tap("keys-open")

    def hand_out(self) -> str:
        """What is to be given to the bot."""
        self.at("handing")
        text = self.page.get_by_test_id("armour").input_value()
        self.tap("hand-copy")
        expect(self.page.get_by_test_id("hand-done")).to_be_visible()
        self.tap("back")
        self.at("post")
        return text

    def put_in(self, text: str, *fates: str) -> None:
        self.fill("take-input", text)
        self.tap("take")
        for fate in fates:
            expect(self.page.get_by_test_id(f"fate-{fate}")).to_be_visible()
        expect(self.page.locator("[data-testid^=fate-]")).to_have_count(len(fates))

    def kept(self) -> list[str]:
        """The names of all databases that pages of files have here."""
        names = self.page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
        assert isinstance(names, list)
        return names
