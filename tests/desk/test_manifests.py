"""Manifests: numbers for whoever asks, names by consent and two officers, and on their date nothing of them is left."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64u, unb64u
from crypto.manifest import Manifest
from crypto.missive import Missive, MissiveKind
from crypto.notice import Notice
from crypto.statement import Child, Reply
from desk import countersignatures, threads
from desk.manifests import FIELDS
from tests.desk.house import Desk, House, Office
from tests.desk.kept import Kept
from tests.desk.test_notices import only, released
from tests.desk.test_offices import befriend, found
from tests.phone import Phone

DAY = 86_400
NAME = "=Farida Ahmadi"
PAPERS = {
    "papers_kind": "passport", "papers_issuer": "AFG", "papers_surname": "Ahmadi", "papers_given": "Farida",
    "papers_number": "P0471133", "papers_nationality": "AFG", "papers_birth": "1988-03-14", "papers_sex": "F",
    "papers_expiry": "2031-03-14",
}  # fmt: skip


class Flight:
    """A home office of two coordinators, North, which it works with, and two people who accepted seats."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.home, self.north = Office.found(house), found(house, "N")
        befriend(self.home, self.north, ("Home", "North"))
        self.office = unb64u(self.north.id)
        pin = ("office", "pin", self.north.first.ok("office", "card")["card"], "--name", "North", "--yes")
        self.home.second.ok(*pin)
        people = [self.home.enrolled() for _ in range(2)]
        (self.phone, self.alias), (self.other, self.silent) = people
        self.code = self.fly(*people)
        self.phone.tell(identity_name=NAME, needs_help="a\u202ewheelchair", **PAPERS)
        self.other.tell(identity_name="احمد")

    def fly(self, *people: tuple[Phone, str]) -> str:
        """A movement whose seats these people accepted; its code."""
        name, version = released(self.home, *(alias for _, alias in people))
        for phone, _ in people:
            phone.answer(*only(phone), Reply.ACCEPT)
        for desk in (self.home.first, self.home.second):
            desk.ok("inbox")
        return Notice.parse(self.home.first.state().notices[f"{name}/{version}"].notice).movement

    def permit(self, phone: Phone, *groups: str, given: bool = True) -> None:
        for group in groups:
            phone.share(self.office, group, given=given)

    def propose(self, *options: str, fields: str = "identity-name") -> dict[str, Any]:
        by_name = ("manifest", self.code, "--for", "North", "--fields", fields, "--yes")
        return dict(self.home.first.ok(*by_name, *options))

    def sent(self, fields: str = "identity-name", *options: str) -> str:
        """A manifest that both signed, and which has come; its id."""
        made = self.propose(*options, fields=fields)
        done = self.home.second.ok("manifests", "approve", made["manifest"], "--called", "Northland", "--yes")
        assert (done["state"], done["untold"]) == ("sent", [])
        return str(made["manifest"])


def held(desk: Desk) -> bytes:
    """All that a desk has on its disk, unsealed: what was said between offices."""
    return b"".join(Missive.parse(each.missive).encode() for each in desk.state().missives)


@pytest.fixture(scope="module")
def _flown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flight, Kept]]:
    with House(tmp_path_factory.mktemp("flight")) as house:
        yield Flight(house), Kept(house)


@pytest.fixture
def flight(_flown: tuple[Flight, Kept]) -> Flight:
    flight, kept = _flown
    kept.restore()
    return flight


def test_a_headcount_is_all_that_an_outsider_gets(flight: Flight) -> None:
    desk = flight.home.first
    hidden = desk.ok("manifest", flight.code, "--for", "outsider")
    assert {hidden[name] for name in ("people", "parties", "adults", "minors", "unknown")} == {None}
    case = desk.ok("case", "open", flight.alias)["alias"]
    whole = desk.ok("manifest", flight.code, "--for", "North")
    assert (whole["people"], whole["parties"], whole["unknown"]) == (
        4,
        2,
        4,
    )  # seats for two, and one is known
    desk.ok("case", "member", "add", case, "--guardian", "1")
    whole = desk.ok("manifest", flight.code, "--for", "North")
    assert [whole[name] for name in ("people", "adults", "minors", "unknown")] == [4, 1, 1, 2]
    assert "hidden" in desk.human("manifest", flight.code, "--for", "outsider")
    log = [(row["event"], row["about"]) for row in desk.ok("audit")["entries"][-4:]]
    assert ("headcount_made", f"{flight.code} outsider 4") in log
    assert not any("K-" in about for _, about in log if about.startswith("AIR"))
    desk.no(
        "manifest",
        flight.code,
        "--for",
        "outsider",
        "--fields",
        "identity-name",
        code="usage",
        exit_code=2,
    )
    desk.no("manifest", flight.code, "--for", "South", code="usage", exit_code=2)
    desk.no("manifest", "NO-1", "--for", "outsider", code="refused")


