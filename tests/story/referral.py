"""Somebody without a letter: unverified on both sides, until two officers vouch for the phone by its number."""

from __future__ import annotations

from tests.phone import Phone
from tests.story.tale import Tale, digits
from tests.story.texts import ANSWERED, ASKED, THANKED

CODE = "HOST-7"


def somebody_comes_without_a_letter(tale: Tale) -> None:
    stage, desk = tale.stage, tale.first
    person = tale.people["stranger"] = stage.person("stranger", "en")
    desk.run("referrals", "open", CODE)
    phone = tale.guest = Phone(stage.url, stage.now)
    phone.init_data = stage.init_data(person)
    tale.must(phone.refer(CODE) == "waiting", "the phone asked an office that takes people without a letter")
    phone.write(ASKED)
    (row,) = desk.run("referrals")["referrals"]
    tale.stranger = str(row["alias"])
    read = desk.run("read", str(row["letters"][0]))
    tale.must(
        read["text"] == ASKED and read["unverified"], "the desk reads what they wrote, marked unverified"
    )
    tale.must(
        phone.unverified and phone.take_card() == "pending", "and the phone holds the office unverified, too"
    )
    known = {contact["alias"] for contact in desk.run("contacts")["contacts"]}
    tale.must(tale.stranger not in known, "they stand among no contacts")


def two_officers_vouch(tale: Tale) -> None:
    phone, alias = tale.guest, tale.stranger
    assert phone
    once, again = (tale.first.run("referrals", "certify", alias, "--matches") for _ in range(2))
    tale.must(
        digits(once["number"]) == digits(phone.number), "desk and phone show the same comparison number"
    )
    tale.must(
        once["outcome"] == again["outcome"] == "waits for a second officer"
        and phone.take_card() == "pending",
        "one officer vouches, and once more: it is not enough",
    )
    twice = tale.second.run("referrals", "certify", alias, "--matches")
    tale.must((twice["first"], twice["outcome"]) == ("C-01", "enrolled"), "a second officer vouches: it is")
    phone.compared = True
    tale.must(
        phone.take_card() == "enrolled" and not phone.unverified,
        "the phone took the card that both had signed",
    )
    phone.write(THANKED)
    letters = tale.second.run("inbox")["messages"]
    (letter,) = (each for each in letters if each["from"] == alias and each["kind"] == "text")
    tale.must(
        tale.second.run("read", str(letter["id"]))["text"] == THANKED,
        "a message travels from the new contact",
    )
    tale.first.run("reply", alias, ANSWERED)
    phone.fetch()
    tale.must([each.text for each in phone.messages] == [ANSWERED], "and one back")
