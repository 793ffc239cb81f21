"""The officers' page against the real relay: a phone that confirms, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Locator, expect

from crypto.encoding import b64u
from crypto.keys import DeviceKeys
from crypto.notice import Route
from crypto.number import comparison_number
from crypto.roster import Role
from desk.devices import DeviceRequest
from relay import board, cases, caseviews, movements, offices, proposals
from tests.browser.access import checked
from tests.browser.fakerelay import DIST
from tests.browser.lock import lighten
from tests.browser.phone import PIN, Phone, visit
from tests.desk.house import House as Server
from tests.relay.house import House, Officer


@dataclass
class Bureau:
    """An office with a household, at a relay that serves the page."""

    server: Server
    house: House
    case: str = ""

    def __post_init__(self) -> None:
        self.house.invite(alias="K-4821").enrol()
        self.case = self.house.as_(self.house.chief, cases.open_, contact="K-4821", now=self.house.now)

    @property
    def ids(self) -> str:
        """As `qasid-desk device show` prints them."""
        return f"office   {b64u(self.house.office)}\nofficer  {b64u(self.house.chief.officer)} (C-01)"

    def follow(self, *gone: str) -> str:
        """The next roster, without these officers; what `qasid-desk roster add` says to send to the phone."""
        wire = self.house.next_roster(remove=gone)
        self.house.as_(self.house.by("C-02"), offices.follow, wire, self.house.now)
        return f"Send to the phone:\n\n  {self.house.roster.version}:{b64u(self.house.roster.hash)}"

    def propose(self, kind: str, said: str = "") -> bytes:
        """What C-02's account does in the chat, whoever has it."""
        subjects = {"invite": "", "status": "LAND-UZ", "step": "AIR-07", "lend": "AIR-07"}
        subject = subjects.get(kind, self.case)
        named = {"kind": kind, "subject": subject, "words": said}
        wish = self.house.as_(self.house.by("C-02"), proposals.propose, self.house.now, **named)
        return bytes(wish)

    def shown(self) -> Any:
        return self.house.as_(self.house.by("C-02"), caseviews.show, self.case, self.house.now)

    def ready(self) -> tuple[str, str]:
        """The answer, and by whom it was noted."""
        found = next(each for each in self.shown().facts if each.fact == "ready")
        return found.answer, found.role_code


@dataclass
class Pocket(Phone):
    """An officer's phone with the officers' page open."""

    path: str = "officer.html"

    def wish(self, text: str) -> Locator:
        return self.page.get_by_test_id("wish").filter(has_text=text)

    def decide(self, decision: str) -> None:
        self.tap(decision)
        self.tap("sure")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with Server(tmp_path_factory.mktemp("officer"), app_dir=DIST) as server:
        yield Bureau(server, House(server.store, server.vault, server.clock.now()).register())


@pytest.fixture(scope="module")
def joined(bureau: Bureau, browser: Browser) -> Any:
    """What a phone of C-01's stores once it has joined: nothing but the lock, the sealed keys and the language."""
    context = visit(browser)
    pocket = Pocket(context, bureau.server.url).open()
    pocket.at("language")
    pocket.tap("language-ps-AF")
    checked(pocket, "begin")
    pocket.fill("ids", "nothing of that kind")
    pocket.tap("ids-next")
    expect(pocket.page.get_by_test_id("ids-fault")).to_be_visible()
    pocket.fill("ids", bureau.ids)
    pocket.tap("ids-next")
    pocket.set_pin()
    checked(pocket, "join")
    asked = DeviceRequest.from_text(pocket.page.get_by_test_id("request").input_value())
    assert (asked.record.owner, asked.prekey) == (bureau.house.chief.officer, b"")
    groups = pocket.number().translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert groups == " ".join(comparison_number(asked.record))
    without = f"1:{b64u(bureau.house.roster.hash)}"
    # Its private halves are the phone's alone.
    keys = cast("DeviceKeys", SimpleNamespace(record=asked.record))
    mine = Officer("C-01", bureau.house.chief.roles, keys, bureau.house.chief.officer)
    bureau.house.officers.append(mine)
    for wrong in ("2:short", "1:" + "A" * 43, without, bureau.follow()):  # the last one takes it for a desk
        pocket.fill("join-text", wrong)
        pocket.tap("join")
        expect(pocket.page.get_by_test_id("join-fault")).to_be_visible()
    mine.roles = Role.CONFIRMER
    pocket.fill("join-text", bureau.follow())
    pocket.tap("join")
    checked(pocket, "wishes")
    pocket.tap("languages")
    pocket.tap("language-en")
    pocket.sees("device", "confirms for")
    pocket.sees("none", "Nothing waits")
    kept = pocket.page.evaluate(
        """() => new Promise((resolve) => { const asked = indexedDB.open('qasid-officer');
            asked.onsuccess = () => { const all = asked.result.transaction('values').objectStore('values')
                .getAllKeys(); all.onsuccess = () => resolve(all.result.sort()); }; })"""
    )
    assert kept == ["language", "lock", "safe/device"]
    assert pocket.faults == []
    state = context.storage_state(indexed_db=True)
    lighten(state, PIN)
    context.close()
    return state


@pytest.fixture
def pocket(browser: Browser, bureau: Bureau, joined: Any) -> Iterator[Pocket]:
    """The phone that has joined, open."""
    context = visit(browser, joined)
    made = Pocket(context, bureau.server.url).open()
    made.unlock()
    made.at("wishes")
    yield made
    context.close()
    assert made.faults == []