def test_nobody_is_named_without_consent(flight: Flight) -> None:
    desk = flight.home.first
    by_name = ("manifest", flight.code, "--for", "North", "--yes")
    refused = desk.no(*by_name, "--fields", "identity-name", code="nobody")
    assert flight.alias in refused
    assert flight.silent in refused
    for bad in ("risk-grounds", "identity", ","):
        desk.no(*by_name, "--fields", bad, code="usage", exit_code=2)
    desk.no(*by_name, "--fields", "identity-name", "--until", "+91d", code="usage", exit_code=2)
    desk.no(*by_name[:-1], "--fields", "identity-name", code="not_confirmed", exit_code=2)
    assert not any("risk" in field for field in FIELDS)
    assert flight.north.first.ok("manifests", "list")["manifests"] == []


def test_two_officers_one_office_and_every_person_told(flight: Flight) -> None:
    flight.permit(flight.phone, "identity")
    made = flight.propose()
    assert [row["alias"] for row in made["rows"]] == [flight.alias]
    assert [(each["alias"], each["code"]) for each in made["left_out"]] == [(flight.silent, "no_consent")]
    home, north = flight.home, flight.north.first
    home.first.no("manifests", "approve", made["manifest"], "--yes", code="approved_already")
    waiting = home.second.ok("manifests", "list")
    assert [each["code"] for each in waiting["warnings"]] == ["manifest"]
    assert [(each["manifest"], each["author"]) for each in waiting["proposals"]] == [
        (made["manifest"], "C-01")
    ]
    assert NAME in home.second.human("manifests", "show", made["manifest"])
    done = home.second.ok(
        "manifests", "approve", made["manifest"], "--called", "Embassy of Northland", "--yes"
    )
    assert (done["state"], done["untold"]) == ("sent", [])
    (row,) = north.ok("manifests", "list")["manifests"]
    assert (row["office"], row["own"], sorted(row["signed"]), row["people"], row["gone"]) == (
        "Home", False, ["C-01", "C-02"], 1, 0,
    )  # fmt: skip
    shown = north.ok("manifests", "show", made["manifest"])
    assert [each["fields"] for each in shown["rows"]] == [{"identity-name": NAME}]
    assert b"P0471133" not in held(north)
    flight.phone.fetch()
    (told,) = [each.text for each in flight.phone.messages if "Embassy of Northland" in each.text]
    assert "names and papers" in told  # in their own language alone
    assert "نام و اسناد" not in told
    flight.other.fetch()
    assert not any("Northland" in each.text for each in flight.other.messages)
    assert home.first.ok("manifests", "list")["proposals"] == []  # a colleague's desk sent it
    events = [(each["event"], each["about"]) for each in home.first.ok("audit")["entries"]]
    assert ("manifest_sent", f"{flight.code} {b64u(flight.office)[:8]} 1") in events
    assert ("disclosed", flight.alias) in events


def test_one_officer_never_counts_twice_on_two_devices(flight: Flight) -> None:
    flight.permit(flight.phone, "identity")
    tablet = Desk(flight.house, flight.house.folder / "tablet")
    flight.home.add(tablet, "C-01", officer=flight.home.first.ok("device", "show")["officer"])
    flight.home.first.ok("inbox")  # the tablet gets the epoch
    made = flight.propose()
    (waiting,) = tablet.ok("manifests", "list")["proposals"]
    assert waiting["state"] == "proposed"
    tablet.no("manifests", "approve", made["manifest"], "--yes", code="approved_already")
    assert flight.north.first.ok("manifests", "list")["manifests"] == []


def test_who_approves_has_pinned_the_office_themselves(flight: Flight) -> None:
    flight.permit(flight.phone, "identity")
    caseworker = Desk(flight.house, flight.house.folder / "desk-W")
    flight.home.add(caseworker, "W-01", "caseworker")
    flight.home.first.ok("inbox")
    made = flight.propose()
    caseworker.no("manifests", "approve", made["manifest"], "--yes", code="not_pinned")


