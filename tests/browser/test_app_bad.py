"""Each bad thing that comes in is shown for what it is, calmly: what happened, what to do, and nothing is lost."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from crypto.content import Ask, Inner, Kind, TextMessage
from crypto.encoding import new_id
from crypto.keys import RootKeys
from crypto.prekey import Prekey
from tests.browser.fakerelay import Ground, Relay
from tests.browser.office import DAY, Office
from tests.browser.phone import PIN, Phone, visit
from words.catalogues import LANGUAGES

OVERRIDE, POP, ISOLATE, END = "\u202e", "\u202c", "\u2067", "\u2069"
NO_STORAGE = """
indexedDB.open = () => { throw new DOMException('no storage in a private window', 'SecurityError'); };
"""
#: As a browser tells of a full disk: what was written is taken back, and why. CDP's own quota binds no such context.
FULL_DISK = """
window.room = Infinity;
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, key) {
  const request = put.call(this, value, key);
  room -= value.byteLength ?? 500;
  if (room < 0) {
    const error = new DOMException('no room', 'QuotaExceededError');
    Object.defineProperty(this.transaction, 'error', { value: error });
    this.transaction.abort();
  }
  return request;
};
"""
YEAR = 365 * DAY


def forged(relay: Relay, text: str) -> bytes:
    """Sealed by the officer's device, and signed by another key."""
    office = relay.office
    officer = copy(office.officers[0])
    object.__setattr__(officer, "sign_seed", RootKeys.generate().seed)  # no keys that fit together can do it
    inner = office._inner(
        officer, Kind.TEXT, relay.phone.owner, relay.phone.owner, TextMessage(text).encode()
    )
    return office._seal(officer, inner, relay.prekey)


def foreign(relay: Relay, text: str) -> bytes:
    """Another office's, sealed to this phone."""
    other = Office()
    prekey: Prekey = replace(relay.prekey, office=other.id)
    return other.write(relay.phone, prekey, text)


def test_each_bad_letter_is_shown_for_what_it_is(enrolled: Phone, relay: Relay) -> None:
    """Replayed, withheld, late, signed by nobody, of another office, changed on its way, and written to deceive."""
    write = relay.office.write
    one, two, three = (write(relay.phone, relay.prekey, text) for text in ("one", "two", "three"))
    relay.post(one)
    relay.post(three)
    enrolled.refresh()
    enrolled.tap("open-thread")
    texts = enrolled.page.get_by_test_id("message-text")
    expect(texts).to_have_text(["one", "three"])
    enrolled.sees("messages", "A message before this one did not arrive, or came later.")
    expect(enrolled.page.get_by_test_id("thread-rejected")).to_have_count(0)
    enrolled.tap("back")

    relay.post(two)  # held back until now
    relay.post(one)  # known already: passed over without a word
    enrolled.refresh()
    enrolled.tap("open-thread")
    expect(texts).to_have_text(["one", "three", "two"])
    expect(enrolled.page.get_by_test_id("thread-rejected")).to_have_count(0)
    enrolled.tap("back")

    changed = bytearray(write(relay.phone, relay.prekey, "four"))
    changed[100] ^= 1
    for bad in (bytes(changed), forged(relay, "five"), foreign(relay, "six")):
        relay.post(bad)
        enrolled.refresh()
        assert relay.mail == {}
        enrolled.tap("open-thread")
        expect(texts).to_have_count(3)
        enrolled.sees("thread-rejected", "was not opened. If you miss one, ask your office")
        enrolled.tap("back")
    # Whatever did not hold left no trace in the chain: what comes next is no gap but after the two that were lost.
    relay.post(write(relay.phone, relay.prekey, f"Come at {OVERRIDE}00:51{POP}{END}{OVERRIDE} today"))
    asked = Ask(new_id() + new_id(), f"France{END}{OVERRIDE}", ("needs",), 1)
    relay.post(relay.office.ask(relay.phone, relay.prekey, asked))
    enrolled.refresh()
    enrolled.tap("open-thread")
    expect(texts.last).to_have_js_property("textContent", "Come at 00:51 today")
    enrolled.sees("ask", "France")
    page = enrolled.page.content()
    assert not {OVERRIDE, POP} & set(page)
    assert page.count("\u2068") == page.count(END)


def test_a_notice_written_to_deceive_reads_as_it_is_written(enrolled: Phone, relay: Relay) -> None:
    draft = relay.office.draft(relay.phone.owner, place=f"Gate {OVERRIDE}21{POP}")
    texts = tuple(replace(text, message=f"{ISOLATE}{OVERRIDE}be ready") for text in draft.notice.texts)
    draft = replace(draft, notice=replace(draft.notice, texts=texts))
    relay.post(relay.office.announce(draft, relay.prekey))
    relay.post(relay.office.go(draft, relay.prekey))
    enrolled.refresh()
    enrolled.tap("latest-notice")
    place, message = (enrolled.page.get_by_test_id(f"notice-{name}") for name in ("place", "message"))
    expect(place).to_have_js_property("textContent", "Gate 21")
    expect(message).to_have_js_property("textContent", "be ready")