def test_a_proposal_counts_once_the_phone_confirms_it(bureau: Bureau, pocket: Pocket) -> None:
    bureau.propose("fact", "ready yes estimated")
    bureau.propose("invite")
    pocket.tap("again")
    pocket.wish("A new letter").click()
    pocket.sees("effect", "At your desk")
    for decision in ("confirm", "reject"):
        expect(pocket.page.get_by_test_id(decision)).to_have_count(0)
    pocket.tap("back")
    pocket.wish("ready").click()
    checked(pocket, "wish")
    assert "Proposed by C-02" in pocket.reads("screen-wish")
    pocket.tap("confirm")
    pocket.tap("cancel")
    assert bureau.ready() == ("unknown", "")  # one tap, and a proposal alone, change nothing
    pocket.decide("confirm")
    pocket.sees("done", "Confirmed: ")
    assert bureau.ready() == ("yes", "C-01")
    expect(pocket.page.get_by_test_id("wish")).to_have_count(1)
    bureau.propose("status", "limited official 12h")
    pocket.tap("again")
    pocket.wish("limited").click()
    pocket.decide("confirm")
    expect(pocket.page.get_by_test_id("wish")).to_have_count(1)
    (stands,) = bureau.house.as_(bureau.house.by("C-02"), board.listed, bureau.house.now)
    assert (stands.status, stands.route) == ("limited", Route.LAND_UZ)
    movement = bureau.house.movement(3, "AIR-07")
    bureau.propose("lend", "2")
    bureau.propose("step", "call")
    pocket.tap("again")
    pocket.wish("lend").click()
    expect(pocket.page.get_by_test_id("confirm")).to_have_count(0)
    pocket.tap("back")
    pocket.wish("called forward").click()
    pocket.decide("confirm")
    pocket.sees("done", "Confirmed: ")
    (view,) = bureau.house.as_(bureau.house.by("C-02"), movements.listed)
    assert (view.movement, view.state, view.seats) == (movement, "called", 3)


def test_what_cannot_be_confirmed_says_why(
    bureau: Bureau, pocket: Pocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second officer is to be another one; what was decided on is over; no network. Hidden, it locks.

    Nobody confirms what they were not told in words; a relay that lies about the roster is not gone along with.
    """

    def odd(_method: str, path: str, body: Any) -> Any:
        if path == "/v1/proposals":
            money = {"words": "wants <b>money</b>"}
            body["proposals"] = [row | money if row["kind"] == "vet" else row for row in body["proposals"]]
        return body

    def older(_method: str, path: str, body: Any) -> Any:
        return body | {"head": 1, "rosters": body["rosters"][:1]} if path.endswith("/rosters") else body

    bureau.propose("vet")
    pocket.tap("again")
    pocket.wish("vouch").click()
    expect(pocket.page.get_by_test_id("confirm")).to_be_disabled()
    pocket.tap("reason-papers")
    pocket.decide("confirm")
    pocket.sees("done", "Confirmed")
    bureau.propose("vet", "voice")
    over = bureau.propose("intent", "wants")
    pocket.tap("again")
    pocket.wish("vouch").click()
    pocket.decide("confirm")
    pocket.sees("fault", "the second officer has to be another one")
    pocket.tap("back")
    pocket.wish("leaving").click()
    bureau.house.as_(bureau.house.by("C-02"), proposals.decide, over, False, bureau.house.now)
    pocket.decide("confirm")
    pocket.sees("fault", "A colleague has decided on it already")
    assert bureau.shown().intent is None
    monkeypatch.setattr(bureau.server, "lie", odd)
    pocket.tap("back")
    pocket.wish("does not know").click()
    expect(pocket.page.get_by_test_id("confirm")).to_have_count(0)
    monkeypatch.setattr(bureau.server, "lie", older)
    pocket.decide("reject")
    pocket.sees("fault", "Call the holder of the office root")
    monkeypatch.setattr(bureau.server, "lie", None)
    pocket.decide("reject")
    pocket.sees("done", "Turned down")
    pocket.context.set_offline(True)
    pocket.tap("again")
    pocket.sees("fault", "There is no connection")
    pocket.context.set_offline(False)
    pocket.page.clock.install()
    pocket.page.evaluate(
        """() => {
            Object.defineProperty(document, 'hidden', {value: true, configurable: true});
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    pocket.page.clock.fast_forward(61_000)
    pocket.at("unlock")


def test_an_off_boarded_phone_falls_silent_and_offers_to_erase_itself(bureau: Bureau, pocket: Pocket) -> None:
    """The last of these tests: all of them use one device."""
    bureau.propose("intent", "unsure")
    pocket.tap("again")
    pocket.wish("leaving").click()
    pocket.tap("confirm")
    bureau.follow("C-01")
    pocket.tap("sure")
    checked(pocket, "gone")
    assert bureau.shown().intent is None
    pocket.page.clock.install()
    pocket.hold("erase-hold")
    pocket.page.clock.run_for(5_000)
    pocket.at("erased")
    pocket.page.reload()
    pocket.at("language")


def test_the_page_has_the_apps_policy_and_shares_none_of_its_files() -> None:
    texts = {name: (DIST / name).read_text() for name in ("index.html", "officer.html")}
    policies = [text.split('content="', 1)[1].split('"', 1)[0] for text in texts.values()]
    app, officers = (re.sub(r"'sha256-[^']+'", "(the digests of its own parts)", each) for each in policies)
    # The app alone shows photographs and plays voice notes.
    assert app.replace(" data: blob:; media-src blob:;", " data:;") == officers
    assert "default-src 'none'" in policies[0]
    named = [set(re.findall(r'(?:src|href)="\./assets/([^"]+)"', text)) for text in texts.values()]
    assert [len(files) for files in named] == [2, 2]
    assert not named[0] & named[1]
