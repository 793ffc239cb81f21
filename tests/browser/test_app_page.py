"""The page itself: accessible, right-to-left, at home in Telegram, and closed to everything foreign."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.access import checked, faults_of
from tests.browser.fakerelay import DIST, Ground, Relay
from tests.browser.phone import Phone, visit
from tests.screens.make import passed
from tests.screens.stage import staged
from tests.screens.walk import way_in
from words.catalogues import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_screens_in_each_language(browser: Browser, address: Ground, language: str) -> None:
    """All of them are walked over in tests/screens."""
    with staged(browser, address, language) as stage:
        for view in islice(passed(stage, way_in), 3):
            if view != "language":
                checked(stage.phone, view)


#: Each on an element of its own, so that they can be looked for at once.
SPOILT = {
    "beyond the edge": (".stack", {"marginLeft": "-40px"}),
    "cut at the side": ("h1", {"overflow": "hidden", "width": "9px", "flex": "none"}),
    "cut below": (".say > div", {"overflow": "hidden", "height": "20px"}),
    "too small to touch": ("header button", {"minHeight": "0", "height": "40px"}),
    "its icon is on the other side": (".say", {"flexDirection": "row-reverse"}),
    "color-contrast": ("main > p", {"color": "#bbb"}),
}
SPOIL = """(spoilt) => {
    for (const [selector, style] of spoilt) Object.assign(document.querySelector(selector).style, style);
    document.querySelector("header button").removeAttribute("aria-label");
    document.querySelector(".file span").textContent = "letter-text";
    document.querySelector("header").animate([{ opacity: 1 }, { opacity: 0.999 }], 9e5);
}"""


def test_a_spoilt_screen_is_noticed(browser: Browser, address: Ground) -> None:
    with staged(browser, address, "ps-AF") as stage:
        stage.phone.speak("ps-AF")
        assert faults_of(stage.phone) == []
        stage.page.evaluate(SPOIL, list(SPOILT.values()))
        found = {each.split(":")[0] for each in faults_of(stage.phone)}
        assert found >= {*SPOILT, "without words", "something moves", "button-name"}
        stage.page.evaluate("document.documentElement.dir = 'ltr'")
        assert "dir is ltr" in faults_of(stage.phone)


def test_dark_in_telegrams_dark_theme(context: BrowserContext, relay: Relay) -> None:
    theme = json.dumps({"bg_color": "#17212b", "text_color": "#ffffff"})
    phone = Phone(context, relay.url).open(tgWebAppThemeParams=theme)
    phone.speak()
    expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
    checked(phone, "letter")
    assert phone.faults == []


BRIDGE = """
window.posted = [];
window.TelegramWebviewProxy = { postEvent: (type, data) => {
    window.posted.push(type);
    const { req_id, key, value } = JSON.parse(data);
    const answer = (event, more) => setTimeout(() =>
        window.Telegram.WebView.receiveEvent(event, { req_id, ...more }), 0);
    if (type === 'web_app_secure_storage_save_key') {
        localStorage.setItem(key, value);
        answer('secure_storage_key_saved');
    }
    if (type === 'web_app_secure_storage_get_key')
        answer('secure_storage_key_received', { value: localStorage.getItem(key) });
    if (type === 'web_app_open_scan_qr_popup')
        answer('qr_text_received', { data: window.code });
} };
"""


def test_inside_telegram(context: BrowserContext, relay: Relay) -> None:
    """Its scanner, its back button and its keystore are used where they answer."""
    context.add_init_script(BRIDGE + f"window.code = {json.dumps(relay.invite().text())};")
    phone = Phone(context, relay.url, fragment="tgWebAppVersion=9.0").open()
    phone.speak()
    phone.tap("letter-scan")
    phone.at("who")
    posted = phone.page.evaluate("window.posted")
    assert {"web_app_ready", "web_app_expand", "web_app_close_scan_qr_popup"} <= set(posted)
    phone.agree("messages")
    phone.arrive()
    assert phone.page.evaluate("localStorage.getItem('safe')") is not None
    phone.page.reload()
    phone.unlock()
    phone.at("waiting")
    phone.page.evaluate("localStorage.clear()")
    phone.page.reload()
    phone.unlock()
    phone.sees("unlock-fault", "second key on this phone is gone")
    assert phone.faults == []


def test_a_keystore_that_answers_unsupported_is_gone_round(context: BrowserContext, relay: Relay) -> None:
    context.add_init_script(
        """window.TelegramWebviewProxy = { postEvent: (type, data) => {
            if (type.includes('secure_storage')) setTimeout(() => window.Telegram.WebView.receiveEvent(
                'secure_storage_failed', { req_id: JSON.parse(data).req_id, error: 'UNSUPPORTED' }), 0);
        } };"""
    )
    phone = Phone(context, relay.url, fragment="tgWebAppVersion=9.0").open()
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    phone.arrive()
    phone.page.reload()
    phone.unlock()
    phone.at("waiting")
    assert phone.faults == []


def test_the_policy_is_in_the_page_and_refuses_strangers(phone: Phone) -> None:
    page = phone.page
    assert "default-src 'none'" in (DIST / "index.html").read_text()
    page.evaluate("document.addEventListener('securitypolicyviolation', (e) => (window.seen = e.blockedURI))")
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate("fetch('http://127.0.0.1:9/elsewhere')")
    assert page.evaluate("window.seen").startswith("http://127.0.0.1:9")
    for script in (
        "document.createElement('script').textContent = '1'",
        "document.createElement('script').src = '/app/assets/x.js'",
        "document.body.innerHTML = '<b>'",
        "trustedTypes.createPolicy('default', {})",
    ):
        with pytest.raises(Exception, match="TypeError"):
            page.evaluate(script)
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.append('window.ran = true');
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.ran") is None
    page.wait_for_function("['inline', 'trusted-types-sink'].includes(window.seen)")
    assert phone.faults != []  # that was noticed, so the other tests' silence means something
    phone.faults.clear()


def test_the_first_screen_needs_only_what_the_page_names(browser: Browser, relay: Relay) -> None:
    context = visit(browser)
    loaded: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: loaded.append(request.url.rsplit("/", 1)[-1].split("-")[0]))
    page.route("**/assets/core-*", lambda route: route.abort())  # on its way as soon as the script runs
    page.goto(f"{relay.url}/app/")
    expect(page.get_by_test_id("screen-language")).to_be_visible()
    context.close()
    assert sorted({*loaded} - {"core"}) == ["", "first"]  # the page; its script and its style
