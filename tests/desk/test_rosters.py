"""Who may act for the office: adding, removing, renewing, succeeding; and who is granted the epochs."""

import json
from typing import Any

import pytest

from crypto.content import Status
from crypto.device import OwnerKind
from crypto.encoding import b64u, unb64u
from crypto.envelope import Envelope
from crypto.keys import DeviceKeys
from crypto.prekey import HolderKind
from desk.devices import DeviceRequest
from relay import auth, mailbox
from tests.desk.house import Desk, Office

DAY = 86_400


def medium(office: Office) -> list[str]:
    return ["--medium", str(office.medium)]


def test_epochs_go_to_who_reads_mail_and_to_nobody_else(fresh: Office) -> None:
    auditor = Desk(fresh.house, fresh.house.folder / "desk-3")
    joined = fresh.add(auditor, "A-01", "auditor")
    assert (joined["roles"], joined["epochs"]) == (["auditor"], 0)
    fresh.first.ok("status")  # would grant whatever it owed
    assert [e["held"] for e in fresh.second.ok("roster", "show")["epochs"]] == [True]
    auditor.call("inbox")
    assert [e["held"] for e in auditor.ok("roster", "show")["epochs"]] == [False]
    said = fresh.first.call(
        "roster", "add", "QASID-DEVICE1.AAAA", "--role-code", "X", "--roles", "auditor,caseworker", "--yes",
        *medium(fresh),
    )  # fmt: skip
    assert said.code != 0


@pytest.mark.parametrize(
    ("roles", "reads"),
    [
        ("coordinator", True),
        ("caseworker", True),
        ("liaison", False),
        ("auditor", False),
        ("host", False),
        ("coordinator,caseworker", True),
        ("caseworker,liaison", True),
    ],
)
def test_epochs_are_granted_to_whom_the_relay_serves_the_offices_mail(
    office: Office, roles: str, reads: bool
) -> None:
    """An epoch opens everything an office is sent: a role that is not to read it gets neither key nor letter."""
    phone, alias = office.enrolled()
    desk = Desk(office.house, office.house.folder / f"desk-{roles.replace(',', '-')}")
    granted = office.add(desk, f"X-{roles.replace(',', '-').upper()}"[:16], roles)["epochs"]
    phone.report(Status.SAFE)
    served = _mailbox(office, desk)
    assert (granted > 0, served) == (reads, reads)
    if not reads:
        assert "may not" in desk.no("reply", alias, "hello", code="role")


def _mailbox(office: Office, desk: Desk) -> bool:
    """Whether the relay has letters to the office's epoch for this desk."""

    def look(tx: Any) -> bool:
        who = auth.device_of(tx, unb64u(device), office.house.clock.now())
        items = mailbox.fetch(tx, who, 0, 100, office.house.clock.now()).items
        return any(
            wrap.address.kind is HolderKind.EPOCH
            for item in items
            for wrap in Envelope.parse(item.envelope).wraps
        )

    device = desk.ok("device", "show")["device"]
    return bool(office.house.store.write_now(look))


def test_a_grant_waits_for_the_device_that_joins(fresh: Office) -> None:
    """Sealed at `roster add`, to the prekey of the request; `join` collects it, and the mail it opens."""
    phone, alias = fresh.enrolled()
    phone.report(Status.SAFE)
    third = Desk(fresh.house, fresh.house.folder / "desk-3")
    new = third.ok("device", "new", "--relay", fresh.house.url, "--office", fresh.id, "--quick-kdf")
    added = fresh.first.ok(
        "roster",
        "add",
        new["request"],
        "--role-code",
        "W-01",
        "--roles",
        "caseworker",
        "--yes",
        *medium(fresh),
    )
    assert added["granted"] == 1
    assert third.ok("join", "--roster", added["join"])["epochs"] == 1
    assert third.ok("inbox", "--all")["messages"][-1]["from"] == alias
    assert fresh.first.state().grants_due is False


