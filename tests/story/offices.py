"""Offices: two partners who reach each other through the host, and an officer who leaves."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.story.stage import Desk, at_once
from tests.story.tale import Tale
from tests.story.texts import PASSED_ON, RETURNED, SECRETS


def two_partner_offices_begin(tale: Tale) -> None:
    """Each is known to the host, and the host to each. South also pins North, whose words it is to get."""
    begun = at_once(lambda: tale.found("north", "N-01"), lambda: tale.found("south", "S-01"))
    tale.must(
        all(each["office"] == each["root"] for each in begun)
        and len({each["office"] for each in begun} | {tale.offices["desk-1"]}) == 3,
        "two partner offices are registered, each under a root of its own",
    )
    host, north, south = tale.first, tale.desks["north"], tale.desks["south"]
    cards = at_once(*(partial(desk.run, "office", "card") for desk in (host, north, south)))
    hosts, norths, souths = (
        ("office", "pin", card["card"], "--name", name, "--yes")
        for name, card in zip(("Host", "North", "South"), cards, strict=True)
    )
    pinned = at_once(
        lambda: host.run_all(norths, souths),
        lambda: north.run_all(hosts),
        lambda: south.run_all(hosts, norths),
    )
    shown = [card["number"] for card in cards]
    compared = [[each["number"] for each in numbers] for numbers in pinned]
    tale.must(
        compared == [[shown[1], shown[2]], [shown[0]], [shown[0], shown[1]]] and len(set(shown)) == 3,
        "cards were exchanged, and each office's number is the same on both sides",
    )
    listed = host.run("office", "list")["offices"]
    tale.must(
        [(each["name"], each["mutual"]) for each in listed] == [("North", True), ("South", True)],
        "the host and each partner have accepted each other",
    )


def no_office_sees_anothers_people(tale: Tale) -> None:
    north = tale.desks["north"]
    tale.must(north.run("contacts")["contacts"] == [], "another office has no contacts")
    tale.must(
        north.refused("case", "show", tale.household)["code"] == "case_not_found",
        "the household is unknown there",
    )
    officer = tale.bind(north, "officer-north")
    answers = {tale.ask(officer, command) for command in ("/case K-4821", f"/household {tale.household}")}
    tale.must(
        answers == {"📁 No such code here."}, "and in the chat neither it nor K-4821 is a code of theirs"
    )


def words_are_passed_on(tale: Tale) -> None:
    host, south = tale.first, tale.desks["south"]
    number = _request(tale, PASSED_ON)
    chat = tale.ask(tale.people["officer-1"], "/threads")
    words = {*SECRETS, "North", "South", *(each[:8] for each in tale.offices.values())}
    tale.must(
        _count(chat, "To be passed on by us") == "1" and not any(word in chat for word in words),
        "/threads counts one to be passed on, and names neither office nor words",
    )
    host.run("mediate", "pass", number)
    (came,) = _messages(south)
    tale.must(
        (came["text"], came["from"], came["author"]) == (PASSED_ON, "Host", "North"),
        "South reads North's words, which came by the host",
    )
    tale.must(
        came["origin"] == "verified", "the signed original is enclosed, and verifies under North's own root"
    )


def words_are_returned(tale: Tale) -> None:
    north, south = tale.desks["north"], tale.desks["south"]
    tale.first.run("mediate", "return", _request(tale, RETURNED), "--reason", "wording")
    norths, souths = at_once(lambda: _messages(north), lambda: _messages(south))
    became = [each["outcome"] for each in norths if each["kind"] == "request"]
    tale.must(
        became == ["passed on", "returned (wording)"],
        "North sees which was passed on, and which returned and why",
    )
    tale.must([each["text"] for each in souths] == [PASSED_ON], "South got nothing of what was returned")
    chat = tale.ask(tale.people["officer-north"], "/threads")
    tale.must(
        (_count(chat, "Ours, passed on"), _count(chat, "Ours, returned")) == ("1", "1"),
        "/threads counts one passed on and one returned",
    )


def an_officer_is_taken_off(tale: Tale) -> None:
    desk, _ = tale.join("desk-3", "C-03")
    officer = tale.bind(desk, "officer-3")
    tale.must(
        "C-03" in tale.ask(officer, "/whoami"),
        "a third officer stands in the roster, and is known in the chat",
    )
    removed = tale.first.run(
        "roster", "remove", "C-03", "--medium", str(tale.stage.medium("desk-1")), "--yes"
    )
    tale.must(len(removed["removed"]) == 1, "the root signed a roster without that device, and a new epoch")
    refused = desk.refused("inbox")
    tale.must(refused["code"] == "unknown_device", "the relay refuses that device's very next command")
    stranger = tale.people["outsider-3"] = tale.stage.person("outsider-3", "en")
    theirs, anybodys = at_once(*(partial(tale.ask, each, "/queue") for each in (officer, stranger)))
    tale.must(theirs == anybodys, "and the chat answers them as it does a stranger")


def _request(tale: Tale, text: str) -> str:
    """North asks the host to pass words on to South; their number at the host."""
    tale.desks["north"].run("thread", "start", "Host", text, "--pass-to", tale.offices["south"])
    (asked,) = tale.first.run("mediate", "list")["messages"]
    tale.must(
        (asked["from"], asked["text"]) == ("North", text), "the host reads what North asks it to pass on"
    )
    return str(asked["id"])


def _messages(desk: Desk) -> list[dict[str, Any]]:
    """What stands in all of a desk's threads."""
    threads = desk.run("thread", "list")["threads"]
    return [
        message for each in threads for message in desk.run("thread", "read", str(each["thread"]))["messages"]
    ]


def _count(chat: str, label: str) -> str:
    """The number in the line below a label."""
    lines = chat.splitlines()
    below = next((lines[at + 1] for at, line in enumerate(lines[:-1]) if label in line), "")
    return below.partition(" ")[0]
