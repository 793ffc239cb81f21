"""What a person tells, permits to be passed on, and takes back: one office confirms its end, another does not."""

from __future__ import annotations

from typing import Any

from tests.story.stage import Desk, at_once
from tests.story.tale import Tale
from tests.story.texts import ILLNESS, KIN, NAME

PASS = ("file", "pass", "K-4821", "--yes", "--fields")


def the_person_tells_and_permits(tale: Tale) -> None:
    tale.phone.home()
    tale.phone.tell({"identity-name": NAME, "family-members": KIN, "needs-health": ILLNESS})
    told = tale.first.run("file", "show", "K-4821")["fields"]
    tale.must(
        {code: each["text"] for code, each in told.items()}
        == {"identity-name": NAME, "family-members": KIN, "needs-health": ILLNESS},
        "the phone sealed a case file, field by field; the desk reads it",
    )
    for office, permitted in (("North", ("identity", "family")), ("South", ("identity",))):
        asked = (
            "--office",
            office,
            "--fields",
            "identity,family,needs",
            "--called",
            f"Embassy of {office}land",
        )
        tale.first.run("file", "ask", "K-4821", *asked)
        tale.phone_until("next-open")
        tale.phone.decide(*permitted)
    said = tale.first.run("file", "show", "K-4821")["sharing"]
    tale.must(
        sorted((each["office"], each["fields"], each["given"]) for each in said)
        == [("North", "family", True), ("North", "identity", True), ("South", "identity", True)],
        "asked for three groups and two offices, the person permits each by itself, signed by the phone",
    )


def it_is_passed_on(tale: Tale) -> None:
    refused = tale.first.refused(*PASS, "needs", "--office", "North")
    tale.must(refused["code"] == "no_consent", "what was not permitted cannot be passed on")
    refused = tale.first.refused(*PASS, "identity,family", "--office", "North")
    tale.must(
        refused["code"] == "assent_missing", "nor what tells of the family, before each child was asked"
    )
    tale.phone.speak_for_children("The child agrees")
    said = [each["assent"] for each in tale.first.run("case", "show", tale.household)["members"]]
    tale.must(
        sorted(filter(None, said)) == ["agreed", "agreed"], "both children agree, by the guardian's phone"
    )
    for office, groups in (("North", "identity,family"), ("South", "identity")):
        tale.first.run(*PASS, groups, "--office", office)
    got = at_once(lambda: _fields(tale.desks["north"]), lambda: _fields(tale.desks["south"]))
    tale.must(
        got == [[{"identity-name": NAME, "family-members": KIN}], [{"identity-name": NAME}]],
        "both offices read what was permitted and nothing else, with the person's signed consent",
    )


def it_is_taken_back(tale: Tale) -> None:
    north, south = tale.desks["north"], tale.desks["south"]
    for office in ("North", "South"):
        tale.phone.take_back("identity", f"Embassy of {office}land")
    tale.phone.speak_for_children("The child does not agree")
    warned = [each["code"] for each in north.run("inbox")["warnings"]]
    tale.must(
        warned == ["taken_back"] and _fields(north) == [],
        "withdrawn in two taps, and by the children's no: North's desk destroyed it all by the phone's own signature",
    )
    done = north.run("file", "taken-back", "--yes")
    tale.must(done["acknowledged"] == 2, "and its officer signs that nothing is left")
    listed = tale.first.run("file", "passed")
    tale.must(
        sorted((each["office"], each["state"], each["proof"]) for each in listed["disclosures"])
        == [("North", "acknowledged", "signed by N-01 of North")] * 2 + [("South", "withdrawn", "")],
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