def test_a_letter_for_another_office(phone: Phone, relay: Relay) -> None:
    """The relay does not know it; or shows its own office in its place."""
    letter, _slip = Office().invite()
    phone.speak()
    phone.give_letter(letter.text())
    phone.sees("letter-fault", "for another office’s app. Ask your office")
    own = relay.invite()
    relay.letters[letter.secret.invitation] = relay.letters[own.secret.invitation]
    phone.tap("letter-check")
    phone.sees("letter-fault", "do not agree about the office. Do not go on. Tell your office.")
    phone.tap("back")
    phone.give_letter(letter.secret.words(), "words")
    phone.sees("letter-fault", "do not agree about the office")


@pytest.mark.parametrize("language", LANGUAGES)
def test_storage_that_is_denied_is_said(context: BrowserContext, relay: Relay, language: str) -> None:
    context.add_init_script(NO_STORAGE)
    phone = Phone(context, relay.url).open()
    phone.at("language")
    phone.tap(f"language-{language}")
    phone.at("full")
    heading = {"en": "Nothing can be kept here", "fa-AF": "نگه داشته نمی", "ps-AF": "هېڅ نه ساتل"}
    phone.sees("screen-full", heading[language])
    assert relay.requests == []
    assert phone.faults == []


def test_a_phone_that_is_full_says_so_and_goes_on_when_there_is_room(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    page = enrolled.page
    context.add_init_script(FULL_DISK)
    page.reload()
    enrolled.unlock()
    enrolled.rest()
    context.set_offline(True)
    page.evaluate("room = 20_000")  # enough for a message, not for its seal
    enrolled.tap("open-thread")
    enrolled.fill("thread-input", "a long letter " * 250)
    enrolled.tap("thread-send")
    enrolled.at("full")
    enrolled.sees("screen-full", "What you did last may not be kept. Delete photographs or films")
    context.set_offline(False)
    page.reload()
    enrolled.at("unlock")
    page.evaluate("room = 0")
    enrolled.unlock()
    enrolled.at("full")  # a try at the PIN is written down first; nobody is told to erase for that
    page.reload()
    enrolled.unlock()
    enrolled.rest()
    page.evaluate("room = 0")
    enrolled.tap("open-thread")
    enrolled.fill("thread-input", "There is no room")
    enrolled.tap("thread-send")
    enrolled.at("full")
    page.reload()
    enrolled.unlock()
    enrolled.rest()
    enrolled.tap("open-thread")
    expect(page.get_by_test_id("message")).to_have_count(1)
    enrolled.fill("thread-input", "There is room again")
    enrolled.tap("thread-send")
    # What was kept was sent, once; what could not be kept was not, and its counter comes no second time.
    enrolled.until(lambda: len(relay.posts) == 2, "all that was kept")
    inners: list[Inner] = [relay.office.open(post, relay.phone).content.inner for post in relay.posts]
    assert [inner.counter for inner in inners] == [1, 2]
    assert inners[1].read() == TextMessage("There is room again")
    enrolled.faults.clear()  # the browser, too, tells of the full disk


def test_a_session_that_ends_while_something_is_sent(enrolled: Phone, relay: Relay) -> None:
    """The relay's clock was set under the phone; then somebody locks it in the middle."""
    relay.refuse["/v1/envelopes"] = 401
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.until(lambda: "POST /v1/envelopes" in relay.requests, "a first try")
    enrolled.has("last-sent", "data-state", "waiting")
    enrolled.tap("lock")
    enrolled.at("unlock")
    relay.refuse.clear()
    enrolled.unlock()
    enrolled.until(lambda: relay.posts, "the status")
    enrolled.rest()
    enrolled.has("last-sent", "data-state", "handed")
    assert len(relay.posts) == 1


def test_telegrams_word_that_is_too_old_is_asked_for_anew(phone: Phone, relay: Relay) -> None:
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    relay.refuse["/v1/enrolments"], relay.reason = 401, "init_data_not_valid"
    phone.set_pin()
    phone.at("waiting")
    phone.sees("screen-waiting", "Close the app and open it again from the chat, then unlock it.")
    relay.refuse.clear()
    phone.page.reload()
    phone.unlock()
    phone.at("waiting")
    phone.until(lambda: relay.device, "the enrolment")


@pytest.mark.prove
@pytest.mark.parametrize("off", [-YEAR, YEAR], ids=["behind", "ahead"])
def test_a_phone_whose_clock_is_a_year_off(browser: Browser, address: Ground, off: int) -> None:
    """From the letter to a confirmed departure: by the relay's time, and what the office signed."""
    relay = address.carry(Relay(Office()))
    context = visit(browser)
    context.clock.set_fixed_time(relay.office.now + off)
    phone = Phone(context, relay.url).open()
    phone.enrol(relay)
    relay.prekey.check_usable(relay.now())
    assert all(abs(said.at - relay.now()) < 600 for said in relay.consents)
    draft = relay.office.draft(relay.phone.owner)
    relay.post(relay.office.write(relay.phone, relay.prekey, "Be ready."))
    relay.post(relay.office.announce(draft, relay.prekey))
    relay.post(relay.office.go(draft, relay.prekey))
    phone.refresh()
    phone.sees("next-step", "Your departure is confirmed")
    phone.tap("latest-notice")
    phone.sees("notice-place", "Gate 3, by the blue door")
    phone.tap("answer-accept")
    phone.tap("answer-send")
    phone.has("answer-given", "data-state", "handed")
    phone.tap("back")
    phone.tap("open-thread")
    phone.sees("messages", "Be ready.")
    phone.until(lambda: relay.posts, "the receipt")
    sent = relay.office.open(relay.posts[0], relay.phone).content.inner.sent_at
    assert abs(sent - relay.now()) < 600
    assert abs(relay.answers[0].at - relay.now()) < 600
    # Nothing is over: neither a permission nor what was read.
    phone.page.reload()
    phone.unlock()
    phone.rest()
    phone.sees("next-step", "Your departure is confirmed")
    phone.tap("open-thread")
    phone.sees("messages", "Be ready.")
    phone.tap("back")
    phone.tap("open-settings")
    phone.has("consent-departures", "aria-checked", "true")
    assert phone.faults == []
    context.close()


@pytest.mark.prove
def test_a_pin_that_is_forgotten_ends_with_a_new_letter(enrolled: Phone, relay: Relay) -> None:
    """Ten wrong ones in a row erase, where somebody wished that; then a new letter leads home."""
    first = relay.phone.device
    enrolled.tap("open-settings")
    enrolled.has("ten", "aria-checked", "false")
    enrolled.tap("ten")
    enrolled.has("ten", "aria-checked", "true")
    enrolled.tap("back")
    enrolled.tap("lock")
    for tries in range(1, 11):
        enrolled.page.clock.set_fixed_time(relay.office.now + tries * 1000)
        if tries > 3:
            enrolled.page.reload()
        enrolled.unlock("111222")
        if tries < 10:
            enrolled.sees("unlock-fault", "If you forgot it, ask your office for a new letter")
            assert relay.wipes == []
    enrolled.at("erased")
    enrolled.until(lambda: relay.wipes, "that the relay was told")
    assert [wipe.device for wipe in relay.wipes] == [first]
    enrolled.page.reload()
    enrolled.speak()
    enrolled.sees("screen-letter", "Was this app set up here before? Then the phone emptied its storage")
    relay.card, relay.device = None, None
    relay.consents.clear()
    enrolled.give_letter(relay.invite().text())
    enrolled.agree("messages", "departures")
    enrolled.arrive()
    relay.card = relay.office.certify(relay.phone).encode()
    enrolled.tap("refresh")
    enrolled.at("home")
    assert relay.phone.device != first


def test_storage_that_was_emptied_is_explained_kindly(enrolled: Phone) -> None:
    debugger = enrolled.context.new_cdp_session(enrolled.page)
    debugger.send("Storage.clearDataForOrigin", {"origin": enrolled.url, "storageTypes": "all"})
    enrolled.page.reload()
    enrolled.speak()
    enrolled.sees("screen-letter", "what you sent, it has.")
    assert PIN not in enrolled.page.content()


def test_help_tells_what_the_app_used_of_the_network(enrolled: Phone, relay: Relay) -> None:
    page = enrolled.page
    debugger = enrolled.context.new_cdp_session(page)
    debugger.send("Network.enable")
    debugger.send("Network.setCacheDisabled", {"cacheDisabled": True})
    down: list[float] = []
    debugger.on("Network.loadingFinished", lambda event: down.append(event["encodedDataLength"]))
    relay.requests.clear()
    page.reload()
    enrolled.unlock()
    enrolled.rest()
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.until(lambda: relay.posts, "the status")
    enrolled.rest()
    enrolled.tap("open-help")
    received, sent = (int(part) * 1000 for part in enrolled.reads("traffic").split() if part.isdigit())
    assert 0.85 * sum(down) < received < 1.15 * sum(down)
    assert abs(sent - 1000 * len(relay.requests) - len(relay.posts[0])) <= 1000
