"""The app killed at every step of sending and of enrolling: opened again, everything arrives, and once."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Error as Gone

from crypto.card import Card
from crypto.content import Inner, TextMessage
from crypto.encoding import b64u, unb64u
from crypto.envelope import Envelope
from crypto.letter import Letter
from tests.browser.fakerelay import Ground, Relay
from tests.browser.house import RealRelay, real_relay
from tests.browser.kill import Mortal
from tests.browser.phone import visit
from tests.proofs.figures import note

#: More steps than either way has: a loop that gets there has lost count.
MANY = 60

Inbox = Callable[[], list[Inner]]
"""What the phone's messages say, as the office opens them."""


def send(phone: Mortal, text: str) -> None:
    phone.tap("open-thread")
    phone.fill("thread-input", text)
    phone.tap("thread-send")


def sent(phone: Mortal, text: str, steps: int) -> Mortal | None:
    """The page after it died on the way; None when it lived to see the message handed over."""
    phone.dies_after(steps)
    send(phone, text)
    handed = phone.page.locator("[data-testid=message][data-state=handed]", has_text=text)
    phone.until(lambda: phone.dead or handed.count(), "handed over, or dead")
    if not phone.dead:
        return None
    context, url = phone.context, phone.url
    phone.page.close()
    phone = Mortal(context, url)
    phone.unlock()
    phone.rest()
    phone.tap("open-thread")
    shown = phone.page.get_by_test_id("message").filter(has_text=text)
    if steps == 0:
        # Killed before it was kept: it is not shown as kept, so its person writes it again.
        expect(shown).to_have_count(0)
        phone.tap("back")
        send(phone, text)
    expect(shown).to_have_count(1)
    phone.has("message", "data-state", "handed")
    phone.tap("back")
    phone.rest()
    return phone


def each_once(inbox: Inbox, texts: list[str]) -> None:
    """They are there, in this order, each once, and none is missing between."""
    inners = inbox()
    assert [inner.read() for inner in inners] == [TextMessage(text) for text in texts]
    assert [inner.counter for inner in inners] == list(range(1, len(texts) + 1))
    assert all(after.prev == before.hash for before, after in pairwise(inners))


def answer(phone: Mortal, screen: str, letter: Letter, confirm: Callable[[], object]) -> None:
    """Does what the screen asks for."""
    match screen:
        case "language":
            phone.tap("language-en")
        case "letter":
            phone.give_letter(letter.text())
        case "who":
            phone.agree("messages", "departures")
        case "pin":
            phone.set_pin()
        case "unlock":
            phone.unlock()
        case "waiting":
            confirm()
            phone.tap("refresh")
        case "home":
            phone.rest()


def home(phone: Mortal, letter: Letter, confirm: Callable[[], object]) -> bool:
    """All the way to home, at rest. False when the page died before."""
    seen = Counter[str]()
    phone.page.set_default_timeout(1_000)
    while not phone.dead:
        screen = phone.screen()
        seen[screen] += 1
        assert seen[screen] < 100, f"it stays there: {phone.page.locator('main').inner_text()}"
        try:
            answer(phone, screen, letter, confirm)
        except (Gone, AssertionError):
            # It went on, or it died, while somebody looked.
            assert phone.dead or screen != "home"
            continue
        if screen == "home":
            return not phone.dead
        phone.page.wait_for_timeout(20)
    return False


def settled_in(
    browser: Browser, real: RealRelay, letter: Letter, confirm: Callable[[], object], steps: int
) -> bool:
    """Dies once, after so many steps, and comes home. False when it did not die."""
    context, url = visit(browser), real.url
    extra = {"tgWebAppData": real.person.init_data()}
    first = Mortal(context, url, steps, **extra)
    lived = home(first, letter, confirm)
    if not lived:
        first.page.close()
        second = Mortal(context, url, **extra)
        assert home(second, letter, confirm)
        assert second.faults == []
    context.close()
    return not lived


def fake_inbox(relay: Relay) -> Inbox:
    def read() -> list[Inner]:
        first = {Envelope.parse(post).header.envelope: post for post in reversed(relay.posts)}
        opened = [relay.office.open(post, relay.phone).content.inner for post in first.values()]
        return sorted(opened, key=lambda inner: inner.counter)

    return read


def test_a_message_outlives_deaths_on_its_way(
    browser: Browser, address: Ground, settled: tuple[Any, Relay]
) -> None:
    """Kept and not sealed; taken by the relay and not noted. Every other step: `make prove`, at the real relay."""
    state, relay = settled
    relay = address.carry(copy.deepcopy(relay))
    context = visit(browser, state)
    phone = Mortal(context, relay.url)
    phone.unlock()
    phone.rest()
    for steps in (1, 3):
        died = sent(phone, f"after {steps}", steps)
        assert died
        phone = died
    each_once(fake_inbox(relay), ["after 1", "after 3"])
    context.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRelay]:
    with real_relay(tmp_path_factory.mktemp("relay")) as running:
        yield running


def contacts_of(real: RealRelay) -> dict[str, dict[str, Any]]:
    return {contact["contact"]: contact for contact in real.ask("GET", "/v1/contacts")["contacts"]}


def confirmer(real: RealRelay, letter: Letter, cards: Iterator[int]) -> Callable[[], object]:
    """The office, which certifies the one phone that enrolled with the letter."""

    def confirm() -> None:
        if real.ask("GET", "/v1/enrolments")["enrolments"]:
            real.confirm(letter, next(cards))

    return confirm


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_every_step_of_enrolling(real: RealRelay, browser: Browser) -> None:
    cards = count(1)
    known: set[str] = set()
    for steps in range(MANY):
        letter = real.invite()
        died = settled_in(browser, real, letter, confirmer(real, letter, cards), steps)
        contacts = contacts_of(real)
        (new,) = contacts.keys() - known  # one enrolment, of one phone, and not frozen by a second one
        assert new == b64u(letter.secret.contact)
        assert contacts[new]["state"] == "enrolled"
        assert len(contacts[new]["prekeys"]) == 1
        given = {said["purpose"]: said["given"] for said in contacts[new]["consents"]}
        assert given == {"messages": True, "departures": True}
        known.add(new)
        if not died:
            break
    note("steps of enrolling, killed at each", str(steps))
    assert 10 < steps < MANY - 1


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_every_step_of_sending(real: RealRelay, browser: Browser) -> None:
    letter = real.invite()
    context = visit(browser)
    phone: Mortal | None = Mortal(context, real.url, tgWebAppData=real.person.init_data())
    assert phone
    assert home(phone, letter, confirmer(real, letter, count(100)))
    contact = contacts_of(real)[b64u(letter.secret.contact)]
    (device,) = Card.parse(unb64u(contact["card"])).body.devices

    def inbox() -> list[Inner]:
        items = real.ask("GET", "/v1/mail?after=0")["items"]
        return [real.office.open(unb64u(item["envelope"]), device).content.inner for item in items]

    texts: list[str] = []
    while phone and len(texts) < MANY:
        texts.append(f"killed after {len(texts)}")
        phone = sent(phone, texts[-1], len(texts) - 1)
        each_once(inbox, texts)
    note("steps of sending, killed at each", str(len(texts) - 1))
    assert 4 < len(texts) < MANY
    context.close()
