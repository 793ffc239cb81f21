"""The person's phone: the real web bundle in a real Chromium, used by its visible controls alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, expect
from playwright.sync_api import TimeoutError as Timeout

from tests.browser.chromium import launcher
from tests.story.stage import StoryError

SCREEN = {"width": 360, "height": 640}


class Phone:
    """One phone with its own lasting browser profile. Every method raises StoryError when a screen does not come."""

    def __init__(
        self, playwright: Playwright, folder: Path, name: str = "phone", *, patience: float = 20.0
    ) -> None:
        self.playwright, self.folder = playwright, folder
        profile = folder / name
        self.context: BrowserContext = playwright.chromium.launch_persistent_context(
            str(profile), **launcher(viewport=SCREEN, device_scale_factor=2), reduced_motion="reduce"
        )
        self.context.set_default_timeout(patience * 1000)
        self.page: Page = self.context.pages[0]
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(f"page error: {error}"))
        self.page.on("console", self._said)

    def _said(self, line: ConsoleMessage) -> None:
        # The story moves the relay's clock, not the phone's: its first signature after that is refused, and made anew.
        dated = "Failed to load resource" in line.text and "status of 401" in line.text
        if line.type == "error" and not dated:
            self.trouble.append(line.text)

    def close(self) -> None:
        self.context.close()

    def another(self, name: str) -> Phone:
        """Somebody else's phone, to be closed by whoever asked for it."""
        return Phone(self.playwright, self.folder, name)

    # -- small words

    def see(self, name: str, state: str = "") -> None:
        """Wait until something with this test id (and attribute selector) is visible."""
        try:
            self.page.locator(f'[data-testid="{name}"]{state}').first.wait_for(state="visible")
        except Timeout:
            screens = self.page.locator("main").evaluate_all("all => all.map(one => one.dataset.testid)")
            raise StoryError(f"the phone does not show {name}{state}; it shows {screens}") from None

    def tap(self, name: str) -> None:
        self.see(name)
        self.page.get_by_test_id(name).first.click()

    def write(self, name: str, text: str) -> None:
        self.see(name)
        self.page.get_by_test_id(name).fill(text)

    def text(self, name: str) -> str:
        return self.page.get_by_test_id(name).first.inner_text()

    def count(self, name: str) -> int:
        return self.page.get_by_test_id(name).count()

    def picture(self, path: Path) -> None:
        self.page.screenshot(path=str(path))

    # -- what a person does

    def open(self, url: str) -> None:
        """Open the Mini App as Telegram would, with signed initData in the fragment."""
        self.page.goto(url)

    def enrol(self, letter: str, pin: str) -> str:
        """Language, letter, who it is, both consents, PIN. Returns the comparison number shown."""
        self.tap("language-en")
        self.tap("letter-text")
        self.write("letter-input", letter)
        self.tap("letter-check")
        self.see("screen-who")
        number = " ".join(self.page.get_by_test_id("number").locator("span").all_inner_texts())
        self.tap("who-next")
        self.tap("consent-messages")
        self.tap("consent-departures")
        self.tap("consent-next")
        self.write("pin", pin)
        self.write("pin-again", pin)
        self.tap("pin-set")
        self.see("screen-waiting")
        return number

    def refer(self, code: str, pin: str) -> None:
        """Language, no letter, what that means, an office by its code name, consent to messages, PIN."""
        self.tap("language-en")
        self.tap("letter-none")
        self.tap("stranger-next")
        self.tap(f"office-{code}")
        self.tap("consent-messages")
        self.tap("rules-next")
        self.write("pin", pin)
        self.write("pin-again", pin)
        self.tap("pin-set")
        self.see("open-number")

    def compare(self, home: str) -> str:
        """The comparison number on its own screen; from `home`, and back there."""
        self.tap("open-number")
        self.see("screen-comparison")
        number = " ".join(self.page.get_by_test_id("number").locator("span").all_inner_texts())
        self.tap("back")
        self.see(home)
        return number

    def send_text(self, text: str) -> None:
        """Write a message; return once the relay has taken it."""
        self.tap("open-thread")
        self.write("thread-input", text)
        self.tap("thread-send")
        mine = self.page.locator('[data-testid="message"][data-mine="true"]').last
        expect(mine).to_have_attribute("data-state", "handed")
        self.tap("back")

    def put_away(self) -> None:
        """Close the app, as people do between looks; its keys stay on the phone."""
        self.page.goto("about:blank")

    def unlock(self, pin: str) -> None:
        self.write("unlock-pin", pin)
        self.tap("unlock")

    def refresh(self) -> None:
        self.tap("refresh")

    def send_status(self, status: str, note: str) -> None:
        """Press a status by its icon, add a note, send; return once the relay has taken it."""
        self.tap(f"status-{status}")
        self.write("status-note", note)
        self.tap("status-send")
        self.see("screen-home")
        self.tap("open-thread")
        self.see("message", '[data-mine="true"][data-state="handed"]')
        self.home()

    def home(self) -> None:
        """Go back until home is shown."""
        while not self.count("screen-home"):
            self.tap("back")
        self.see("screen-home")

    def read_thread(self) -> list[str]:
        """Texts of the thread, oldest first."""
        self.tap("open-thread")
        self.see("screen-thread")
        texts = self.page.get_by_test_id("message-text").all_inner_texts()
        self.home()
        return texts

    def tell(self, fields: dict[str, str]) -> None:
        """Fill in fields of the case file by their codes, the others untouched; return once the relay has taken it."""
        self.tap("open-casefile")
        self.see("screen-casefile")
        for code, text in fields.items():
            if self.count(f"anew-{code}"):
                self.tap(f"anew-{code}")
            self.write(f"field-{code}", text)
        self.tap("casefile-send")
        self.see("freshness", '[data-queue="0"]')
        self.see("last-sent", '[data-state="handed"]')

    def decide(self, *groups: str) -> None:
        """Permit these groups of what the office asks to pass on, and no other; return once the relay was told."""
        self.tap("open-thread")
        self.tap("open-decide")
        for group in groups:
            self.tap(f"decide-{group}")
        self.tap("decide-send")
        self.home()
        self.see("freshness", '[data-queue="0"]')

    def speak_for_children(self, answer: str) -> None:
        """Agree for each child in one's care, with what the child says; return once the relay was told."""
        self.tap("open-settings")
        self.tap("open-children")
        self.see("screen-children")
        cards = self.page.locator("section[data-testid^=child-]")
        cards.first.wait_for()
        for card in cards.all():
            for button in ("Yes, I agree", answer, "Sign and send"):
                card.get_by_role("button", name=button, exact=True).click()
        self.home()
        self.see("freshness", '[data-queue="0"]')

    def take_back(self, group: str, office: str) -> None:
        """Withdraw the permission to pass on a group to an office; return once the relay was told."""
        self.tap("open-settings")
        self.tap("open-sharing")
        self.see("screen-sharing")
        switch = self.page.locator(f'[data-office="{office}"]').get_by_test_id(f"consent-sharing-{group}")
        switch.click()
        self.tap("withdraw-yes")
        expect(switch).to_have_attribute("aria-checked", "false")
        self.home()
        self.see("freshness", '[data-queue="0"]')

    def ask_for_page(self) -> None:
        """Ask the office for a second device; return once the relay has taken it."""
        self.tap("open-settings")
        self.tap("open-page")
        self.tap("page-make")
        self.see("page-look")

    def save_keys(self, pin: str, file: Path) -> None:
        """Once the office agrees, save the second device's keys under a PIN of their own, and forget them here."""
        self.tap("page-look")
        self.write("page-pin", pin)
        self.write("page-pin-again", pin)
        self.tap("page-seal")
        self.see("page-save")
        with self.page.expect_download() as coming:
            self.tap("page-save")
        coming.value.save_as(file)
        self.tap("page-given")
        self.see("page-remove")

    def answer(self, answer: str) -> None:
        """Answer the notice shown: the effect is shown first, then it is sent."""
        self.tap(f"answer-{answer}")
        self.see("answer-confirm")
        self.tap("answer-send")
        self.see("answer-given", '[data-state="handed"]')
