"""From a letter to home: each way in, and each way it must fail."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import segno
from playwright.sync_api import expect

from crypto.number import comparison_number
from tests.browser.fakerelay import Relay
from tests.browser.phone import PIN, Phone

PERSIAN = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


def test_text_letter_to_home(phone: Phone, relay: Relay) -> None:
    phone.enrol(relay)
    phone.sees("next-step", "Nothing to do now")
    expect(phone.page.get_by_test_id("freshness")).to_have_attribute("data-offline", "false")
    assert sorted(consent.purpose for consent in relay.consents) == ["departures", "messages"]
    assert all(consent.given and consent.language == "en" for consent in relay.consents)


def test_twelve_words_and_the_comparison_number(phone: Phone, relay: Relay) -> None:
    phone.speak("fa-AF")
    words = relay.invite().secret.words()
    phone.give_letter(" ".join(word[:4].upper() for word in words.split()), "words")
    phone.at("who")
    shown = phone.number()
    assert re.fullmatch(r"[۰-۹]{5}( [۰-۹]{5}){11}", shown)
    phone.agree("messages")
    phone.arrive("۲۷۴۹۱۶")
    assert shown.translate(PERSIAN) == " ".join(comparison_number(relay.phone))
    phone.page.reload()
    phone.unlock("274916")  # the same digits in another script
    phone.at("waiting")


def test_words_that_do_not_fit_and_letters_that_are_not_known(phone: Phone, relay: Relay) -> None:
    phone.speak()
    phone.give_letter("abandon " * 12, "words")
    phone.sees("letter-fault", "do not fit together")
    phone.tap("back")
    phone.give_letter(relay.invite().text()[:-1])
    phone.sees("letter-fault", "not a whole letter")
    phone.tap("back")
    letter = relay.invite()
    relay.letters.clear()
    phone.give_letter(letter.text())
    phone.sees("letter-fault", "cannot be used")


def test_a_relay_that_forges_the_slip_is_caught(phone: Phone, relay: Relay) -> None:
    letter, other = relay.invite(), relay.invite()
    relay.letters[letter.secret.invitation] = relay.letters[other.secret.invitation]
    phone.speak()
    phone.give_letter(letter.secret.words(), "words")
    phone.sees("letter-fault", "do not agree")


def test_a_picture_of_the_code(phone: Phone, relay: Relay) -> None:
    picture = io.BytesIO()
    segno.make(relay.invite().text(), error="m").save(picture, kind="png", scale=6)
    phone.speak()
    file = {"name": "letter.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    phone.page.get_by_test_id("letter-picture").set_input_files(file)  # type: ignore[arg-type]
    phone.at("who")


def test_a_picture_without_a_code(phone: Phone) -> None:
    phone.speak()
    file = {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    phone.page.get_by_test_id("letter-picture").set_input_files(file)  # type: ignore[arg-type]
    phone.sees("letter-fault", "no letter code")


def test_no_camera_leads_to_the_words(phone: Phone, relay: Relay) -> None:
    phone.speak()
    refuse = "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }"
    phone.page.evaluate(refuse)
    phone.tap("letter-scan")
    phone.sees("camera-off", "cannot be used here")
    phone.tap("camera-instead")
    phone.at("letter-words")
    phone.fill("letter-input", relay.invite().secret.words())
    phone.tap("letter-check")
    phone.at("who")


def test_no_permission_no_way_on(phone: Phone, relay: Relay) -> None:
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.at("who")
    phone.tap("who-next")
    expect(phone.page.get_by_test_id("consent-messages")).to_have_attribute("aria-checked", "false")
    expect(phone.page.get_by_test_id("consent-next")).to_be_disabled()
    phone.tap("consent-departures")
    expect(phone.page.get_by_test_id("consent-next")).to_be_disabled()


def test_weak_and_different_pins(phone: Phone, relay: Relay) -> None:
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    for weak in ("12345", "123456", "777777"):
        phone.set_pin(weak)
        phone.sees("pin-fault", "at least six digits")
    phone.fill("pin", PIN)
    phone.fill("pin-again", "999111")
    phone.tap("pin-set")
    phone.sees("pin-fault", "not the same")


def test_enrolment_waits_for_the_network(phone: Phone, relay: Relay) -> None:
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    phone.at("pin")
    relay.fail = 503
    phone.set_pin()
    phone.at("waiting")
    phone.page.reload()
    phone.unlock()
    phone.at("waiting")
    assert relay.device is None
    relay.fail = 0
    with phone.page.expect_response(lambda response: response.url.endswith("/v1/enrolments")):
        phone.tap("refresh")
    assert relay.phone.office == relay.office.id


def test_the_doorbell_speaks_the_language_that_is_seen(phone: Phone, relay: Relay) -> None:
    """Whoever tapped a language they cannot read finds back, and the relay hears what stands on the screen."""
    html = phone.page.locator("html")
    phone.speak("en")
    phone.tap("languages")
    phone.speak("fa-AF")
    expect(html).to_have_attribute("dir", "rtl")
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    relay.refuse["/v1/enrolments"] = 503
    phone.arrive()
    # Changed once more before the relay could be told.
    phone.tap("languages")
    phone.at("language")
    phone.tap("language-en")
    phone.at("waiting")
    phone.tap("languages")
    phone.at("language")
    relay.refuse.clear()
    phone.until(lambda: relay.language, "the enrolment")
    assert relay.language == "en"  # the one that is read, also while the languages are shown
    phone.tap("language-fa-AF")
    phone.at("waiting")
    phone.until(lambda: relay.consents, "the consent")
    assert relay.consents[0].language == "fa-AF"  # the one it was given in


def test_a_second_phone_under_one_letter_freezes(phone: Phone, relay: Relay) -> None:
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    phone.arrive()
    relay.frozen = True
    phone.tap("refresh")
    phone.sees("waiting-frozen", "Another phone")


def test_a_card_for_swapped_keys_stops_the_phone(phone: Phone, relay: Relay) -> None:
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    phone.arrive()
    relay.card = relay.office.certify(
        replace(relay.phone, dh_pk=relay.office.officers[0].record.dh_pk)
    ).encode()
    phone.tap("refresh")
    phone.at("stop")
    phone.has("stop", "data-reason", "card")
