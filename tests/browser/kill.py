"""A page that dies at a chosen step: from then on nothing it does is heard outside.

Its steps are what the world can see of it: each request to the relay, and each transaction that writes. Dying before
the next one is dying anywhere since the last. A test counts on until a page lives.
"""

from __future__ import annotations

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as Gone

from tests.browser.phone import Phone

_MORTAL = """
window.steps = 0, window.last = Infinity, window.dead = false;
const step = () => (window.dead ||= ++window.steps > window.last);
const [fetching, transaction] = [window.fetch, IDBDatabase.prototype.transaction];
window.fetch = (input, ...rest) =>
  String(input).includes('/v1/') && step() ? new Promise(() => undefined) : fetching(input, ...rest);
IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
  if (mode === 'readwrite' && step()) throw new Error('dead');
  return transaction.call(this, stores, mode, ...rest);
};
"""


class Mortal(Phone):
    """A page of the app that can be told to die."""

    def __init__(self, context: BrowserContext, url: str, after: int | None = None, **extra: str) -> None:
        """Opens the app; with `after` it dies after so many steps."""
        super().__init__(context, url)
        self.page.add_init_script(_MORTAL + (f"window.last = {after};" if after is not None else ""))
        self.open(**extra)

    def dies_after(self, steps: int) -> None:
        """So many more steps, and no further one."""
        self.page.evaluate("(steps) => { window.last = window.steps + steps; }", steps)

    @property
    def dead(self) -> bool:
        return bool(self.page.evaluate("window.dead"))

    def screen(self) -> str:
        """The name of the screen that is seen; empty while there is none."""
        names = self.page.locator("main[data-testid]").all()
        try:
            name = names[0].get_attribute("data-testid", timeout=200) if names else None
            return (name or "").removeprefix("screen-")
        except Gone:
            return ""
