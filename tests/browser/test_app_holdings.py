"""What the relay holds of a person, in the app; and the bot's button that leads there."""

from __future__ import annotations

from tests.browser.fakerelay import Relay
from tests.browser.phone import Phone


def test_all_of_it_in_words(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("open-settings")
    relay.fail = 503
    enrolled.tap("open-holdings")
    enrolled.sees("holdings-fault", "answered with an error")
    relay.fail = 0
    enrolled.tap("holdings-again")
    assert enrolled.reads("holdings").splitlines() == [
        "KA-1041: what your office calls you here, since 27 Aqrab 1405 (18 November 2026)",
        "When you last wrote: 29 Aqrab 1405 (20 November 2026)",
        "Phones that open your letters, as public keys: 1",
        "Your Telegram account, encrypted, so that it can ring you",
        "The language in which the bot writes to you, and whether it may",
        "What you permitted or took back, signed by your phone: 2",
        "Sealed letters: 3 for you, 2 from you",
        "Sealed photographs and voice notes, for you and from you: 3 (148 kB)",
        "Seats you were offered: 1. Answers you gave: 1",
        "How often an officer tried to reach you: 2",
        "What you said for children in your care, signed by your phone: 2",
        "Relatives who may ask when you were last heard of, if you permit it: 1",
        "Lines of your office’s log about you: 5. They stay when all else is gone, without your code",
        "Your household: 4 people as numbers, checked by officers 2 times",
        "Has documents: yes",
        "Ready: no",  # and nothing of a seat: what nobody knows is not no
        "Wants to leave",
        "Needs medical help",
        "Has an infant",
    ]
    enrolled.tap("back")
    relay.holdings = {"alias": ["<b>"], "since": "never"}
    enrolled.tap("open-holdings")
    enrolled.sees("holdings-fault", "connection")


def test_the_bots_button_leads_to_the_permissions_once(enrolled: Phone) -> None:
    enrolled.page.goto("about:blank")
    enrolled.open(tgWebAppStartParam="settings")
    enrolled.unlock()
    enrolled.at("settings")
    enrolled.tap("back")
    enrolled.at("home")
    enrolled.tap("lock")
    enrolled.unlock()
    enrolled.at("home")
