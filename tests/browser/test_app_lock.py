"""The PIN, the lock, and erasing."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from tests.browser.fakerelay import Relay
from tests.browser.phone import PIN, Phone

STORED = """async () => {
    if (!(await indexedDB.databases()).some(({ name }) => name === 'qasid')) return {};
    const open = indexedDB.open('qasid');
    const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
    const all = db.transaction('values').objectStore('values').getAll();
    const keys = db.transaction('values').objectStore('values').getAllKeys();
    await new Promise((done) => { keys.onsuccess = done; });
    const values = all.result.map((value) => value instanceof Uint8Array
        ? Array.from(value, (byte) => String.fromCharCode(byte)).join('') : JSON.stringify(value));
    db.close();
    return Object.fromEntries(keys.result.map((key, at) => [key, values[at]]));
}"""


def test_a_wrong_pin_costs_time(enrolled: Phone) -> None:
    enrolled.tap("lock")
    for _ in range(3):
        enrolled.at("unlock")
        enrolled.fill("unlock-pin", "111222")
        enrolled.tap("unlock")
        enrolled.sees("unlock-fault", "does not open")
    enrolled.sees("unlock-wait", "Too many tries")
    enrolled.fill("unlock-pin", PIN)
    expect(enrolled.page.get_by_test_id("unlock")).to_be_disabled()
    enrolled.page.reload()
    enrolled.unlock()  # closing the app gains nothing
    enrolled.sees("unlock-wait", "Too many tries")
    enrolled.at("unlock")


def test_nothing_readable_is_stored(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("open-thread")
    enrolled.fill("thread-input", "the secret meeting")
    enrolled.tap("thread-send")
    enrolled.until(lambda: relay.posts, "the message")
    stored: dict[str, str] = enrolled.page.evaluate(STORED)
    assert "safe/messages" in stored
    whole = "\n".join(stored.values())
    assert "secret meeting" not in whole
    assert "signSeed" not in whole
    assert PIN not in whole
    assert set(stored) == {"language", "lock"} | {
        f"safe/{name}"
        for name in ("self", "office", "ledger", "messages", "notices", "settings", "about", "queue")
    }


def test_hidden_for_a_minute_locks(enrolled: Phone) -> None:
    enrolled.page.clock.install()
    enrolled.page.evaluate(
        """() => {
            Object.defineProperty(document, 'hidden', {value: true, configurable: true});
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    enrolled.page.clock.fast_forward(61_000)
    enrolled.at("unlock")


def test_letting_go_early_erases_nothing(enrolled: Phone) -> None:
    enrolled.tap("open-settings")
    enrolled.tap("open-wipe")
    enrolled.at("wipe")
    enrolled.hold("wipe-hold")
    enrolled.sees("wipe-hold", "Keep holding")
    enrolled.page.mouse.up()
    enrolled.sees("wipe-hold", "Press and hold")
    assert "lock" in enrolled.page.evaluate(STORED)


def test_wipe_takes_the_keys_first_and_then_tells(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    device = relay.phone.device
    context.set_offline(True)
    enrolled.tap("lock")
    enrolled.at("unlock")
    enrolled.tap("unlock-wipe")  # no PIN is asked for
    enrolled.at("wipe")
    enrolled.hold("wipe-hold")
    enrolled.at("erased")
    enrolled.page.mouse.up()
    assert set(enrolled.page.evaluate(STORED)) == {"owed"}
    enrolled.has("erased", "data-told", "false")
    context.set_offline(False)
    enrolled.page.reload()
    enrolled.at("language")
    enrolled.until(lambda: relay.wipes, "the farewell")
    assert relay.wipes[0].device == device
    enrolled.until(lambda: enrolled.page.evaluate(STORED) == {}, "nothing left")


def test_an_owed_farewell_outlives_an_answer_that_is_not_the_relays(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    context.route("**/v1/wipes", lambda route: route.fulfill(status=403, body="<html>pay</html>"), times=1)
    enrolled.tap("lock")
    enrolled.tap("unlock-wipe")
    enrolled.hold("wipe-hold")
    enrolled.at("erased")
    enrolled.page.mouse.up()
    enrolled.has("erased", "data-told", "false")
    assert set(enrolled.page.evaluate(STORED)) == {"owed"}
    enrolled.page.reload()
    enrolled.until(lambda: relay.wipes, "the farewell")
    enrolled.until(lambda: enrolled.page.evaluate(STORED) == {}, "nothing left")


def test_a_second_window_waits(enrolled: Phone, context: BrowserContext) -> None:
    second = Phone(context, enrolled.url).open()
    second.at("elsewhere")
    enrolled.page.close()
    second.at("unlock")
    assert second.faults == []