def test_a_phone_that_only_confirms_is_its_officers_and_is_granted_nothing(fresh: Office) -> None:
    first, second = fresh.first, fresh.second
    office, officer = unb64u(fresh.id, 32), unb64u(second.ok("device", "show")["officer"], 16)
    keys = DeviceKeys.generate(office, OwnerKind.OFFICER, officer)
    phone, only = DeviceRequest(keys.record).text(), ("--confirm-only", "--yes", *medium(fresh))
    told = "--role-code", "C-02", "--roles", "coordinator,caseworker"
    assert "only confirm" in first.no(
        "roster", "add", phone, *told, "--yes", *medium(fresh), code="usage", exit_code=2
    )
    desk = Desk(fresh.house, fresh.house.folder / "desk-3")
    new = desk.ok("device", "new", "--relay", fresh.house.url, "--office", fresh.id, "--quick-kdf")
    nobodys = DeviceRequest(DeviceKeys.generate(office, OwnerKind.OFFICER, bytes(16)).record).text()
    for asked, more in ((phone, told), (new["request"], ()), (nobodys, ())):
        first.no("roster", "add", asked, *more, *only, code="usage", exit_code=2)
    first.no("roster", "add", phone, "--role-code", "C-02", "--roles", "confirmer", "--yes", *medium(fresh),
             code="usage", exit_code=2)  # fmt: skip
    added = first.ok("roster", "add", phone, *only)
    assert (added["role_code"], added["granted"], first.state().grants_due) == ("C-02", 0, False)
    mine = [entry for entry in second.ok("roster", "show")["entries"] if entry["role_code"] == "C-02"]
    assert sorted(entry["roles"] for entry in mine) == [["confirmer"], ["coordinator", "caseworker"]]
    assert len({entry["not_after"] for entry in mine}) == 1
    assert "confirms only" in second.human("roster", "show")
    first.ok("roster", "renew", "--new-epoch", *medium(fresh))
    assert first.state().grants_due is False
    assert b64u(keys.record.device) not in first.state().granted
    first.ok("invite")
    first.ok("handover", "C-02", "--all", "--yes")  # to the desk
    gone = first.ok("roster", "remove", "C-02", "--yes", *medium(fresh))["removed"]
    assert set(gone) == {entry["device"] for entry in mine}


def test_what_waited_while_a_colleague_left_is_sealed_to_the_new_epoch(fresh: Office) -> None:
    auditor = Desk(fresh.house, fresh.house.folder / "desk-3")
    fresh.add(auditor, "A-01", "auditor")
    phone, alias = fresh.enrolled()
    fresh.second.ok("contacts")
    with fresh.second.unreachable():
        assert fresh.second.ok("reply", alias, "Wait for us.")["state"] == "queued"
    fresh.house.step(60)
    fresh.first.ok("roster", "remove", "A-01", "--yes", *medium(fresh))
    assert fresh.second.ok("inbox")["sent"] == 1
    phone.follow()
    phone.fetch()
    assert [m.text for m in phone.messages] == ["Wait for us."]
    (copy,) = [m for m in fresh.first.ok("inbox", "--all")["messages"] if m["from"] == f"C-02 to {alias}"]
    assert fresh.first.ok("read", str(copy["id"]))["text"] == "Wait for us."


def test_a_removed_device_opens_nothing_from_then_on(fresh: Office) -> None:
    phone, alias = fresh.enrolled()
    fresh.second.ok("reply", alias, "from C-02")
    phone.fetch()
    fresh.first.no("roster", "remove", "C-02", *medium(fresh), code="not_confirmed", exit_code=2)
    gone = fresh.first.ok("roster", "remove", "C-02", "--yes", *medium(fresh))
    epochs = fresh.first.ok("roster", "show")["epochs"]
    assert (len(epochs), epochs[-1]["epoch"]) == (2, gone["epoch"])
    refused = fresh.second.call("inbox")
    assert (refused.code, refused.data["error"]["code"]) == (1, "unknown_device")
    assert "the relay knows it no more" in refused.output
    assert "the relay knows it no more" not in fresh.first.call("inbox").output
    phone.follow()
    phone.report(Status.SAFE)
    assert fresh.first.ok("inbox")["messages"][-1]["from"] == alias
    fresh.first.no("roster", "remove", "C-01", "--yes", *medium(fresh), code="usage", exit_code=2)
    fresh.first.no("roster", "remove", "nobody", "--yes", *medium(fresh), code="usage", exit_code=2)


