"""What one desk keeps of people goes to the next officer's: once, whole, and to nobody else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from crypto.content import Inner, Kind
from crypto.encoding import b64u, new_id, unb64u
from crypto.errors import Malformed, Refused
from crypto.handover import HandedKind, HandedMessage, HandedPerson, Handover, Mark
from desk import chains, handovers, takeovers
from desk.home import Home
from desk.office import Desk as Opened
from tests.desk.house import PASSPHRASE, Desk, Office


@contextmanager
def opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("QASID_CLOCK_FILE", str(desk.clock_file))
    made = Opened.open(Home.unlock(desk.home, PASSPHRASE))
    try:
        yield made
    finally:
        made.close()


def texts(desk: Desk) -> list[tuple[str, str]]:
    return sorted((message.party, message.text) for message in desk.state().messages)


def codes(answer: Any) -> list[str]:
    return [each["code"] for each in answer["warnings"]]


def test_a_case_goes_to_the_next_officer_though_the_line_breaks(
    fresh: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, house = fresh.first, fresh.house
    (phone, alias), (other, _) = fresh.enrolled(), fresh.enrolled()
    phone.write("we are three")
    other.write("somebody else's")
    phone.tell(identity_name="Karima", needs_health="insulin")
    phone.tell(needs_health="")
    first.ok("inbox")
    first.ok("reply", alias, "noted")
    first.ok("people", "--name", alias, stdin="Karima\n")
    letter = first.ok("invite")
    first.ok("people", "--name", letter["alias"], stdin="Zia\n")
    first.ok("assign", alias, "C-01")
    for desk in (first, fresh.second):  # all who read have read it: the relay has it no more
        desk.ok("inbox")
    third = Desk(house, tmp_path / "desk-3")
    fresh.add(third, "W-02", "caseworker")
    third.ok("inbox")
    assert texts(third) == []

    ask = ("handover", "w-02", alias, letter["alias"])
    assert "--all" in first.no("handover", "W-02", code="usage", exit_code=2)
    assert "K-0000" in first.no("handover", "W-02", "K-0000", code="usage", exit_code=2)
    first.no(*ask, code="not_confirmed", exit_code=2)
    assert first.state().handovers == []
    monkeypatch.setattr(handovers, "PART", 1)  # a part for each row
    sent = 0

    def cut(method: str, path: str, body: Any) -> Any:
        nonlocal sent
        sent += (method, path) == ("POST", "/v1/envelopes")
        house.down = sent == 2  # after the second part has arrived
        return body

    house.lie = cut
    assert first.call(*ask, "--yes").code == 1
    house.lie, house.down = None, False
    assert "handover" in codes(third.ok("inbox"))
    [half] = third.ok("handover")["handovers"]
    assert (half["complete_at"], half["done"], half["parts"]) == (None, 2, 9)
    first.no("handover", "W-02", "--forget", "--yes", code="not_arrived")
    done = first.ok("handover", "W-02")
    assert (done["continued"], done["done"], done["messages"]) == (True, 9, 4)
    assert first.ok("assign")["assignments"] == [{"alias": alias, "role_code": "W-02"}]

    third.ok("inbox")
    told = [
        (alias, "case file: told identity-name, needs-health"),
        (alias, "case file: took back needs-health"),
    ]
    assert texts(third) == sorted([(f"C-01 to {alias}", "noted"), (alias, "we are three"), *told])
    fields = third.ok("file", "show", alias)["fields"]
    assert {code: each["text"] for code, each in fields.items()} == {"identity-name": "Karima"}
    assert {row["handed_by"] for row in third.ok("inbox", "--all")["messages"]} == {"C-01"}
    names = {row["alias"]: row["name"] for row in third.ok("people")["people"]}
    assert names == {alias: "Karima", letter["alias"]: "Zia"}
    taken = third.state()
    own = first.state().device
    assert not any(name.startswith(b64u(phone.keys.record.device)) for name in taken.chains)
    assert (taken.card_counter, taken.device != own) == (0, True)
    newcomer = house.phone()
    newcomer.enrol(letter["text"])
    third.ok("confirm", "--yes")  # by the letter's secret, which C-01 made
    assert newcomer.take_card() == "enrolled"

    assert first.ok("handover", "W-02", "--all", "--yes")["continued"] is False  # once more, and more
    third.ok("inbox")
    added = sorted(text for _, text in texts(third) if not text.startswith("case file"))
    assert added == ["noted", "somebody else's", "we are three"]
    both = third.ok("handover")["handovers"]
    assert [(row["given"], row["role_code"], row["messages"]) for row in both] == [
        (False, "C-01", 4),
        (False, "C-01", 1),
    ]
    assert "handover" in codes(first.ok("inbox"))
    phone.write("after it")
    first.ok("inbox")
    assert first.ok("handover", "W-02", "--forget", "--yes")["messages"] == 5
    assert first.state().files == {}
    assert texts(first) == [(alias, "after it")]
    assert first.state().people == {}
    first.no("handover", "W-02", "--forget", "--yes", code="not_arrived")
    phone.fetch()
    third.ok("reply", alias, "I look after you now")
    assert phone.fetch() == 1
    with opened(first, monkeypatch) as desk:  # cut off before the first part
        [to] = handovers.colleague(desk, "W-02")
        handovers.begin(desk, handovers.plan(desk, to, [alias]))
    first.ok("roster", "remove", "W-02", "--medium", str(fresh.medium), "--yes")
    assert "taken off" in first.no("handover", "W-02", alias, "--yes", code="not_standing")
    [*_, broken] = first.state().handovers
    assert (broken.broken_off, broken.due) == (True, [])


def test_not_to_oneself_nor_to_who_reads_no_mail(office: Office, tmp_path: Path) -> None:
    office.add(Desk(office.house, tmp_path / "auditor"), "A-01", "auditor")
    first = office.first
    assert "That is you" in first.no("handover", "C-01", "--all", "--yes", code="usage", exit_code=2)
    assert "no officer" in first.no("handover", "W-99", "--all", "--yes", code="usage", exit_code=2)
    assert "reads no mail" in first.no("handover", "A-01", "--all", "--yes", code="role")
    assert first.state().handovers == []


def test_a_replayed_or_altered_part_changes_nothing(office: Office, known: tuple[Any, str]) -> None:
    first, second, house = office.first, office.second, office.house
    phone, alias = known
    phone.write("only once")
    first.ok("inbox")
    first.ok("people", "--name", alias, stdin="Karima\n")
    second.ok("inbox")
    second.ok("people", "--name", alias, stdin="Karima Z\n")
    first.ok("handover", "C-02", alias, "--yes")
    kept: list[Any] = []

    def alter(method: str, path: str, body: Any) -> Any:
        if (method, path) == ("GET", "/v1/mail") and body["items"]:
            kept[:] = [json.loads(json.dumps(body))]
            data = bytearray(unb64u(body["items"][0]["envelope"]))
            data[200] ^= 1
            body["items"][0]["envelope"] = b64u(bytes(data))
        return body

    house.lie = alter
    assert codes(second.ok("inbox")) == ["not_opened"]
    assert second.state().handovers == []
    house.lie = None
    second.ok("inbox")
    before = second.state()
    person = before.people[phone_contact(second, alias)]
    assert (person.name, person.note) == ("Karima Z", "C-01: Karima")
    assert [message.handed for message in before.messages if message.text == "only once"] == [""]

    def replay(method: str, path: str, body: Any) -> Any:
        return kept[0] | {"roster": body["roster"]} if (method, path) == ("GET", "/v1/mail") else body

    house.lie = replay
    assert codes(second.ok("inbox")) == []
    after = second.state()
    assert (after.messages, after.people, after.handovers) == (
        before.messages,
        before.people,
        before.handovers,
    )


def phone_contact(desk: Desk, alias: str) -> str:
    return next(name for name, held in desk.state().contacts.items() if held.alias == alias)


def row(contact: bytes, text: str) -> HandedMessage:
    return HandedMessage(
        new_id(), contact, new_id(), "", HandedKind.TEXT, "", b"", bytes(32), 1, 1, Mark(0), text
    )


def test_what_a_colleague_may_not_hand_over(
    office: Office, known: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, alias = known
    office.second.ok("contacts")
    contact = unb64u(phone_contact(office.second, alias))
    handover, stranger = new_id(), new_id()
    part = Handover(handover, 1, 3, (), (), (row(contact, "known"),), ())
    with opened(office.first, monkeypatch) as first:

        def inner(part: Handover, **changed: Any) -> Inner:
            made = chains.compose(first, Kind.HANDOVER, first.office, part.handover, part.encode())
            return replace(made, **changed)

        with pytest.raises(Malformed, match="thread of its own"):
            inner(part, thread=new_id())
        letters = [inner(part), inner(part, sender=new_id())]
    with opened(office.second, monkeypatch) as second:
        count = len(second.state.messages)
        with pytest.raises(Refused, match="does not stand"):
            takeovers.take(second, part, letters[1])
        held = takeovers.take(second, part, letters[0])
        takeovers.take(second, part, letters[0])
        assert (held.came, held.messages, held.complete_at) == ([1], 1, 0)
        unknown = replace(
            part,
            part=2,
            people=(HandedPerson(stranger, "X-1", "Nobody", ""),),
            messages=(row(stranger, "x"),),
        )
        takeovers.take(second, unknown, letters[0])
        assert (held.left_out, held.contacts) == (1, [contact])
        assert b64u(stranger) not in second.state.people
        assert len(second.state.messages) == count + 1
        bad = replace(part, part=3, people=(HandedPerson(contact, alias, "a\u202eb", ""),))
        with pytest.raises(Refused, match="cannot be shown"):
            takeovers.take(second, bad, letters[0])
        with pytest.raises(Refused, match="contradicts"):
            takeovers.take(second, replace(part, part=3, parts=4), letters[0])
        copy = second.state.messages[-1]
        came = structs.replace(copy, id=count + 9, handed="")
        takeovers.supersede(second, came)
        assert copy not in second.state.messages
    with pytest.raises(Malformed, match="beyond its last"):
        replace(part, part=4)


def test_an_erased_person_leaves_what_is_still_to_go(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (phone, alias), (_, other) = office.enrolled(), office.enrolled()
    phone.write("forget me")
    first = office.first
    first.ok("inbox")
    for one in (alias, other):
        first.ok("people", "--name", one, stdin=f"Name of {one}\n")
    with opened(first, monkeypatch) as desk:  # cut off before the first part
        [to] = handovers.colleague(desk, "C-02")
        handovers.begin(desk, handovers.plan(desk, to, [alias, other]))
    first.ok("erase", alias, "--yes")
    due = b"".join(each for held in first.state().handovers for each in held.due)
    assert f"Name of {other}".encode() in due
    assert f"Name of {alias}".encode() not in due
    assert b"forget me" not in due
