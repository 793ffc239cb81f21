"""Letters and who comes with them: the desk alone can tell whether a phone holds the letter."""

import re
import stat
from pathlib import Path

import pytest

from crypto.encoding import b64u, unb64u
from crypto.letter import Letter, Secret
from desk.errors import RelayError
from tests.desk.house import Office
from tests.phone import Phone
from words.dates import moment


def test_words_and_text_are_one_letter(office: Office, tmp_path: Path) -> None:
    page = tmp_path / "letter.html"
    made = office.first.ok("invite", "--alias", "K-WORDS", "--out", str(page))
    assert Letter.from_text(made["text"]).secret.value == Secret.from_words(" ".join(made["words"])).value
    assert made["link"] == f"https://t.me/desk_test_bot?start=i_{made['invitation']}"
    assert made["text"] not in made["link"]
    text = page.read_text(encoding="utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert all(f"<li>{word}</li>" in text for word in made["words"])
    assert made["text"] in text
    assert 'dir="rtl"' in text
    assert "@desk_test_bot" in text
    assert all(f"<bdi>{moment(made['expires'], language)}</bdi>" in text for language in ("en", "fa-AF"))
    assert not re.search(r"(src|href)=|https?://(?!www\.w3\.org)", text)
    office.first.no("invite", "--out", str(page), code="usage", exit_code=2)
    phone = office.house.phone()
    phone.enrol(" ".join(made["words"]))
    done = office.first.ok("confirm", "K-WORDS", "--evidence", "number", "--yes")["enrolments"][0]
    assert (done["outcome"], done["alias"], done["number"]) == ("enrolled", "K-WORDS", phone.number)
    assert phone.take_card() == "enrolled"
    rows = {row["alias"]: row for row in office.first.ok("contacts")["contacts"]}
    assert rows["K-WORDS"]["evidence"] == "number"
    shown = office.second.ok("verify", "K-WORDS", "--matches")
    assert shown["devices"][0]["number"] == phone.number
    assert shown["compared_at"] is not None
    assert office.second.ok("verify", "K-WORDS")["compared_at"] == shown["compared_at"]


def test_the_secret_is_gone_once_the_phone_is_enrolled(office: Office) -> None:
    made = office.first.ok("invite")
    row = next(r for r in office.first.ok("invitations")["invitations"] if r["alias"] == made["alias"])
    assert (row["state"], row["kept_here"]) == ("open", True)
    phone = office.house.phone()
    phone.enrol(made["text"])
    office.first.ok("confirm", made["alias"], "--yes")
    row = next(r for r in office.first.ok("invitations")["invitations"] if r["alias"] == made["alias"])
    assert (row["state"], row["kept_here"]) == ("used", False)
    assert all(kept.contact != unb64u(made["contact"]) for kept in office.first.state().letters.values())


def test_a_phone_that_does_not_know_the_secret_is_refused(office: Office) -> None:
    """As the relay itself could do: it saw the admit token, but never the MAC key."""
    made = office.first.ok("invite")
    intruder = office.house.phone()
    intruder.read(made["text"])
    real = intruder.secret
    assert real is not None
    intruder.secret = _Knows(real)
    intruder.ask()
    done = office.first.call("confirm", made["alias"], "--yes")
    assert (done.code, done.data["enrolments"][0]["outcome"]) == (1, "refused")
    assert "letter" in done.data["enrolments"][0]["why"]
    rightful = office.house.phone()
    rightful.enrol(made["text"])
    assert office.first.ok("confirm", made["alias"], "--yes")["enrolments"][0]["outcome"] == "enrolled"
    assert rightful.take_card() == "enrolled"


class _Knows(Secret):
    """What the relay knows of a letter: its id and admit token, no key."""

    def __init__(self, real: Secret) -> None:
        super().__init__(bytes(16))
        object.__setattr__(self, "real", real)

    @property
    def invitation(self) -> bytes:
        return self.real.invitation  # type: ignore[attr-defined,no-any-return]

    @property
    def admit_token(self) -> bytes:
        return self.real.admit_token  # type: ignore[attr-defined,no-any-return]


def test_two_phones_with_one_letter_are_an_alarm(office: Office) -> None:
    made = office.first.ok("invite")
    phones = [office.house.phone() for _ in range(2)]
    states = [phone.enrol(made["text"]) for phone in phones]
    assert states == ["pending", "frozen"]
    for _ in range(2):
        done = office.first.call("confirm", "--yes")
        row = next(r for r in done.data["enrolments"] if r["alias"] == made["alias"])
        assert (done.code, row["outcome"]) == (1, "alarm")
    assert any("Two phones" in text for text in office.first.ok("status")["warnings"])
    assert [phone.take_card() for phone in phones] == ["frozen", "frozen"]
    _reject(office, made["alias"])


def _reject(office: Office, alias: str) -> None:
    done = office.first.call("confirm", alias, "--reject", "--yes")
    assert (done.code, done.data["enrolments"][0]["outcome"]) == (0, "rejected")


def test_a_colleague_cannot_confirm_a_letter_made_at_another_desk(office: Office) -> None:
    made = office.first.ok("invite")
    phone = office.house.phone()
    phone.enrol(made["text"])
    done = office.second.ok("confirm", made["alias"], "--yes")
    assert done["enrolments"][0]["outcome"] == "elsewhere"
    assert phone.take_card() == "pending"
    _reject(office, made["alias"])


def test_a_void_letter_admits_nobody(office: Office) -> None:
    made = office.first.ok("invite")
    phone = office.house.phone()
    phone.read(made["text"])
    office.first.no("invitations", "--void", made["alias"], code="not_confirmed", exit_code=2)
    rows = office.first.ok("invitations", "--void", made["invitation"][:10], "--yes")["invitations"]
    assert next(r for r in rows if r["alias"] == made["alias"])["state"] == "void"
    with pytest.raises(RelayError) as refused:
        phone.ask()
    assert refused.value.code == "letter_not_valid"


def test_a_proposal_from_the_chat_is_decided_here(office: Office) -> None:
    device = unb64u(office.second.ok("device", "show")["device"])
    office.house.propose(device)
    assert office.first.ok("status")["proposals"] == 1
    office.first.no("confirm", code="not_confirmed", exit_code=2)
    done = office.first.ok("confirm", "--yes")["proposals"]
    assert [(row["outcome"], row["by"], row["kind"]) for row in done] == [("confirmed", "C-02", "invite")]
    phone: Phone = office.house.phone()
    assert phone.enrol(done[0]["letter"]["text"]) == "pending"
    office.house.propose(device)
    assert office.first.ok("confirm", done[0]["letter"]["alias"], "--yes")["proposals"] == []
    rejected = office.first.ok("confirm", "--reject", "--yes")["proposals"]
    assert [(row["outcome"], row["letter"]) for row in rejected] == [("rejected", None)]
    office.first.no("confirm", b64u(bytes(16)), "--yes", code="nothing")


def test_a_letter_registered_in_vain_leaves_no_secret(office: Office) -> None:
    taken = office.first.ok("invite")["alias"]
    before = office.first.state().letters
    office.first.no("invite", "--alias", taken, code="alias_taken")
    assert office.first.state().letters == before