def test_letters_of_who_merely_left_are_still_read(fresh: Office) -> None:
    """A removal voids what is under way (PROTOCOL 12); a time that ran out does not, and it admits nobody either."""
    phone, alias = fresh.enrolled()
    fresh.second.ok("reply", alias, "before I go")
    fresh.first.ok("roster", "renew", "--extend", "C-02", "--until", "+10m", *medium(fresh))
    fresh.house.step(3 * 3600)
    assert fresh.second.call("reply", alias, "after I went").code == 1
    phone.follow()
    phone.fetch()
    assert [m.text for m in phone.messages] == ["before I go"]
    assert [m["from"] for m in fresh.first.ok("inbox", "--all")["messages"]] == [f"C-02 to {alias}"]


def test_letters_under_way_of_a_removed_device_are_refused(fresh: Office) -> None:
    """Nobody could tell an honest one from one that whoever stole the keys has dated back."""
    phone, alias = fresh.enrolled()
    fresh.second.ok("reply", alias, "sent before")
    fresh.house.step(60)
    fresh.first.ok("roster", "remove", "C-02", "--yes", *medium(fresh))
    phone.follow()
    phone.fetch()
    assert (phone.messages, len(phone.refused)) == ([], 1)


def test_cards_of_a_removed_officer_still_count(fresh: Office) -> None:
    """The contact was certified by C-02; C-02 leaves; the contact stays."""
    letter = fresh.second.ok("invite")
    phone = fresh.house.phone()
    phone.enrol(letter["text"])
    fresh.second.ok("confirm", "--yes")
    phone.take_card()
    phone.consent("messages")
    fresh.first.ok("contacts")
    fresh.first.ok("roster", "remove", "C-02", "--yes", *medium(fresh))
    assert fresh.first.ok("contacts")["warnings"] == []
    assert fresh.first.ok("reply", letter["alias"], "still here")["state"] == "accepted"
    phone.fetch()
    assert [m.text for m in phone.messages] == ["still here"]


def test_the_weekly_epoch(fresh: Office) -> None:
    assert fresh.first.ok("roster", "renew", *medium(fresh))["epoch"] is None
    fresh.house.step(8 * DAY)
    assert any("more than a week old" in text for text in fresh.first.ok("status")["warnings"])
    renewed = fresh.first.ok("roster", "renew", *medium(fresh))
    assert (renewed["granted"], renewed["epoch"] is not None) == (1, True)
    fresh.second.ok("inbox")
    assert [e["held"] for e in fresh.second.ok("roster", "show")["epochs"]] == [True, True]
    fresh.house.step(61 * DAY)
    fresh.first.ok("roster", "renew", *medium(fresh))
    state = json.loads(json.dumps(fresh.first.ok("roster", "show")))
    assert [e["sequence"] for e in state["epochs"]] == [3]


def test_an_officers_time_ends_and_is_extended(fresh: Office) -> None:
    args = ["roster", "renew", *medium(fresh), "--extend", "C-02", "--until"]
    fresh.first.ok(*args, "+2d")
    fresh.house.step(3 * DAY)
    assert fresh.second.call("status").code == 1
    fresh.first.ok(*args, "+90d")
    assert fresh.second.ok("status")["role_code"] == "C-02"
    fresh.first.no(*args, "+0m", code="refused")


def test_under_an_expired_roster_nothing_is_sealed(fresh: Office) -> None:
    phone, alias = fresh.enrolled()
    fresh.house.step(29 * DAY)
    phone.renew_prekey()
    fresh.house.step(2 * DAY)
    assert any("expired" in text for text in fresh.first.ok("status")["warnings"])
    assert "roster has expired" in fresh.first.no("reply", alias, "hello", code="refused")
    fresh.first.ok("roster", "renew", *medium(fresh))
    assert fresh.first.ok("reply", alias, "hello")["state"] == "accepted"


