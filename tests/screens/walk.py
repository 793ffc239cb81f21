"""The walk over every screen: each chapter stops wherever somebody may stand, and names it.

A view is called by its screen, with what is to be seen there after a dot: `notice.confirmed`. The table has them in
their order, with what they show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from playwright.sync_api import expect

from crypto.card import Evidence
from crypto.content import Ask
from crypto.encoding import b64u
from desk.devices import DeviceRequest
from tests.screens.stage import NOON, Stage

#: In Telegram; the relay that is played here asks no more of it.
ACCOUNT: Final = {"tgWebAppData": "user=1"}
CODE: Final = "DOHA-7"
MINISTRY: Final = {"en": "Foreign Ministry", "fa-AF": "وزارت خارجه", "ps-AF": "د بهرنیو چارو وزارت"}
NAME: Final = "Zarghuna Popalzai"

VIEWS: Final = {
    "language": "The first screen: languages by the names their speakers use",
    "letter": "How to give the letter",
    "letter-words": "Twelve words",
    "letter-words.wrong": "Twelve words that do not fit together",
    "letter-text": "The letter's text",
    "letter-camera": "No camera can be used",
    "who": "Whom one is writing to",
    "consent": "Permissions, all off",
    "consent.given": "Permissions, two given",
    "pin": "Choosing a PIN",
    "pin.weak": "A PIN that is too easy",
    "waiting": "Until the office has checked the phone",
    "waiting.frozen": "Two phones under one letter",
    "home": "Home: nothing to do now",
    "help": "Help",
    "settings": "Settings",
    "settings.withdraw": "Withdrawing a permission",
    "holdings": "What the service holds",
    "page": "A page for when the address is blocked",
    "page.waiting": "Two officers have to agree to it",
    "casefile": "About oneself and one's family",
    "casefile.told": "What was told is not kept on the phone",
    "status": "Sending how one is",
    "home.asked": "Home: help was asked for, and how far that came",
    "home.news": "Home: a message came",
    "thread": "Messages",
    "attach": "Sending a photograph or a voice note",
    "decide": "The office asks to pass something on",
    "children": "Children in one's care",
    "children.said": "Children: one has agreed, the other not",
    "sharing": "What may be passed on",
    "home.notice": "Home: a departure waits for an answer",
    "notice": "A departure, not confirmed",
    "notice.effect": "What an answer does, before it is sent",
    "notice.answered": "The answer that was given",
    "home.confirmed": "Home: the departure is confirmed",
    "notice.confirmed": "A departure, confirmed",
    "notice.changed": "A departure that changed",
    "notice.threat": "Danger",
    "home.warned": "Home: a warning called the departure off",
    "notice.warned": "A departure that a warning called off",
    "notice.cancelled": "A departure that was called off",
    "home.offline": "Home: no connection",
    "unlock": "Locked",
    "unlock.wrong": "A PIN that does not open",
    "another": "Another person on this phone",
    "pin.another": "A PIN for another person",
    "wipe": "Erasing everything",
    "wipe.own": "Erasing what is one's own",
    "erased": "Erased",
    "elsewhere": "The app is open in another window",
    "stop": "Stopped: the service showed another office",
    "stranger": "Without a letter",
    "offices": "Offices that take people without a letter",
    "rules": "What one agrees to without a letter",
    "unverified": "Home of somebody unverified",
    "comparison": "Comparing the number",
    "unverified.vouched": "Two officers have confirmed the phone",
    "verified": "Confirmed on both sides",
    "unverified.refused": "The office does not take somebody",
    "different": "The numbers were not the same",
    "begin": "Officers: a phone that confirms",
    "join": "Officers: adding this phone",
    "wishes": "Officers: what waits",
    "wish": "Officers: one of them",
    "wish.vet": "Officers: vouching for a household",
    "wishes.done": "Officers: confirmed",
    "unlock.officer": "Officers: locked",
    "erase": "Officers: erasing the keys",
    "gone": "Officers: the office took this phone off",
}  # fmt: skip

Chapter = Callable[[Stage], Iterator[str]]


def way_in(stage: Stage) -> Iterator[str]:
    """From the first screen to waiting."""
    phone, relay = stage.phone, stage.relay
    phone.at("language")
    yield "language"
    phone.speak(stage.language)
    yield "letter"
    phone.tap("letter-words")
    yield "letter-words"
    phone.fill("letter-input", " ".join(["abandon"] * 12))
    phone.tap("letter-check")
    phone.page.get_by_test_id("letter-fault").wait_for()
    yield "letter-words.wrong"
    phone.tap("back")
    phone.tap("letter-text")
    yield "letter-text"
    phone.tap("back")
    phone.tap("letter-scan")
    phone.page.get_by_test_id("camera-off").wait_for()
    yield "letter-camera"
    phone.tap("back")
    phone.give_letter(relay.invite().text())
    phone.at("who")
    yield "who"
    phone.tap("who-next")
    yield "consent"
    phone.tap("consent-messages")
    phone.tap("consent-departures")
    yield "consent.given"
    phone.tap("consent-next")
    yield "pin"
    phone.fill("pin", "123456")
    phone.fill("pin-again", "123456")
    phone.tap("pin-set")
    phone.page.get_by_test_id("pin-fault").wait_for()
    yield "pin.weak"
    phone.arrive()
    yield "waiting"


def whole(stage: Stage) -> Iterator[str]:
    """With a letter, from the first screen to being erased."""
    yield from way_in(stage)
    phone, relay = stage.phone, stage.relay
    relay.card = relay.office.certify(relay.phone).encode()
    phone.refresh()
    phone.at("home")
    phone.rest()
    yield "home"
    for chapter in (_about, _messages, _sharing, _departure, _danger, _locked):
        yield from chapter(stage)


def _news(stage: Stage) -> None:
    """Looks for news, and stands where one reads first."""
    stage.phone.refresh()
    stage.phone.rest()
    stage.page.evaluate("scrollTo(0, 0)")


def _show(stage: Stage, name: str) -> None:
    """Scrolls to what is to be seen, wherever the last touch left the screen; after the app's own scrolling.

    That comes with what the app does once it has drawn: a frame, and a turn, later.
    """
    drawn = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
    shown = "element.scrollIntoView({ block: 'center' })"
    stage.page.get_by_test_id(name).evaluate(f"async element => {{ await {drawn}; await {drawn}; {shown}; }}")


def _about(stage: Stage) -> Iterator[str]:
    phone = stage.phone
    phone.tap("open-help")
    phone.at("help")
    # Another build has another number, and another walk other kilobytes; the picture is to stay.
    expect(phone.page.get_by_test_id("bundle")).to_have_text(re.compile("[0-9۰-۹]{5}"))
    for name, digits in (("bundle", ""), ("traffic", "+")):
        blank = f"text.replace(/[0-9]{digits}/g, '0').replace(/[۰-۹]{digits}/g, '۰')"
        phone.page.get_by_test_id(name).evaluate(
            f"it => {{ const text = it.textContent; it.textContent = {blank}; }}"
        )
    yield "help"
    phone.tap("back")
    phone.tap("open-settings")
    phone.at("settings")
    yield "settings"
    phone.tap("consent-departures")
    _show(stage, "withdraw-yes")
    yield "settings.withdraw"
    phone.tap("withdraw-not")
    phone.tap("open-holdings")
    phone.page.get_by_test_id("holdings").wait_for()
    yield "holdings"
    phone.tap("back")
    phone.tap("open-page")
    phone.at("page")
    yield "page"
    phone.tap("page-make")
    phone.page.get_by_test_id("page-state").wait_for()
    yield "page.waiting"
    phone.tap("back")
    phone.tap("back")
    phone.tap("open-casefile")
    phone.at("casefile")
    yield "casefile"
    phone.fill("field-identity-name", NAME)
    phone.tap("casefile-send")
    phone.at("home")
    phone.rest()
    phone.tap("open-casefile")
    phone.page.get_by_test_id("told-identity-name").wait_for()
    yield "casefile.told"
    phone.tap("back")


def _messages(stage: Stage) -> Iterator[str]:
    phone, relay = stage.phone, stage.relay
    phone.tap("status-help")
    phone.at("status")
    yield "status"
    phone.tap("status-send")
    phone.at("home")
    phone.rest()
    yield "home.asked"
    (*_, sent) = relay.posts
    relay.post(relay.office.acknowledge(relay.phone, relay.prekey, relay.office.open(sent, relay.phone)))
    relay.post(relay.office.write(relay.phone, relay.prekey, stage.phrase("help")))
    _news(stage)
    yield "home.news"
    phone.tap("open-thread")
    phone.page.get_by_test_id("message-text").wait_for()
    yield "thread"
    phone.tap("open-attach")
    phone.at("attach")
    yield "attach"
    phone.tap("back")
    phone.tap("back")
    phone.rest()


def _sharing(stage: Stage) -> Iterator[str]:
    phone, relay = stage.phone, stage.relay
    relay.minors = [2, 4]
    about = Ask(bytes(range(32)), MINISTRY[stage.language], ("family", "identity"), 1)
    relay.post(relay.office.ask(relay.phone, relay.prekey, about))
    _news(stage)
    phone.tap("open-thread")
    phone.tap("open-decide")
    phone.page.get_by_test_id("children-missing").wait_for()
    yield "decide"
    phone.tap("open-children")
    phone.page.get_by_test_id("child-4").wait_for()
    yield "children"
    for child, you, says in ((2, 1, 1), (4, 1, 2)):
        phone.tap(f"child-{child}-you-{you}")
        phone.tap(f"child-{child}-says-{says}")
        phone.tap(f"child-{child}-send")
    phone.until(lambda: len(relay.assents) == 2, "what was said of both")
    phone.page.get_by_test_id("child-4-stands").locator(".soft").wait_for()
    _show(stage, "child-4-send")
    yield "children.said"
    phone.tap("back")
    phone.at("decide")
    phone.tap("decide-family")
    phone.tap("decide-send")
    phone.at("thread")
    phone.tap("open-sharing")
    phone.at("sharing")
    yield "sharing"
    phone.tap("back")
    phone.tap("back")
    phone.rest()


def _departure(stage: Stage) -> Iterator[str]:
    phone, relay = stage.phone, stage.relay
    draft = stage.draft()
    relay.post(relay.office.announce(draft, relay.prekey))
    _news(stage)
    phone.tap("latest-notice")
    phone.has("standing", "data-standing", "unconfirmed")
    yield "notice"
    phone.tap("back")
    phone.rest()
    yield "home.notice"
    phone.tap("latest-notice")
    phone.tap("answer-accept")
    _show(stage, "answer-confirm")
    yield "notice.effect"
    phone.tap("answer-send")
    phone.has("answer-given", "data-state", "handed")
    _show(stage, "answer-given")
    yield "notice.answered"
    phone.tap("back")
    relay.post(relay.office.go(draft, relay.prekey))
    _news(stage)
    yield "home.confirmed"
    phone.tap("latest-notice")
    phone.has("standing", "data-standing", "confirmed")
    yield "notice.confirmed"
    phone.tap("back")
    changed = stage.draft(2, draft)
    relay.post(relay.office.announce(changed, relay.prekey))
    phone.refresh()
    phone.tap("latest-notice")
    phone.has("standing", "data-standing", "unconfirmed")
    yield "notice.changed"
    phone.tap("back")
    relay.post(relay.office.cancel(changed, relay.prekey))
    phone.refresh()
    phone.tap("latest-notice")
    phone.has("standing", "data-standing", "cancelled")
    yield "notice.cancelled"
    phone.tap("back")


def _danger(stage: Stage) -> Iterator[str]:
    phone, relay = stage.phone, stage.relay
    draft = stage.draft()
    relay.post(relay.office.announce(draft, relay.prekey))
    phone.refresh()
    relay.offset += 60
    relay.office.now = relay.now()
    relay.post(relay.office.announce(stage.warn(), relay.prekey))
    phone.refresh()
    phone.tap("next-open")
    phone.has("standing", "data-standing", "threat")
    yield "notice.threat"
    phone.tap("back")
    phone.rest()
    yield "home.warned"
    phone.tap("next-open")
    phone.has("standing", "data-standing", "warned")
    yield "notice.warned"
    phone.tap("back")
    phone.rest()


def _locked(stage: Stage) -> Iterator[str]:
    phone, relay = stage.phone, stage.relay
    phone.page.context.set_offline(True)
    phone.tap("status-safe")
    phone.tap("status-send")
    phone.has("freshness", "data-offline", "true")
    yield "home.offline"
    phone.page.context.set_offline(False)
    _news(stage)
    second = phone.page.context.new_page()
    second.goto(phone.page.url)
    first, phone.page = phone.page, second
    phone.at("elsewhere")
    yield "elsewhere"
    second.close()
    phone.page = first
    phone.tap("open-settings")
    phone.tap("open-wipe")
    phone.at("wipe")
    yield "wipe.own"
    phone.tap("back")
    phone.tap("back")
    relay.shown = [relay.office.rival()]
    phone.tap("refresh")
    phone.at("stop")
    yield "stop"
    relay.shown = None
    phone.tap("stop-check")
    phone.at("home")
    phone.rest()
    phone.tap("lock")
    phone.at("unlock")
    yield "unlock"
    phone.unlock("111222")
    phone.page.get_by_test_id("unlock-fault").wait_for()
    yield "unlock.wrong"
    phone.tap("open-another")
    phone.at("another")
    yield "another"
    phone.tap("another-begin")
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    phone.at("pin")
    yield "pin.another"
    phone.page.reload()
    phone.tap("unlock-wipe")
    phone.at("wipe")
    yield "wipe"
    phone.hold("wipe-hold")
    phone.at("erased")
    phone.page.mouse.up()
    phone.has("erased", "data-told", "true")
    yield "erased"


def frozen(stage: Stage) -> Iterator[str]:
    """Another phone used the same letter."""
    for _ in way_in(stage):
        pass
    stage.relay.frozen = True
    stage.phone.tap("refresh")
    stage.phone.page.get_by_test_id("waiting-frozen").wait_for()
    yield "waiting.frozen"


def _come(stage: Stage) -> Iterator[str]:
    """Without a letter, to the home of somebody unverified."""
    phone = stage.phone
    stage.relay.code = CODE
    phone.speak(stage.language)
    phone.tap("letter-none")
    phone.at("stranger")
    yield "stranger"
    phone.tap("stranger-next")
    phone.page.get_by_test_id(f"office-{CODE}").wait_for()
    yield "offices"
    phone.tap(f"office-{CODE}")
    phone.at("rules")
    yield "rules"
    phone.tap("consent-messages")
    phone.tap("rules-next")
    phone.set_pin()
    phone.at("unverified")
    phone.rest()
    yield "unverified"
    phone.tap("open-number")
    phone.at("comparison")
    yield "comparison"


def vouched(stage: Stage) -> Iterator[str]:
    """Without a letter, until both sides know each other."""
    yield from _come(stage)
    phone, relay = stage.phone, stage.relay
    phone.tap("back")
    _, second = relay.office.officers
    card = relay.office.certify(relay.phone, evidence=Evidence.NUMBER)
    relay.card = card.cosign(second.record.device, second.sign_seed).encode()
    _news(stage)
    yield "unverified.vouched"
    phone.tap("open-number")
    phone.tap("compare-same")
    phone.at("verified")
    yield "verified"


def refused(stage: Stage) -> Iterator[str]:
    """Without a letter, and the office does not take somebody."""
    for _ in _come(stage):
        pass
    stage.phone.tap("back")
    stage.relay.refused = "unknown"
    stage.phone.tap("refresh")
    stage.phone.page.get_by_test_id("end-unknown").wait_for()
    yield "unverified.refused"


def swapped(stage: Stage) -> Iterator[str]:
    """Without a letter, and somebody stands between."""
    for _ in _come(stage):
        pass
    stage.phone.tap("compare-different")
    stage.phone.at("different")
    yield "different"


def officer(stage: Stage) -> Iterator[str]:
    """The officers' page, from its ids to a phone that was taken off."""
    phone, relay = stage.phone, stage.relay
    office = relay.office
    phone.tap(f"language-{stage.language}")
    phone.at("begin")
    yield "begin"
    phone.fill("ids", f"{b64u(office.id)} {b64u(office.officers[0].record.owner)}")
    phone.tap("ids-next")
    phone.set_pin()
    phone.at("join")
    yield "join"
    relay.device = DeviceRequest.from_text(phone.page.get_by_test_id("request").input_value()).record
    office.take_on(relay.device)
    relay.proposals = [
        _proposal(1, "fact", "KA-1041", "ready yes estimated"),
        _proposal(2, "vet", "KA-1041", ""),
        _proposal(3, "condition", "AIR-07", "airport green official 6h"),
        _proposal(4, "invite", "", ""),
    ]
    phone.fill("join-text", f"{office.head.version}:{b64u(office.head.hash)}")
    phone.tap("join")
    phone.page.get_by_test_id("wish").first.wait_for()
    yield "wishes"
    phone.page.get_by_test_id("wish").first.click()
    phone.at("wish")
    yield "wish"
    phone.tap("back")
    phone.page.get_by_test_id("wish").nth(1).click()
    phone.tap("reason-voice")
    _show(stage, "reason-voice")
    yield "wish.vet"
    phone.tap("confirm")
    phone.tap("sure")
    expect(phone.page.get_by_test_id("wish")).to_have_count(3)
    yield "wishes.done"
    phone.page.reload()
    phone.at("unlock")
    yield "unlock.officer"
    phone.tap("erase")
    phone.at("erase")
    yield "erase"
    phone.tap("erase-cancel")
    office.renew()  # without this phone
    phone.unlock()
    phone.at("gone")
    yield "gone"


def _proposal(number: int, kind: str, subject: str, words: str) -> dict[str, object]:
    wire = b64u(bytes(15) + bytes([number]))
    at = NOON - 60 * 95 + number
    return {"proposal": wire, "kind": kind, "subject": subject, "words": words, "by": "W-02", "at": at}


#: Each begins on a phone of its own.
CHAPTERS: Final[tuple[tuple[Chapter, dict[str, str]], ...]] = (
    (whole, {}),
    (frozen, {}),
    (vouched, ACCOUNT),
    (refused, ACCOUNT),
    (swapped, ACCOUNT),
    (officer, {"path": "officer.html"}),
)
