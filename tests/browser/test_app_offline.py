"""The app as one file, opened from a disk with the network off: letters go in and out by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from crypto import armour
from crypto.content import Kind, StatusReport, TextMessage
from crypto.device import OwnerKind
from crypto.encoding import new_id
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.prekey import HolderKind
from crypto.sealing import Opened
from tests.browser import keyfile
from tests.browser.access import checked
from tests.browser.office import DAY, Office
from tests.browser.offline import PAGE, Offline
from tests.browser.phone import visit

PIN = "27491638"
NO_STORAGE = (
    "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('', 'SecurityError'); } });"
)


class World:
    """An office, and the second device of somebody it knows."""

    def __init__(self) -> None:
        self.office = Office()
        self.keys = DeviceKeys.generate(self.office.id, OwnerKind.CONTACT, new_id())
        self.prekey = PrekeyPair.generate(
            self.office.id,
            HolderKind.DEVICE,
            holder=self.keys.record.device,
            sequence=1,
            created=self.office.now - 60,
            seal_until=self.office.now + 21 * DAY,
            delete_at=self.office.now + 51 * DAY,
        )

    def file(self, folder: Path) -> Path:
        path = folder / "qasid-keys.qasid"
        path.write_text(keyfile.sealed(PIN, keyfile.parts(self.office, self.keys, self.prekey)))
        return path

    def reply(self, text: str) -> str:
        letter = self.office.write(self.keys.record, self.prekey.prekey, text)
        return armour.dress(armour.Kind.ENVELOPE, letter)

    def received(self, text: str) -> Opened:
        """What the office reads in what was given to the bot."""
        kind, payload = armour.undress(text)
        assert kind is armour.Kind.UPLOAD
        upload = armour.Upload.open(payload, self.keys.record.sign_pk)
        return self.office.open(upload.envelope, self.keys.record)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    assert PAGE.is_file(), "the offline page is not built: npm run build"
    made = visit(browser)
    made.set_offline(True)
    yield made
    made.close()


@pytest.fixture
def offline(context: BrowserContext) -> Iterator[Offline]:
    made = Offline(context).open()
    yield made
    assert made.faults == []


def send_status(offline: Offline, note: str) -> None:
    offline.tap("status-help")
    offline.fill("status-note", note)
    offline.tap("status-send")
    offline.at("home")


def test_letters_go_both_ways_and_wiping_leaves_nothing(
    offline: Offline, world: World, tmp_path: Path
) -> None:
    offline.at("language")
    offline.tap("language-en")
    path = world.file(tmp_path)
    checked(offline, "keys")
    offline.bring(path, "11112222")
    offline.sees("keys-fault", "does not open")
    offline.fill("keys-pin", PIN)
    offline.tap("keys-open")
    offline.at("home")

    send_status(offline, "by the river")
    offline.has("last-sent", "data-state", "waiting")
    checked(offline, "home")
    offline.tap("open-post")
    checked(offline, "post")
    offline.tap("give")
    checked(offline, "handing")
    given = offline.hand_out()
    assert len(given) <= 4096  # a message in Telegram
    offline.has("give", "data-given", "true")
    read = world.received(given)
    inner = read.content.inner
    assert inner.kind is Kind.STATUS
    assert StatusReport.parse(inner.payload).text == "by the river"

    offline.tap("ask-letters")
    kind, payload = armour.undress(offline.hand_out())
    assert kind is armour.Kind.FOLLOW
    assert armour.Follow.open(payload, world.keys.record.sign_pk).version == world.office.head.version
    reply = world.reply("stay where you are")
    receipt = armour.dress(
        armour.Kind.ENVELOPE, world.office.acknowledge(world.keys.record, world.prekey.prekey, read)
    )
    copied = f"Bot, [12:05]\n{reply}\nBot, [12:06]\n{receipt[:900]}\n{receipt[900:]}\nYou, [12:07]\nthanks"
    offline.put_in(copied, "taken")
    expect(offline.page.get_by_test_id("give")).to_have_count(0)  # the office has it
    offline.tap("ask-letters")
    kind, payload = armour.undress(offline.hand_out())
    assert kind is armour.Kind.ACKNOWLEDGE
    assert len(armour.Acknowledge.open(payload, world.keys.record.sign_pk).kept) == 2
    offline.tap("back")
    offline.tap("open-thread")
    offline.sees("messages", "stay where you are")
    offline.sees("messages", "Opened by the office")
    offline.tap("back")
    offline.has("open-post", "data-queue", "0")  # nobody carries receipts

    offline.page.reload()
    checked(offline, "unlock")
    offline.unlock(PIN)
    offline.tap("open-thread")
    checked(offline, "thread")
    offline.sees("messages", "stay where you are")
    offline.tap("back")
    offline.tap("open-help")
    checked(offline, "help")
    offline.tap("back")
    offline.tap("open-settings")
    checked(offline, "settings")
    assert offline.kept() == ["qasid-offline"]
    offline.tap("open-wipe")
    checked(offline, "wipe")
    offline.hold("wipe-hold")
    offline.at("erased")
    offline.until(lambda: offline.kept() == [], "nothing is kept")
    assert offline.page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    offline.page.reload()
    offline.at("language")


def test_what_does_not_belong_here_is_told_calmly(offline: Offline, world: World, tmp_path: Path) -> None:
    offline.tap("language-en")
    path = tmp_path / "holiday.qasid"
    path.write_bytes(b"\xff\xd8\xff")
    offline.page.get_by_test_id("keys-file").set_input_files(path)
    offline.sees("keys-fault", "no whole key file")
    offline.bring(world.file(tmp_path), PIN)
    offline.at("home")
    offline.tap("open-post")
    reply, stranger = world.reply("one"), World()
    offline.put_in("hello", "none")
    offline.put_in(reply[:-5], "damaged")
    offline.put_in(stranger.reply("for somebody else"), "other")
    fetch = armour.Fetch(world.keys.record.device, world.office.now, new_id()).sign(world.keys.sign_seed)
    offline.put_in(armour.dress(armour.Kind.FETCH, fetch), "own")
    foreign = replace(world.prekey.prekey, office=stranger.office.id)
    letter = stranger.office.write(world.keys.record, foreign, "from another office, to this device")
    offline.put_in(armour.dress(armour.Kind.ENVELOPE, letter), "behind")
    offline.put_in(armour.dress_rosters(stranger.office.wires()), "refused")
    offline.put_in(reply + reply, "taken", "known")

    # A letter under a newer list waits for that; they may come together, in any order.
    world.office.renew()
    later = world.reply("two")
    offline.put_in(later, "behind")
    offline.put_in(later + armour.dress_rosters(world.office.wires()), "listed", "taken")
    world.prekey = replace(world.prekey, prekey=replace(world.prekey.prekey, prekey=new_id()))
    offline.put_in(world.reply("to a key that is gone"), "gone")
    offline.tap("back")
    offline.tap("open-thread")
    expect(offline.page.get_by_test_id("message-text")).to_have_text(["one", "two"])


def test_without_storage_the_file_is_saved_again(
    context: BrowserContext, world: World, tmp_path: Path
) -> None:
    context.add_init_script(NO_STORAGE)
    offline = Offline(context).open()
    offline.tap("language-en")
    path = world.file(tmp_path)
    offline.sees("keys-not-kept", "keeps nothing")
    offline.bring(path, PIN)
    offline.at("home")
    expect(offline.page.get_by_test_id("save")).to_have_count(0)
    world.office.now -= 60  # its answer is of before
    send_status(offline, "one")
    checked(offline, "home")
    offline.tap("open-post")
    offline.tap("give")
    first = world.received(offline.hand_out()).content.inner
    offline.put_in(world.reply("an answer"), "taken")
    offline.sees("ask-save-first", "Save your key file first")
    with offline.page.expect_download() as saving:
        offline.tap("save-file")
    offline.sees("save", "Saved")
    saved = tmp_path / "saved.qasid"
    saving.value.save_as(saved)
    assert saving.value.suggested_filename == "qasid-keys.qasid"
    assert keyfile.opened(saved.read_text(), PIN)["generation"] == 2
    offline.tap("ask-letters")
    assert armour.undress(offline.hand_out())[0] is armour.Kind.ACKNOWLEDGE
    offline.tap("back")
    offline.tap("lock")
    offline.unlock("99998888")
    offline.sees("unlock-fault", "does not open")
    offline.unlock(PIN)
    offline.at("home")

    # The new file knows what was read; the old one does not, and still no counter comes twice.
    counters = [first.counter]
    for file, messages in ((saved, ["an answer", "one"]), (path, [])):
        offline.page.clock.install(time=world.office.now + 60 * len(counters) + 1)
        offline.page.reload()
        offline.tap("language-en")
        offline.bring(file, PIN)
        offline.at("home")
        offline.tap("open-thread")
        expect(offline.page.get_by_test_id("message-text")).to_have_text(messages)
        offline.fill("thread-input", "again")
        offline.tap("thread-send")
        offline.tap("back")
        offline.tap("open-post")
        offline.page.get_by_test_id("give").last.click()
        inner = world.received(offline.hand_out()).content.inner
        assert TextMessage.parse(inner.payload).text == "again"
        counters.append(inner.counter)
    assert counters == sorted(set(counters))
    assert offline.faults == []


def test_a_notice_from_a_file_sends_nobody_anywhere(
    context: BrowserContext, world: World, tmp_path: Path
) -> None:
    context.add_init_script(NO_STORAGE)
    offline = Offline(context).open()
    offline.tap("language-en")
    offline.bring(world.file(tmp_path), PIN)
    offline.at("home")
    draft = world.office.draft(world.keys.record.owner)
    come = world.office.announce(draft, world.prekey.prekey)
    go = world.office.go(draft, world.prekey.prekey)
    path = tmp_path / "bot.qasid"
    path.write_text("\n".join(armour.dress(armour.Kind.ENVELOPE, letter) for letter in (come, go)))
    offline.tap("open-post")
    offline.page.get_by_test_id("take-file").set_input_files(path)
    expect(offline.page.get_by_test_id("fate-taken")).to_be_visible()
    offline.tap("back")
    offline.has("latest-notice", "data-standing", "confirmed")
    offline.tap("latest-notice")
    offline.sees("notice-place", "Gate 3")
    offline.sees("needs-app", re.compile("use the app"))
    checked(offline, "notice")
    offline.tap("back")
    with offline.page.expect_download() as saving:
        offline.tap("save-file")
    saving.value.save_as(path)

    # What called it off may have been read since, with another copy of the file.
    offline.page.reload()
    offline.tap("language-en")
    offline.bring(path, PIN)
    offline.has("latest-notice", "data-standing", "void")
    offline.sees("next-step", "Do not go")
    world.office.now += 60
    newer = world.office.draft(world.keys.record.owner, version=2, notice=draft.notice.notice)
    letters = [world.office.announce(newer, world.prekey.prekey), world.office.go(newer, world.prekey.prekey)]
    offline.tap("open-post")
    offline.put_in("".join(armour.dress(armour.Kind.ENVELOPE, letter) for letter in letters), "taken")
    offline.tap("back")
    offline.has("latest-notice", "data-standing", "confirmed")
    assert offline.faults == []
