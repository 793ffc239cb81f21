"""What a person tells, permits to be passed on, and takes back: one office confirms its end, another does not."""

from __future__ import annotations

from typing import Any

from tests.story.stage import Desk, at_once
from tests.story.tale import Tale
from tests.story.texts import ILLNESS, NAME

PASS = ("file", "pass", "K-4821", "--yes", "--fields")


def the_person_tells_and_permits(tale: Tale) -> None:
    tale.phone.home()
    tale.phone.tell({"identity-name": NAME, "needs-health": ILLNESS})
    told = tale.first.run("file", "show", "K-4821")["fields"]
    tale.must(
        {code: each["text"] for code, each in told.items()}
        == {"identity-name": NAME, "needs-health": ILLNESS},
        "the phone sealed a case file, field by field; the desk reads it",
    )
    for office in ("North", "South"):
        asked = ("--office", office, "--fields", "identity,needs", "--called", f"Embassy of {office}land")
        tale.first.run("file", "ask", "K-4821", *asked)
        tale.phone_until("next-open")
        tale.phone.decide("identity")
    said = tale.first.run("file", "show", "K-4821")["sharing"]
    tale.must(
        sorted((each["office"], each["fields"], each["given"]) for each in said)
        == [("North", "identity", True), ("South", "identity", True)],
        "asked for two groups and two offices, the person permits one group to each, signed by the phone",
    )


def it_is_passed_on(tale: Tale) -> None:
    refused = tale.first.refused(*PASS, "needs", "--office", "North")
    tale.must(refused["code"] == "no_consent", "what was not permitted cannot be passed on")
    for office in ("North", "South"):
        tale.first.run(*PASS, "identity", "--office", office)
    got = at_once(lambda: _fields(tale.desks["north"]), lambda: _fields(tale.desks["south"]))
    tale.must(
        got == [[{"identity-name": NAME}]] * 2,
        "both offices read what was permitted and nothing else, with the person's signed consent",
    )


def it_is_taken_back(tale: Tale) -> None:
    north, south = tale.desks["north"], tale.desks["south"]
    for office in ("North", "South"):
        tale.phone.take_back("identity", f"Embassy of {office}land")
    warned = [each["code"] for each in north.run("inbox")["warnings"]]
    tale.must(
        warned == ["taken_back"] and _fields(north) == [],
        "withdrawn in two taps: North's desk destroyed it by the person's own signature",
    )
    done = north.run("file", "taken-back", "--yes")
    tale.must(done["acknowledged"] == 1, "and its officer signs that nothing is left")
    listed = tale.first.run("file", "passed")
    tale.must(
        sorted((each["office"], each["state"], each["proof"]) for each in listed["disclosures"])
        == [("North", "acknowledged", "signed by N-01 of North"), ("South", "withdrawn", "")],
        "the office sees North's signed word, and that South owes one",
    )
    chat = tale.ask(tale.people["officer-1"], "/consents")
    owing = tale.offices["south"][:8]
    tale.must(
        owing in chat and "Not acknowledged: 1" in chat and tale.offices["north"][:8] not in chat,
        "/consents names South alone, by its code, and nobody's alias",
    )
    tale.phone.tap("open-settings")
    tale.phone.tap("open-holdings")
    tale.phone.see("holdings")
    shown = tale.phone.text("screen-holdings")
    tale.must(
        "not confirmed destroyed yet" in shown and "— confirmed destroyed" in shown,
        "and the person sees who has confirmed and who has not",
    )
    tale.phone.home()
    tale.must(
        _fields(south) == [], "South's desk destroys its copy as soon as it is opened, confirmed or not"
    )


def _fields(desk: Desk) -> list[dict[str, str]]:
    """What other offices passed on that this desk still holds."""
    threads: list[dict[str, Any]] = desk.run("thread", "list")["threads"]
    read = [desk.run("thread", "read", str(each["thread"]))["messages"] for each in threads]
    return [dict(message["fields"]) for messages in read for message in messages if "fields" in message]
