"""Somebody without a letter: unverified on both sides, until two officers vouch for the phone by its number."""

from __future__ import annotations

from tests.story.stage import until
from tests.story.tale import PIN, Tale, digits
from tests.story.texts import ANSWERED, ASKED, THANKED

CODE = "HOST-7"


def somebody_comes_without_a_letter(tale: Tale) -> None:
    stage, desk = tale.stage, tale.first
    person = tale.people["stranger"] = stage.person("stranger", "en")
    desk.run("referrals", "open", CODE)
    phone = tale.guest = tale.phone.another("guest")
    phone.open(stage.act(person, "app", url=stage.url)["url"])
    phone.refer(CODE, PIN)
    phone.see("next-step")
    phone.send_text(ASKED)
    (row,) = desk.run("referrals")["referrals"]
    tale.stranger = str(row["alias"])
    read = desk.run("read", str(row["letters"][0]))
    tale.must(
        read["text"] == ASKED and read["unverified"], "the desk reads what they wrote, marked unverified"
    )
    tale.must(
        phone.count("unverified") == 1 and phone.count("screen-home") == 0,
        "and the phone holds the office unverified, too",
    )
    known = {contact["alias"] for contact in desk.run("contacts")["contacts"]}
    tale.must(tale.stranger not in known, "they stand among no contacts")


def two_officers_vouch(tale: Tale) -> None:
    phone, alias = tale.guest, tale.stranger
    assert phone
    once, again = (tale.first.run("referrals", "certify", alias, "--matches") for _ in range(2))
    number = phone.compare("screen-unverified")
    tale.must(digits(once["number"]) == digits(number), "desk and phone show the same comparison number")
    phone.refresh()
    tale.must(
        once["outcome"] == again["outcome"] == "waits for a second officer"
        and "Two officers" not in phone.text("next-step"),
        "one officer vouches, and once more: it is not enough",
    )
    twice = tale.second.run("referrals", "certify", alias, "--matches")
    tale.must((twice["first"], twice["outcome"]) == ("C-01", "enrolled"), "a second officer vouches: it is")
    phone.tap("open-number")
    phone.tap("compare-same")
    phone.see("screen-verified")
    tale.must(phone.count("unverified") == 0, "the phone took the card that both had signed")
    phone.tap("verified-next")
    phone.see("screen-home")
    phone.send_text(THANKED)
    letters = tale.second.run("inbox")["messages"]
    (letter,) = (each for each in letters if each["from"] == alias and each["kind"] == "text")
    tale.must(
        tale.second.run("read", str(letter["id"]))["text"] == THANKED,
        "a message travels from the new contact",
    )
    tale.first.run("reply", alias, ANSWERED)

    def read() -> bool:
        phone.refresh()
        return ANSWERED in phone.read_thread()

    tale.must(until("the answer", read, pause=0.2), "and one back")
    tale.must(not phone.trouble, "their phone logged no error")