def test_the_reader_takes_none_with_one_signature(flight: Flight, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = threads.queue

    def half(desk: Any, to: Any, kind: MissiveKind, within: bytes, payload: bytes, **more: Any) -> Any:
        if kind is MissiveKind.MANIFEST:
            whole = Manifest.parse(payload)
            payload = replace(whole, approvals=whole.approvals[:1]).encode()
        return queue(desk, to, kind, within, payload, **more)

    monkeypatch.setattr(threads, "queue", half)
    flight.permit(flight.phone, "identity")
    name = flight.sent()
    found = flight.north.first.ok("manifests", "list")
    assert found["manifests"] == []
    assert any("two different officers" in each["message"] for each in found["warnings"])
    flight.north.first.no("manifests", "show", name, code="usage", exit_code=2)


def test_what_is_taken_back_before_the_second_signature_stops_all_of_it(flight: Flight) -> None:
    for phone in (flight.phone, flight.other):
        flight.permit(phone, "identity")
    made = flight.propose()
    assert made["people"] == 2
    flight.permit(flight.other, "identity", given=False)
    refused = flight.home.second.no("manifests", "approve", made["manifest"], "--yes", code="rows_fell_out")
    assert flight.silent in refused
    assert flight.alias not in refused.split("Those rows")[0]
    assert flight.north.first.ok("thread", "list")["threads"] == []
    assert flight.propose()["people"] == 1


def test_what_is_taken_back_in_the_last_moment_the_relay_does_not_take(
    flight: Flight, monkeypatch: pytest.MonkeyPatch
) -> None:
    for phone in (flight.phone, flight.other):
        flight.permit(phone, "identity")
    made = flight.propose()
    flight.permit(flight.phone, "identity", given=False)
    monkeypatch.setattr(countersignatures, "_fallen", lambda *_: [])  # it was there a moment ago
    done = flight.home.second.ok("manifests", "approve", made["manifest"], "--called", "Northland", "--yes")
    assert done["state"] == "sent"
    found = flight.north.first.ok("manifests", "show", made["manifest"])
    assert ([row["alias"] for row in found["rows"]], found["gone"]) == ([flight.silent], 1)
    assert NAME.encode() not in held(flight.north.first)
    for phone, told in ((flight.phone, 0), (flight.other, 1)):
        phone.fetch()
        assert sum("Northland" in each.text for each in phone.messages) == told


def test_a_child_who_does_not_agree_keeps_the_family_out(flight: Flight) -> None:
    desk = flight.home.first
    case = desk.ok("case", "open", flight.alias)["alias"]
    child = desk.ok("case", "member", "add", case, "--guardian", "1")["member"]
    flight.phone.tell(family_members="a son")
    flight.permit(flight.phone, "family", "identity")
    fields = "family-members,identity-name"
    by_name = ("manifest", flight.code, "--for", "North", "--yes", "--fields", fields)
    assert "asked yet" in desk.no(*by_name, code="nobody")
    flight.phone.assent(child)
    made = flight.propose(fields=fields)
    assert made["people"] == 1
    flight.phone.assent(child, child=Child.DECLINES)
    refused = flight.home.second.no("manifests", "approve", made["manifest"], "--yes", code="rows_fell_out")
    assert "does not agree" in refused
    assert flight.propose()["people"] == 1  # the name alone


def test_cut_off_it_goes_on_and_nobody_is_told_before(
    flight: Flight, monkeypatch: pytest.MonkeyPatch
) -> None:
    flight.permit(flight.phone, "identity")
    made = flight.propose()
    approve = ("manifests", "approve", made["manifest"], "--called", "Northland", "--yes")
    with monkeypatch.context() as patch:
        patch.setattr(threads, "flush", lambda _: None)  # nothing gets through
        assert flight.home.second.ok(*approve)["state"] == "queued"
    flight.phone.fetch()
    assert flight.phone.messages == []
    assert flight.home.second.ok(*approve)["state"] == "sent"
    assert flight.north.first.ok("manifests", "show", made["manifest"])["people"] == 1
    flight.phone.fetch()
    assert len(flight.phone.messages) == 1
    assert flight.home.second.state().manifests == {}


def test_what_was_told_otherwise_since_is_not_signed(flight: Flight) -> None:
    flight.permit(flight.phone, "identity")
    made = flight.propose()
    flight.phone.tell(identity_name="another name")
    flight.home.second.no("manifests", "approve", made["manifest"], "--yes", code="rows_fell_out")


def test_of_a_party_that_was_parted_who_boarded_is_in_it_and_nobody_else(flight: Flight) -> None:
    desk, second = flight.home.first, flight.home.second
    for phone in (flight.phone, flight.other):
        phone.tell(family_members="a sister")
        flight.permit(phone, "family", "identity")
    fields = "family-members,identity-name"
    proposed = flight.propose(fields=fields)  # before anybody can know
    desk.ok("movement", "call", flight.code)
    parted = ("--boarded", "1", "--not-lifted", "1", "--yes")
    desk.ok("movement", "outcome", flight.alias, flight.code, "boarded", *parted)
    desk.ok("movement", "outcome", flight.silent, flight.code, "not-lifted", *parted)
    whole = desk.ok("manifest", flight.code, "--for", "North")
    assert [whole[name] for name in ("people", "parties", "unknown")] == [2, 2, 2]
    refused = second.no("manifests", "approve", proposed["manifest"], "--yes", code="rows_fell_out")
    assert f"{flight.alias}: not all of theirs boarded" in refused
    assert f"{flight.silent}: some of theirs boarded, not they themselves" in refused
    by_name = ("manifest", flight.code, "--for", "North", "--yes", "--fields")
    assert flight.alias in desk.no(*by_name, "family-members", code="nobody")
    made = flight.propose(fields=fields)
    assert [(each["alias"], set(each["fields"])) for each in made["rows"]] == [
        (flight.alias, {"identity-name"})
    ]
    assert [(each["alias"], each["code"]) for each in made["left_out"]] == [(flight.silent, "not_aboard")]
    second.ok("manifests", "approve", made["manifest"], "--called", "Northland", "--yes")
    shown = flight.north.first.ok("manifests", "show", made["manifest"])
    assert [each["alias"] for each in shown["rows"]] == [flight.alias]


def test_a_cap_is_kept_and_a_trick_left_out(flight: Flight) -> None:
    for phone in (flight.phone, flight.other):
        flight.permit(phone, "identity", "needs")
    by_name = ("manifest", flight.code, "--for", "North", "--yes", "--fields", "identity-name")
    assert "2 people" in flight.home.first.no(*by_name, "--cap", "1", code="cap_exceeded", exit_code=2)
    flight.home.first.no(*by_name, "--cap", "501", code="usage", exit_code=2)
    made = flight.propose("--cap", "60", fields="identity-name,needs-help")
    assert made["cap"] == 60
    (out,) = [each for each in made["left_out"] if each["alias"] == flight.alias]
    assert "invisible or control" in out["why"]  # a letter that turns the line round
    assert "wheelchair" not in str(out)


def test_taken_back_later_one_row_goes_and_the_others_stand(flight: Flight) -> None:
    for phone in (flight.phone, flight.other):
        flight.permit(phone, "identity")
    name = flight.sent()
    north = flight.north.first
    assert north.ok("manifests", "show", name)["people"] == 2
    flight.permit(flight.phone, "identity", given=False)
    north.ok("inbox")
    after = north.ok("manifests", "show", name)
    assert ([row["alias"] for row in after["rows"]], after["gone"]) == ([flight.silent], 1)
    assert NAME.encode() not in held(north)
    assert north.ok("file", "taken-back", "--yes")["acknowledged"] == 1


def test_on_its_date_it_is_destroyed_at_both_offices(flight: Flight, tmp_path: Path) -> None:
    flight.permit(flight.phone, "identity")
    name = flight.sent("identity-name", "--until", "+2d")
    home, north = flight.home, flight.north.first
    north.ok("inbox")
    home.first.ok("inbox")
    path = tmp_path / "air.csv"
    north.ok("manifests", "show", name, "--format", "csv", "--out", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().splitlines() == ["alias,identity-name", f"{flight.alias},'{NAME}"]
    assert ("manifest_written", "air.csv 1") in [
        (each["event"], each["about"]) for each in north.ok("audit")["entries"]
    ]
    north.no("manifests", "show", name, "--format", "csv", "--out", str(path), code="usage", exit_code=2)
    bad = ("manifests", "show", name, "--out", str(tmp_path / "نام.csv"))
    north.no(*bad, code="usage", exit_code=2)
    flight.house.step(2 * DAY + 1)
    said = north.human("status")
    assert "is destroyed here" in said
    assert not path.exists()
    for desk in (home.first, home.second, north):
        desk.ok("inbox")
        assert NAME.encode() not in held(desk)
        assert desk.ok("manifests", "list")["manifests"] == []


def test_machine_readable_lines_or_the_reason_why_not(flight: Flight) -> None:
    for phone in (flight.phone, flight.other):
        flight.permit(phone, "papers", "identity")
    flight.other.tell(papers_surname="احمدی", papers_number="P1")
    papers = ",".join(field for field in FIELDS if field.startswith("papers-"))
    name = flight.sent(papers)
    shown = flight.north.first.ok("manifests", "show", name, "--format", "mrz")
    assert shown["mrz"] == {
        flight.alias: [
            "P<AFGAHMADI<<FARIDA<<<<<<<<<<<<<<<<<<<<<<<<<",
            "P0471133<2AFG8803148F3103142<<<<<<<<<<<<<<<4",
        ]
    }
    (out,) = shown["left_out"]
    assert (out["alias"], out["code"]) == (flight.silent, "not_told")
    assert "papers-birth" in out["why"]
