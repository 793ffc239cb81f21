"""The page in a real Chromium: a chat as a phone shows it, and the client's side of a Mini App."""

import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qsl

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Page, async_playwright, expect

from emulator import Bot, ManualClock, Telegram, User
from emulator.initdata import sign
from tests.browser.chromium import launcher

#: A Mini App that writes down what its client tells it, and says to it what the test types.
APP = """<!doctype html><title>App</title><pre id="heard"></pre><script>
window.addEventListener("message", (event) => { heard.textContent += event.data + "\\n"; });
const say = (eventType, eventData) => parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
</script>"""


@pytest.fixture(scope="module")
def browser_options() -> Iterator[dict]:
    return launcher()


@pytest.fixture
async def app_url() -> AsyncIterator[str]:
    async def show(request: web.Request) -> web.Response:
        return web.Response(text=APP, content_type="text/html")

    app = web.Application()
    app.router.add_get("/app", show)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/app"
    await runner.cleanup()


@pytest.fixture
async def phone(browser_options: dict, url: str, sara: User) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**browser_options)
        page = await browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        await page.goto(f"{url}/?user={sara.id}")
        yield page
        await browser.close()
        assert problems == []


async def test_a_chat(phone: Page, telegram: Telegram, bot: Bot, sara: User, clock: ManualClock) -> None:
    await expect(phone.get_by_role("note")).to_have_text("Emulator: not real Telegram")
    await phone.get_by_role("button", name="Start", exact=True).click()
    await expect(phone.locator("#messages li.mine")).to_contain_text("/start")
    commands = [{"command": "help", "description": "کمک"}]
    telegram.call(bot.token, "setMyCommands", {"commands": commands, "language_code": "fa"})
    rows = [[{"text": "بلی", "callback_data": "yes"}], [{"text": "<b>", "callback_data": "no"}]]
    text = {"chat_id": sara.id, "text": "<b>سلام</b> 😀 &lt;img&gt;", "parse_mode": "HTML"}
    telegram.call(bot.token, "sendMessage", {**text, "reply_markup": {"inline_keyboard": rows}})
    message = phone.locator("#messages li.theirs")
    await expect(message.locator(".bold")).to_have_text("سلام")
    await expect(message.locator(".meta")).to_contain_text("with sound")
    assert await message.locator("[dir=auto]").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    await expect(message.locator(".row")).to_have_count(2)
    await message.get_by_role("button", name="بلی").click()
    await expect(message.get_by_role("button", name="<b>")).to_be_visible()
    query = (await _updates(telegram, bot, phone))[-1]["callback_query"]
    telegram.call(bot.token, "answerCallbackQuery", {"callback_query_id": query["id"], "text": "شنیدم"})
    await expect(phone.get_by_role("status")).to_have_text("شنیدم")
    clock.advance(1)
    telegram.call(
        bot.token, "sendMessage", {"chat_id": sara.id, "text": "hush", "disable_notification": True}
    )
    await expect(message.last.locator(".meta")).to_contain_text("silent")
    await phone.get_by_role("button", name="Menu").click()
    await phone.get_by_role("button", name="/help").click()
    await expect(phone.locator("#messages li.mine").last).to_contain_text("/help")
    await phone.get_by_label("Message", exact=True).fill("one\ntwo")
    await phone.get_by_label("Message", exact=True).press("Enter")
    await expect(phone.locator("#messages li.mine").last).to_contain_text("one\ntwo")
    telegram.call(bot.token, "deleteMessage", {"chat_id": sara.id, "message_id": sara.chat(bot).last().id})
    await expect(phone.locator("#messages li.mine").last).to_contain_text("/help")
    await phone.get_by_role("button", name="Block").click()
    await expect(phone.get_by_role("button", name="Unblock")).to_be_visible()
    assert sara.chat(bot).blocked


async def _updates(telegram: Telegram, bot: Bot, phone: Page) -> list[dict]:
    """Pending updates once the page's last click has arrived."""
    for _ in range(100):
        updates = telegram.call(bot.token, "getUpdates")
        if "callback_query" in updates[-1]:
            return updates
        await phone.evaluate("new Promise((done) => requestAnimationFrame(done))")
    raise AssertionError("the press never arrived")


