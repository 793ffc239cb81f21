"""Chromium, photographing the emulator's page: the same chat gives the same bytes."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright

from tests.browser.chromium import ROOT, launcher

EMOJI = ROOT / "webapp" / "node_modules" / "twemoji-colr-font" / "twemoji.woff2"
WIDTH = 360
MOST_LOOKS = 20
#: As high as what it shows: a phone would be scrolled.
STYLE = """
body { font-family: Icons, Vazirmatn, sans-serif; }
main { padding: 0; } nav, #banner { display: none; }
#phone { width: 360px; height: auto; border-radius: 0; border: 0; }
#messages { overflow: visible; }
* { animation: none !important; transition: none !important; caret-color: transparent !important; }
"""


#: First among the fonts, for icons alone: behind others it is not always asked, and they stay blank.
LOAD = """async (font) => {
    const icons = new FontFace("Icons", `url(data:font/woff2;base64,${font})`,
        { unicodeRange: "U+2190-2BFF, U+FE0F, U+1F000-1FAFF" });
    document.fonts.add(await icons.load());
}"""
SETTLED = """async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""


@dataclass
class Camera:
    page: Page
    session: CDPSession
    icons: str

    async def picture(self, url: str, user: int, last: int, typing: str) -> bytes:
        """The phone of a person, once it shows the message with the id `last`, as WebP."""
        page = self.page
        await page.set_viewport_size({"width": WIDTH, "height": 720})
        await page.goto(f"{url}/?user={user}")
        await page.evaluate(LOAD, self.icons)
        await page.add_style_tag(content=STYLE)
        if last:
            await page.locator(f"#messages li[data-id='{last}']").wait_for()
        else:
            await page.locator("#start").wait_for()
        if typing:
            await page.locator("#text").fill(typing)
        await page.evaluate("document.activeElement.blur()")
        await page.evaluate(SETTLED)
        height = await page.evaluate(
            "Math.ceil(document.querySelector('#phone').getBoundingClientRect().height)"
        )
        await page.set_viewport_size({"width": WIDTH, "height": height})
        await page.evaluate(SETTLED)
        return await self._still()

    async def _still(self) -> bytes:
        """Once two pictures in a row are the same, nothing is being drawn any more."""
        last = b""
        for _ in range(MOST_LOOKS):
            shot = await self.session.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
            if shot["data"] == last:
                return base64.b64decode(last)
            last = shot["data"]
        raise RuntimeError("the page does not come to rest")


@asynccontextmanager
async def camera() -> AsyncIterator[Camera]:
    """One for all pictures. Raises NoChromiumError."""
    options = launcher()
    icons = base64.b64encode(EMOJI.read_bytes()).decode()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        context: BrowserContext = await browser.new_context(
            viewport={"width": WIDTH, "height": 720}, bypass_csp=True, reduced_motion="reduce"
        )
        page = await context.new_page()
        yield Camera(page, await context.new_cdp_session(page), icons)
        await browser.close()
