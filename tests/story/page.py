"""The app as one file, opened from a disk by a browser without a network, used by its visible controls alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Request, expect

from tests.story.phone import Phone


class Page(Phone):
    """The file in a browser with a profile of its own. `strays` is whatever it asked for but itself."""

    def begin(self, file: Path) -> None:
        """Cut the network off, and open the file."""
        self.file = file.as_uri()
        self.strays: list[str] = []
        self.page.on("request", self._note)
        self.context.set_offline(True)
        self.open(self.file)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.file, "data:", "blob:")):
            self.strays.append(request.url)

    def bring(self, keys: Path, pin: str) -> None:
        """Language, the file with the keys, its PIN."""
        self.tap("language-en")
        self.see("keys-file")
        self.page.get_by_test_id("keys-file").set_input_files(keys)
        self.write("keys-pin", pin)
        self.tap("keys-open")
        self.see("screen-home")

    def seal(self, status: str, note: str) -> str:
        """A status with a note; the armour that is to be given to the bot."""
        self.tap(f"status-{status}")
        self.write("status-note", note)
        self.tap("status-send")
        self.see("screen-home")
        return self._handed("give")

    def ask(self) -> str:
        """The armour that asks the bot for what has come."""
        return self._handed("ask-letters")

    def put_in(self, text: str) -> None:
        """What was copied from the chat; return once the page has read it."""
        self.tap("open-post")
        self.write("take-input", text)
        self.tap("take")
        self.see("fate-taken")
        self.home()

    def _handed(self, name: str) -> str:
        self.tap("open-post")
        self.tap(name)
        self.see("screen-handing")
        text = self.page.get_by_test_id("armour").input_value()
        self.tap("hand-copy")
        expect(self.page.get_by_test_id("hand-done")).to_be_visible()
        self.home()
        return text
