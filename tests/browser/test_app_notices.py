"""Departure notices: unconfirmed until a valid go, for good or ill, whatever the relay does."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from crypto.encoding import b64u
from crypto.notice import Route
from crypto.statement import Reply
from desk import preview
from desk.state import HeldNotice, Offer
from tests.browser.fakerelay import Relay
from tests.browser.office import DAY, Draft
from tests.browser.phone import Phone
from words.catalogues import LANGUAGES


def announce(phone: Phone, relay: Relay) -> Draft:
    draft = relay.office.draft(relay.phone.owner)
    relay.post(relay.office.announce(draft, relay.prekey))
    phone.refresh()
    phone.tap("latest-notice")
    phone.at("notice")
    return draft


def look(phone: Phone, standing: str) -> None:
    """Back home, a round, and the notice again."""
    phone.tap("back")
    phone.refresh()
    phone.tap("latest-notice")
    phone.has("standing", "data-standing", standing)


def look_at_next(phone: Phone, standing: str) -> None:
    """What the home screen says is to be done now, and back."""
    phone.tap("next-open")
    phone.has("standing", "data-standing", standing)
    phone.tap("back")


def test_come_is_unconfirmed_until_its_go(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    enrolled.has("standing", "data-standing", "unconfirmed")
    enrolled.sees("standing", "Not confirmed — stay put")
    enrolled.sees("notice-place", "Opens here when")
    enrolled.sees("screen-notice", "C-01, C-02")
    relay.post(relay.office.go(draft, relay.prekey))
    look(enrolled, "confirmed")
    enrolled.sees("notice-place", "Gate 3, by the blue door")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desks_preview_is_what_the_phone_shows(enrolled: Phone, relay: Relay, language: str) -> None:
    enrolled.tap("open-settings")
    enrolled.tap(f"language-{language}")
    enrolled.tap("back")
    draft = announce(enrolled, relay)
    offers = [Offer(relay.phone.owner, bytes(16), 3, "K-4821")]
    held = HeldNotice(draft.notice.encode(), draft.place_key, "", bytes(16), offers)
    # Fluent's marks around what was put in are seen by nobody.
    seen = re.sub("[\u2068\u2069]", "", enrolled.page.get_by_test_id("screen-notice").inner_text())
    shown = preview.lines(held, language)
    assert len(shown) > 15
    for part in (part for line in shown for part in line.split(": ")):
        assert part in seen


def test_the_way_to_the_answer_is_at_the_top(enrolled: Phone, relay: Relay) -> None:
    announce(enrolled, relay)
    expect(enrolled.page.get_by_test_id("answer-accept")).not_to_be_in_viewport()
    expect(enrolled.page.get_by_test_id("notice-answer")).to_be_in_viewport(ratio=1)
    enrolled.tap("notice-answer")
    for name in ("accept", "decline", "need-help"):
        expect(enrolled.page.get_by_test_id(f"answer-{name}")).to_be_in_viewport(ratio=1)
    enrolled.tap("answer-accept")
    enrolled.tap("answer-send")
    enrolled.has("answer-given", "data-state", "handed")
    expect(enrolled.page.get_by_test_id("notice-answer")).to_have_count(0)


def test_an_answer_is_signed_after_its_effect_was_shown(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    enrolled.tap("answer-accept")
    enrolled.sees("answer-confirm", "Stay put until this page says Confirmed")
    assert relay.answers == []
    enrolled.tap("answer-send")
    enrolled.has("answer-given", "data-state", "handed")
    (answer,) = relay.answers
    assert (answer.answer, answer.content_hash, answer.party) == (Reply.ACCEPT, draft.notice.hash, 3)
    enrolled.tap("answer-change")
    enrolled.tap("answer-decline")
    enrolled.tap("answer-send")
    enrolled.has("answer-given", "data-answer", "decline")
    enrolled.until(lambda: len(relay.answers) == 2, "the second answer")
    assert relay.answers[1].counter == 2


def test_one_approval_or_one_officer_twice_shows_nothing(enrolled: Phone, relay: Relay) -> None:
    office = relay.office
    draft = office.draft(relay.phone.owner)
    relay.post(office.announce(draft, relay.prekey, office.approve(draft.notice, office.officers[:1])))
    enrolled.refresh()
    expect(enrolled.page.get_by_test_id("latest-notice")).to_have_count(0)
    enrolled.tap("open-thread")
    enrolled.sees("thread-rejected", "was not opened")


def withdraw(phone: Phone, purpose: str) -> None:
    phone.tap("back")
    phone.tap("open-settings")
    phone.tap(f"consent-{purpose}")
    phone.tap("withdraw-yes")
    phone.has(f"consent-{purpose}", "aria-checked", "false")


@pytest.mark.parametrize("purpose", ["messages", "departures"])
def test_withdrawing_voids_a_come_that_nobody_can_call_off_any_more(
    enrolled: Phone, relay: Relay, purpose: str
) -> None:
    draft = announce(enrolled, relay)
    relay.post(relay.office.go(draft, relay.prekey))
    look(enrolled, "confirmed")
    withdraw(enrolled, purpose)
    enrolled.tap("back")
    enrolled.sees("next-step", "no longer valid")
    enrolled.tap("latest-notice")
    enrolled.has("standing", "data-standing", "void")
    enrolled.sees("standing", "do not go")
    for told in ("Gate 3, by the blue door", "Be there between", "Bring"):
        expect(enrolled.page.get_by_text(told)).to_have_count(0)
    expect(enrolled.page.get_by_test_id("answer-accept")).to_have_count(0)
    # Given again: what was under way between is gone, so that one stays void, and another one counts.
    enrolled.tap("back")
    enrolled.tap("open-settings")
    enrolled.tap(f"consent-{purpose}")
    enrolled.tap("back")
    enrolled.sees("next-step", "no longer valid")
    relay.offset = 60
    relay.office.now = relay.now()
    relay.post(relay.office.announce(draft, relay.prekey))
    enrolled.refresh()
    enrolled.tap("latest-notice")
    enrolled.has("standing", "data-standing", "unconfirmed")


def test_a_phone_that_the_relay_no_longer_knows_shows_no_come_as_good(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    relay.post(relay.office.go(draft, relay.prekey))
    look(enrolled, "confirmed")
    device, relay.device = relay.device, None
    look(enrolled, "void")
    enrolled.tap("back")
    enrolled.sees("next-step", "no longer knows this phone")
    relay.device = device
    enrolled.refresh()
    enrolled.sees("next-step", "Your departure is confirmed")


def test_a_go_lapses(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    relay.post(relay.office.go(draft, relay.prekey, valid_for=3600))
    look(enrolled, "confirmed")
    relay.offset = 2 * 3600
    look(enrolled, "lapsed")
    enrolled.sees("notice-place", "Opens here when")


def test_a_threat_alert_voids_what_was_approved_before_it_and_nothing_since(
    enrolled: Phone, relay: Relay
) -> None:
    office, me = relay.office, relay.phone.owner
    late = office.announce(office.draft(me), relay.prekey)
    draft = announce(enrolled, relay)
    relay.post(office.go(draft, relay.prekey))
    look(enrolled, "confirmed")
    relay.post(office.announce(office.alert(me, Route.LAND_PK), relay.prekey))
    look(enrolled, "threat")  # danger first; the way by air stands
    enrolled.tap("back")
    enrolled.sees("next-step", "Your departure is confirmed")
    relay.offset = 60
    office.now = relay.now()
    warning = office.alert(me)
    relay.post(office.announce(warning, relay.prekey, office.approve(warning.notice, office.officers[:1])))
    relay.post(office.go(draft, relay.prekey))
    relay.post(late)  # approved before the alert, and on its way until now
    enrolled.refresh()
    enrolled.sees("next-step", "Read this now")
    look_at_next(enrolled, "threat")
    enrolled.sees("next-step", "A warning called your departure off")
    look_at_next(enrolled, "warned")
    expect(enrolled.page.get_by_text("Gate 3, by the blue door")).to_have_count(0)
    relay.offset = 120
    office.now = relay.now()
    newer = office.draft(me, version=2, notice=draft.notice.notice)
    relay.post(office.announce(newer, relay.prekey))
    relay.post(office.go(newer, relay.prekey))
    enrolled.refresh()
    expect(enrolled.page.get_by_text("Your departure is confirmed")).to_have_count(1)


def test_over_after_its_time(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    relay.post(relay.office.go(draft, relay.prekey))
    look(enrolled, "confirmed")
    relay.offset = 2 * DAY + 2 * 3600
    enrolled.tap("back")
    enrolled.refresh()
    expect(enrolled.page.get_by_test_id("latest-notice")).to_have_count(0)
    enrolled.sees("next-step", "Nothing to do now")


def test_an_expired_roster_confirms_nothing(enrolled: Phone, relay: Relay) -> None:
    relay.office.renew_short()
    enrolled.refresh()
    draft = announce(enrolled, relay)
    relay.post(relay.office.go(draft, relay.prekey))
    look(enrolled, "confirmed")
    relay.offset = DAY + 3600
    look(enrolled, "roster")


def test_a_cancel_is_for_good_whatever_comes_later(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    late = relay.office.go(draft, relay.prekey)
    relay.post(relay.office.cancel(draft, relay.prekey))
    look(enrolled, "cancelled")
    enrolled.sees("standing", "do not go")
    relay.post(relay.office.go(draft, relay.prekey))
    relay.post(late)
    look(enrolled, "cancelled")
    expect(enrolled.page.get_by_test_id("notice-place")).to_have_count(0)


def test_a_cancel_of_a_change_that_never_came_ends_what_is_here(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    go = relay.office.go(draft, relay.prekey)
    relay.post(go)
    look(enrolled, "confirmed")
    newer = relay.office.draft(relay.phone.owner, version=2, notice=draft.notice.notice)
    change = relay.office.announce(newer, relay.prekey)
    relay.post(relay.office.cancel(newer, relay.prekey))
    look(enrolled, "cancelled")
    expect(enrolled.page.get_by_test_id("notice-place")).to_have_count(0)
    relay.post(relay.office.go(draft, relay.prekey))
    relay.post(change)  # a relay that delivers it after all confirms and revives nothing
    relay.post(relay.office.go(newer, relay.prekey))
    look(enrolled, "cancelled")
    enrolled.sees("screen-notice", "Changed departure")


def test_a_cancel_that_comes_before_both_versions_ends_both(enrolled: Phone, relay: Relay) -> None:
    draft = relay.office.draft(relay.phone.owner)
    newer = relay.office.draft(relay.phone.owner, version=2, notice=draft.notice.notice)
    come, change = (relay.office.announce(each, relay.prekey) for each in (draft, newer))
    relay.post(relay.office.cancel(newer, relay.prekey))
    enrolled.refresh()
    relay.post(come)
    enrolled.refresh()
    enrolled.has("latest-notice", "data-standing", "cancelled")
    relay.post(change)
    enrolled.refresh()
    enrolled.has("latest-notice", "data-standing", "cancelled")


def test_a_newer_version_voids_the_older_go(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    relay.post(relay.office.go(draft, relay.prekey))
    look(enrolled, "confirmed")
    newer = relay.office.draft(relay.phone.owner, version=2, notice=draft.notice.notice)
    relay.post(relay.office.announce(newer, relay.prekey))
    look(enrolled, "unconfirmed")
    enrolled.sees("screen-notice", "Changed departure")


def test_a_go_before_its_notice_is_kept_and_then_holds(enrolled: Phone, relay: Relay) -> None:
    draft = relay.office.draft(relay.phone.owner)
    notice = relay.office.announce(draft, relay.prekey)
    relay.post(relay.office.go(draft, relay.prekey))
    enrolled.refresh()
    expect(enrolled.page.get_by_test_id("latest-notice")).to_have_count(0)
    relay.post(notice)
    enrolled.refresh()
    enrolled.has("latest-notice", "data-standing", "confirmed")


def test_a_go_with_another_place_key_confirms_nothing(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    relay.post(relay.office.go(Draft(draft.notice, bytes(32)), relay.prekey))
    look(enrolled, "unconfirmed")


def test_the_name_of_a_notice_is_the_relays_too(enrolled: Phone, relay: Relay) -> None:
    draft = announce(enrolled, relay)
    enrolled.sees("screen-notice", b64u(draft.notice.notice)[:6])


def test_an_answer_that_came_too_late_says_so(enrolled: Phone, relay: Relay) -> None:
    announce(enrolled, relay)
    relay.refuse["/v1/answers"] = 409
    enrolled.tap("answer-accept")
    enrolled.tap("answer-send")
    enrolled.sees("answer-failed", "too late, or for an older notice")


def test_declining_quiets_the_next_step(enrolled: Phone, relay: Relay) -> None:
    announce(enrolled, relay)
    enrolled.tap("answer-decline")
    enrolled.sees("answer-confirm", "no penalty")
    enrolled.tap("answer-send")
    enrolled.has("answer-given", "data-state", "handed")
    enrolled.tap("back")
    enrolled.sees("next-step", "Nothing to do now")


def test_a_change_inside_six_hours_asks_for_a_fresh_yes_before_the_new_place(
    enrolled: Phone, relay: Relay
) -> None:
    draft = announce(enrolled, relay)
    enrolled.tap("answer-accept")
    enrolled.tap("answer-send")
    relay.offset = 2 * DAY - 5 * 3600  # the report window begins five hours from now
    newer = relay.office.draft(relay.phone.owner, version=2, notice=draft.notice.notice)
    newer = Draft(replace(newer.notice, answer_by=newer.notice.report_from), newer.place_key)
    relay.office.now = relay.now()
    relay.post(relay.office.announce(newer, relay.prekey))
    relay.post(relay.office.go(newer, relay.prekey))
    look(enrolled, "confirmed")
    enrolled.sees("notice-anew", "Can you still come?")
    enrolled.sees("notice-place", "Opens here when")
    enrolled.tap("answer-accept")
    enrolled.tap("answer-send")
    enrolled.sees("notice-place", "Gate 3, by the blue door")
    enrolled.until(lambda: len(relay.answers) == 2, "the fresh yes")


def test_who_takes_a_no_back_hears_first_that_the_seats_may_be_gone(enrolled: Phone, relay: Relay) -> None:
    announce(enrolled, relay)
    enrolled.tap("answer-decline")
    enrolled.sees("answer-confirm", "they may be gone")
    enrolled.tap("answer-send")
    enrolled.has("answer-given", "data-state", "handed")
    relay.refuse["/v1/answers"], relay.reason = 409, "seats_short"
    enrolled.tap("answer-change")
    enrolled.tap("answer-accept")
    enrolled.sees("answer-confirm", "only if nobody else has them")
    enrolled.tap("answer-send")
    enrolled.sees("answer-failed", "others have these seats by now")
