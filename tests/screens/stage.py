"""A small phone, its office and its relay, where nothing hangs on the hour or on chance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Browser, Page

from tests.browser.fakerelay import Ground, Relay
from tests.browser.office import Draft, Office
from tests.browser.phone import Phone, visit
from tests.gallery.dice import Dice
from words.catalogues import render
from words.dates import moment

NOON = int(datetime(2026, 11, 21, 7, 30, tzinfo=UTC).timestamp())

#: The page's hour stands still, and what it draws is the same each time; anew after each loading, as nonces are.
STILL = f"""(() => {{
  const Real = Date, at = {NOON * 1000};
  window.Date = class extends Real {{
    constructor(...given) {{ super(...(given.length > 0 ? given : [at])); }}
    static now() {{ return at; }}
  }};
  let drawn = 0;
  try {{ drawn = Number(sessionStorage.loads ?? 0) * 1e6; sessionStorage.loads = drawn / 1e6 + 1; }} catch {{ }}
  crypto.getRandomValues = (into) => {{
    // A number to be shown, such as the end of a PIN: how much was drawn before it hangs on the network's pace.
    if (into instanceof Uint32Array) return into.fill(22);
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    for (let place = 0; place < bytes.length; place++) {{
      let mixed = Math.imul(++drawn ^ (drawn >>> 15), 0x2c1b3c6d);
      mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
      bytes[place] = (mixed ^ (mixed >>> 15)) & 255;
    }}
    return into;
  }};
}})();"""

PLACE = {
    "en": "Gate 3, by the blue door",
    "fa-AF": "دروازهٔ ۳، پهلوی دروازهٔ آبی",
    "ps-AF": "درېیمه دروازه، د شنې دروازې څنګ ته",
}


class StillRelay(Relay):
    """Its clock stands."""

    def now(self) -> int:
        return NOON + self.offset


@dataclass
class Stage:
    """One phone before its first screen."""

    phone: Phone
    relay: Relay
    language: str

    @property
    def page(self) -> Page:
        return self.phone.page

    def draft(self, version: int = 1, of: Draft | None = None) -> Draft:
        """A departure as the office words it from its template, in the person's language."""
        office, name = self.relay.office, of.notice.notice if of else None
        made = office.draft(self.relay.phone.owner, version=version, notice=name, place=PLACE[self.language])
        fill = {"luggage": "۲۰" if self.language != "en" else "20"}
        fill["departs_at"] = moment(made.notice.departs_at, self.language)
        words = {
            part: render(self.language, "notices", f"air-{part}", fill)
            for part in ("who", "bring", "leave", "documents", "message")
        }
        text = replace(made.notice.texts[0], language=self.language, **words)
        return replace(made, notice=replace(made.notice, texts=(text,)))

    def warn(self) -> Draft:
        """A threat alert on that way, in the person's language."""
        made = self.relay.office.alert(self.relay.phone.owner)
        fill = {
            "danger": {"en": "smoke at the gate", "fa-AF": "دود نزدیک دروازه", "ps-AF": "دروازې ته نږدې لوګی"}
        }
        message = render(
            self.language, "notices", "threat-message", {"danger": fill["danger"][self.language]}
        )
        bare = {"who": "", "bring": "", "leave": "", "documents": ""}
        text = replace(made.notice.texts[0], language=self.language, message=message, **bare)
        return replace(made, notice=replace(made.notice, texts=(text,)))

    def phrase(self, name: str) -> str:
        """What an officer answers most."""
        return render(self.language, "phrases", f"phrase-{name}")


@contextmanager
def staged(
    browser: Browser, ground: Ground, language: str, *, path: str = "", **launch: str
) -> Iterator[Stage]:
    """A stage with the app open, or another page of it; at the end the page must have done nothing it must never do."""
    with patch("secrets.token_bytes", Dice().token_bytes):
        relay = ground.carry(StillRelay(Office(now=NOON)))
        context = visit(browser)
        context.add_init_script(STILL)
        try:
            phone = Phone(context, relay.url, path=path).open(**launch)
            yield Stage(phone, relay, language)
            assert phone.faults == []
        finally:
            context.close()


def themed(page: Page, *, dark: bool) -> None:
    """Telegram's theme changes, as its client tells the page."""
    colours: dict[str, Any] = {"bg_color": "#17212b" if dark else "#ffffff"}
    page.evaluate(
        "(theme_params) => window.Telegram.WebView.receiveEvent('theme_changed', { theme_params })", colours
    )
