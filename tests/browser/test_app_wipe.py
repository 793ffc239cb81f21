"""After one long press nothing is left: not in the storage, not in the phone's keystore, not in the page's memory."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.fakerelay import Relay
from tests.browser.heap import Heap, watch
from tests.browser.lock import master, seized
from tests.browser.phone import Phone

#: Telegram's keystore, and what it would keep beside it.
CLIENT = """
window.keystore = {};
window.asked = [];
window.TelegramWebviewProxy = { postEvent: (type, data) => {
  asked.push(type);
  const { req_id, key, value } = JSON.parse(data);
  const answer = (event, more) => setTimeout(() =>
    window.Telegram.WebView.receiveEvent(event, { req_id, ...more }), 0);
  if (type === 'web_app_secure_storage_save_key') {
    if (value === null) delete keystore[key];
    else keystore[key] = value;
    answer('secure_storage_key_saved');
  }
  if (type === 'web_app_secure_storage_get_key')
    answer('secure_storage_key_received', { value: keystore[key] ?? null });
  if (type === 'web_app_secure_storage_clear') {
    window.keystore = {};
    answer('secure_storage_cleared');
  }
} };
"""
LEFT = """async () => ({
  databases: await indexedDB.databases(),
  local: Object.entries(localStorage),
  session: Object.entries(sessionStorage),
  caches: await caches.keys(),
  keystore: Object.entries(keystore),
  cookies: document.cookie,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
PIN = "48151623427"
WRITTEN, READ = "paghmanorchardatdusk", "sevenbluedoorsnobell"


def private(state: Any, relay: Relay, second: str) -> set[bytes]:
    """All that opens something: the master key, the phone's two keys, and those of its prekey."""
    whole = seized(state, PIN, second)
    record = relay.phone.encode()
    at = whole.index(record) + len(record)
    seed, secret = whole[at + 4 : at + 36], whole[at + 40 : at + 72]
    prekey = relay.prekey.encode()
    at = whole.index(prekey) + len(prekey)
    return {master(state, PIN, second), seed, secret, whole[at + 4 : at + 36], whole[at + 40 : at + 104]}


@pytest.mark.prove  # its snapshots take seconds
def test_nothing_is_left_after_one_long_press(context: BrowserContext, relay: Relay) -> None:
    context.add_init_script(CLIENT)
    watch(context)
    phone = Phone(context, relay.url, fragment="tgWebAppVersion=9.0").open()
    page = phone.page
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages", "departures")
    phone.arrive(PIN)
    relay.card = relay.office.certify(relay.phone).encode()
    phone.tap("refresh")
    phone.at("home")
    phone.rest()
    relay.post(relay.office.write(relay.phone, relay.prekey, READ))
    phone.refresh()
    phone.tap("open-thread")
    phone.fill("thread-input", WRITTEN)
    phone.tap("thread-send")
    phone.until(lambda: len(relay.posts) == 2, "the receipt and the message")
    phone.tap("back")
    phone.rest()

    (second,) = page.evaluate("Object.values(keystore)")
    keys = private(context.storage_state(indexed_db=True), relay, second)
    assert Heap(page).holds(*keys, WRITTEN, READ, PIN) == [True] * 7 + [False]  # so the others would be found

    phone.tap("open-settings")
    phone.tap("open-wipe")
    phone.hold("wipe-hold")
    phone.at("erased")
    page.mouse.up()
    phone.has("erased", "data-told", "true")
    phone.until(lambda: page.evaluate("indexedDB.databases()") == [], "that the database is gone")
    empty: dict[str, Any] = {name: [] for name in ("databases", "local", "session", "caches", "keystore")}
    assert page.evaluate(LEFT) == empty | {"cookies": "", "workers": 0}
    assert not [each for each in page.evaluate("asked") if "cloud" in each or "device_storage" in each]
    page.evaluate("asked.length = 0")
    assert Heap(page).holds(*keys, WRITTEN, READ, second) == [False] * 8
    assert len(relay.wipes) == 1
    assert phone.faults == []
