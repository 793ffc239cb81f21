"""A line that loses a part of what a phone asks for, before the relay or behind it, and a phone whose owner goes on."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

from aiohttp import web
from playwright.sync_api import ConsoleMessage
from playwright.sync_api import Error as PlaywrightError

from tests.story.evil import Liar
from tests.story.phone import Phone
from tests.story.stage import StoryError

SHARE = 0.2
MESSAGE = "POST /v1/envelopes"
#: What the app waits, it waits ten times shorter: for its next try, and before it gives one up.
HASTE = 10
HURRY = f"""(() => {{
  const set = window.setTimeout.bind(window);
  window.setTimeout = (work, wait = 0, ...more) => set(work, wait < 1000 ? wait : wait / {HASTE}, ...more);
}})()"""
#: After a tap that begins so, the app may ask its owner to try again: what it shows then, and the tap that does, "" for
#: the same.
AGAIN = {
    "letter-check": ("letter-fault", ""),
    "unlock": ("unlock-fault", ""),
    "stranger-next": ("offices-fault", "offices-again"),
    "office-": ("offices-fault", ""),
    "open-children": ("children-fault", "children-again"),
    "open-holdings": ("holdings-fault", "holdings-again"),
}
TRIES = 20


class Lossy(Liar):
    """Hangs up on one in five requests of a phone: on half of those unheard, on the others with the work done.

    The first answer to a message is always among them: the phone cannot know then that it was taken.
    """

    def __init__(self, port: int, relay_port: int, *, seed: int) -> None:
        super().__init__(port, relay_port)
        self._random = Random(seed)
        self.passed = self.unheard = 0
        #: What was done and not answered, as "POST /v1/consents".
        self.unanswered: list[str] = []

    async def _pass_on(self, request: web.Request) -> web.Response:
        if "Mozilla" not in request.headers.get("User-Agent", ""):
            return await super()._pass_on(request)  # Desks have lines of their own.
        what = f"{request.method} {request.path}"
        lot = self._random.random()
        if what == MESSAGE and MESSAGE not in self.unanswered:
            lot = SHARE / 2
        if lot < SHARE / 2:
            self.unheard += 1
            return _hang_up(request)
        answer = await super()._pass_on(request)
        # A browser repeats by itself what was lost on a connection that had worked before: that is not to help here.
        answer.force_close()
        if lot < SHARE:
            self.unanswered.append(what)
            return _hang_up(request)
        self.passed += 1
        return answer


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


class PatientPhone(Phone):
    """Its owner opens a page again that does not come, and tries again where the app asks for that."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.context.add_init_script(HURRY)

    def _said(self, line: ConsoleMessage) -> None:
        # The browser's own words for each request that was lost.
        if "Failed to load resource" not in line.text:
            super()._said(line)

    def another(self, name: str) -> Phone:
        return PatientPhone(self.playwright, self.folder, name)

    def open(self, url: str) -> None:
        for _ in range(TRIES):
            try:
                self.page.goto("about:blank")
                super().open(url)
                self.page.locator("main").first.wait_for(timeout=3000)
            except PlaywrightError:
                # Chromium comes to a page of its own for what did not come, and goes nowhere else before.
                with suppress(PlaywrightError):
                    self.page.wait_for_url("chrome-error://**", timeout=1000)
                continue
            return
        raise StoryError("the app does not open")

    def tap(self, name: str) -> None:
        super().tap(name)
        fault, again = next((said for tap, said in AGAIN.items() if name.startswith(tap)), ("", ""))
        if not fault:
            return
        for _ in range(TRIES):
            self.page.wait_for_function("() => !document.querySelector('.spin')")
            if not self.count(fault):
                return
            super().tap(again or name)
        raise StoryError(f"after {TRIES} tries still {fault}")