def test_the_committed_successor_and_only_it_takes_over(fresh: Office) -> None:
    (fresh.medium / "root.qasid-key").unlink()
    fresh.first.no("roster", "renew", *medium(fresh), code="no_root")
    fresh.first.no("root", "succession", *medium(fresh), code="not_confirmed", exit_code=2)
    done = fresh.first.ok("root", "succession", "--yes", *medium(fresh), "--quick-kdf")
    assert (done["office"], done["successions"]) == (fresh.id, 1)
    renewed = fresh.first.ok("roster", "renew", *medium(fresh))
    assert fresh.second.ok("roster", "show")["hash"] == renewed["roster"]["hash"]
    again = fresh.first.ok("root", "succession", "--yes", *medium(fresh), "--quick-kdf")
    assert again["successions"] == 2
    fresh.first.ok("roster", "renew", *medium(fresh))
    phone, _ = fresh.enrolled()
    assert phone.roster is not None
    assert len(phone.roster.successions) == 2


def test_another_root_signs_nothing_here(fresh: Office) -> None:
    other = fresh.house.folder / "other"
    other.mkdir()
    fresh.first.ok("root", "init", "--medium", str(other), "--quick-kdf")
    fresh.first.no("roster", "renew", "--medium", str(other), code="usage", exit_code=2)
    fresh.first.no("root", "init", "--medium", str(other), code="usage", exit_code=2)


def test_joining_under_another_roster_is_refused(fresh: Office) -> None:
    third = Desk(fresh.house, fresh.house.folder / "desk-3")
    new = third.ok("device", "new", "--relay", fresh.house.url, "--office", fresh.id, "--quick-kdf")
    third.no("join", "--roster", f"1:{'A' * 43}", code="roster_refused")
    third.no("join", "--roster", "nonsense", code="usage", exit_code=2)
    third.no("join", code="usage", exit_code=2)
    third.no("inbox", code="not_joined")
    head = fresh.first.ok("roster", "show")
    third.no("join", "--roster", f"{head['version']}:{head['hash']}", code="not_standing")
    broken = new["request"][:-6] + "AAAAAA"
    args = ["--role-code", "C-03", "--roles", "caseworker", "--yes", *medium(fresh)]
    fresh.first.no("roster", "add", broken, *args, code="refused")
    added = fresh.first.ok("roster", "add", new["request"], *args)
    assert added["number"] == new["number"]
    fresh.first.no("roster", "add", new["request"], *args, code="usage", exit_code=2)
    letter = fresh.first.ok("invite")["text"]
    said = third.no("join", "--letter", letter, code="usage", exit_code=2)
    assert "standard input" in said
    assert letter not in said
    third.no("join", "--letter", "no-such-file", code="usage", exit_code=2)
    assert third.ok("join", "--letter", "-", stdin=f"{letter}\n")["role_code"] == "C-03"
    third.no("notice", "draft", "--kind", "threat", "--expires", "+1h", "--to", "x", "--text", "en:message=x",
             code="role")  # fmt: skip


def test_joining_by_a_letter_in_a_file(fresh: Office) -> None:
    third = Desk(fresh.house, fresh.house.folder / "desk-3")
    new = third.ok("device", "new", "--relay", fresh.house.url, "--office", fresh.id, "--quick-kdf")
    request = fresh.house.folder / "request.txt"
    request.write_text(new["request"] + "\n")
    args = ["--role-code", "C-03", "--roles", "caseworker", "--yes", *medium(fresh)]
    fresh.first.no("roster", "add", "no-such-file", *args, code="usage", exit_code=2)
    fresh.first.ok("roster", "add", str(request), *args)
    letter = fresh.house.folder / "letter.txt"
    letter.write_text("not a letter\n")
    third.no("join", "--letter", str(letter), code="refused")
    letter.write_bytes(b"\xff\xfe")
    third.no("join", "--letter", str(letter), code="usage", exit_code=2)
    letter.write_text(fresh.first.ok("invite")["text"] + "\n")
    assert third.ok("join", "--letter", str(letter))["role_code"] == "C-03"