async def test_a_mini_app(phone: Page, telegram: Telegram, bot: Bot, sara: User, app_url: str) -> None:
    button = {"type": "web_app", "text": "Qasid", "web_app": {"url": app_url}}
    telegram.call(bot.token, "setChatMenuButton", {"chat_id": sara.id, "menu_button": button})
    await expect(phone.locator("#menu")).to_have_text("Qasid")
    await phone.evaluate("document.getElementById('menu').click()")  # before Start, as from the bot's profile
    frame = phone.frame_locator("#frame iframe")
    heard = frame.locator("#heard")
    fragment = await heard.evaluate("() => location.hash.slice(1)")
    fields = dict(parse_qsl(dict(parse_qsl(fragment))["tgWebAppData"]))
    assert "allows_write_to_pm" not in fields["user"]
    assert fields.pop("hash") == sign(fields, bot.token)

    async def say(event: str, **data: object) -> None:
        await heard.evaluate("(_, said) => say(...said)", [event, data])

    for event, answer in (
        (
            "web_app_request_theme",
            '"eventType":"theme_changed","eventData":{"theme_params":{"bg_color":"#ffffff"',
        ),
        ("web_app_request_viewport", '"eventType":"viewport_changed"'),
        ("web_app_request_write_access", '"eventData":{"status":"allowed"}'),
    ):
        await say(event)
        await expect(heard).to_contain_text(answer)
    assert sara.chat(bot).started
    await expect(phone.locator("#messages li.service")).to_contain_text("write access allowed")
    for event in ("save_key", "get_key", "restore_key", "clear"):
        await say(f"web_app_secure_storage_{event}", req_id=event, key="k", value="v")
        failed = f'{{"eventType":"secure_storage_failed","eventData":{{"req_id":"{event}","error":"UNSUPPORTED"}}}}'
        await expect(heard).to_contain_text(failed)
    await say("web_app_setup_back_button", is_visible=True)
    await phone.get_by_role("button", name="Back").click()
    await expect(heard).to_contain_text("back_button_pressed")
    await say("web_app_setup_main_button", is_visible=True, is_active=True, text="Send")
    await phone.get_by_role("button", name="Send", exact=True).last.click()
    await expect(heard).to_contain_text("main_button_pressed")
    await say("web_app_open_scan_qr_popup", text="the letter")
    await phone.get_by_label("Text of the code").fill("QASID:1")
    await phone.get_by_role("button", name="Scan").click()
    await expect(heard).to_contain_text('"eventType":"qr_text_received","eventData":{"data":"QASID:1"}')
    await say("web_app_open_tg_link", path_full="/demo_bot?start=letter_2")
    await expect(phone.locator("#messages li.mine").last).to_contain_text("/start letter_2")
    await expect(phone.locator("#app")).to_be_hidden()


async def test_a_document_is_saved(phone: Page, telegram: Telegram, bot: Bot, sara: User) -> None:
    sara.start(bot)
    files = {"document": telegram.new_document(b"<!doctype html>", "offline.html")}
    telegram.call(bot.token, "sendDocument", {"chat_id": sara.id, "caption": "yours"}, files)
    async with phone.expect_download() as saving:
        await phone.get_by_role("link", name="[file] offline.html").click()
    saved = await saving.value
    assert saved.suggested_filename == "offline.html"
    assert (await saved.path()).read_bytes() == b"<!doctype html>"


async def test_people(phone: Page, telegram: Telegram, bot: Bot) -> None:
    await phone.get_by_label("Name", exact=True).fill("Omid")
    await phone.get_by_role("button", name="Add a person").click()
    await expect(phone.locator("nav a[aria-current]")).to_have_text("Omid")
    assert [user.first_name for user in telegram.users.values()] == ["Sara", "Omid"]
    await expect(phone.get_by_role("button", name="Start", exact=True)).to_be_visible()


async def test_page_reaches_nothing_outside(url: str) -> None:
    async with ClientSession() as session:
        for path in ("/", "/page/phone.js", "/page/miniapp.js", "/page/phone.css"):
            async with session.get(f"{url}{path}") as answer:
                assert "default-src 'none'; script-src 'self'" in answer.headers["Content-Security-Policy"]
                # A link to the bot is taken apart with this base, never opened.
                assert set(re.findall(r"\w+://[^\s\"'/)]+", await answer.text())) <= {"https://t.me"}
