"""A notice from draft to go, with everything two officers and a phone must agree on."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from crypto.encoding import unb64u
from crypto.statement import Reply
from desk import drafts
from tests.desk.house import Desk, House, Office
from tests.desk.kept import Kept
from tests.phone import Phone

HOUR = 3600
COUNT = iter(range(100))


@pytest.fixture
def office(fresh: Office) -> Office:
    """One without the phones of the tests before: a desk looks at all of them for each notice."""
    return fresh


def draft(office: Office, *aliases: str, desk: Desk | None = None, **changes: Any) -> dict[str, Any]:
    """A movement with four seats and a come notice for these aliases, two people each."""
    desk = desk or office.first
    code = f"AIR-{next(COUNT):02}"
    office.movement(code, "--seats", "4", desk=desk)
    sheet = {
        "kind": "come", "movement": code, "route": "AIR", "departs_at": "+60h", "report_from": "+50h",
        "report_until": "+54h", "answer_by": "+36h", "expires": "+54h", "place": "North gate, blue door",
        "texts": [{"language": "en", "who": "You", "bring": "Water", "message": "No fee, ever."}],
        "to": [{"alias": alias, "party": 2} for alias in aliases],
    }  # fmt: skip
    path = office.house.folder / f"{code}.json"
    path.write_text(json.dumps(sheet | changes))
    return dict(desk.ok("notice", "draft", "--file", str(path)))


def approved(office: Office, *aliases: str, **changes: Any) -> dict[str, Any]:
    made = draft(office, *aliases, **changes)
    office.first.ok("notice", "approve", made["notice"], "--yes")
    assert office.second.ok("notice", "approve", made["notice"], "--yes")["complete"] is True
    return made


def released(office: Office, *aliases: str, **changes: str) -> tuple[str, int]:
    made = approved(office, *aliases, **changes)
    office.first.ok("notice", "seal", made["notice"], "--yes")
    office.house.release()
    return made["notice"], made["version"]


def only(phone: Phone) -> tuple[bytes, int]:
    phone.fetch()
    assert phone.refused == []
    return max(phone.notices, key=lambda key: key[1])


def test_from_draft_to_go(office: Office) -> None:
    phone, alias = office.enrolled()
    other, silent = office.enrolled()
    made = approved(office, alias, silent)
    name = made["notice"]
    sealed = office.first.ok("notice", "seal", name[:8], "--release-at", "+2h", "--yes")
    assert (sealed["state"], sealed["recipients"]) == ("scheduled", 2)
    assert phone.fetch() == 0
    office.house.step(2 * HOUR + 1)
    key = only(phone)
    assert key == (unb64u(name), 1)
    assert (phone.standing(*key), phone.place(*key)) == ("unconfirmed", "")
    assert phone.notices[key].codes == ["C-01", "C-02"]
    own = phone.notices[key].own
    assert own is not None
    assert (own.alias, own.party) == (alias, 2)
    assert "Nobody has accepted" in office.first.no("notice", "go", name, "--yes", code="nobody")
    assert phone.answer(*key, Reply.ACCEPT) == "accepted"
    answers = office.second.ok("notice", "answers", name)
    assert [(row["alias"], row["answer"], row["party"]) for row in answers["answers"]] == [
        (alias, "accept", 2)
    ]
    assert (answers["waiting"], answers["refused"]) == ([silent], [])
    go = office.second.ok("notice", "go", name, "--yes")
    assert go["told"] == [alias]
    phone.fetch()
    assert (phone.standing(*key), phone.place(*key)) == ("confirmed", "North gate, blue door")
    assert other.standing(*only(other)) == "unconfirmed"
    cancelled = office.first.ok("notice", "cancel", name, "--reason", "safety", "--yes")
    assert sorted(cancelled["told"]) == sorted([alias, silent])
    phone.fetch()
    other.fetch()
    assert (phone.standing(*key), phone.place(*key), other.standing(*key)) == ("cancelled", "", "cancelled")
    listed = {row["notice"]: row for row in office.second.ok("notice", "list")["notices"]}
    assert listed[name]["state"] == "cancelled"
    office.first.no("notice", "go", name, "--yes", code="refused")


def test_one_officer_never_counts_twice(office: Office) -> None:
    _, alias = office.enrolled()
    made = draft(office, alias)
    one = office.first.ok("notice", "approve", made["notice"], "--yes")
    assert (one["complete"], [row["role_code"] for row in one["approvals"]]) == (False, ["C-01"])
    office.first.no("notice", "approve", made["notice"], "--yes", code="approved_already")
    said = office.first.no("notice", "seal", made["notice"], "--yes", code="not_approved")
    assert "C-01" in said
    assert "two different coordinators" in said


def test_a_change_voids_what_was_there_before(office: Office) -> None:
    phone, alias = office.enrolled()
    name, _ = released(office, alias)
    key = only(phone)
    phone.answer(*key, Reply.ACCEPT)
    office.first.ok("notice", "go", name, "--yes")
    changed = office.first.ok("notice", "draft", "--replaces", name, "--place", "South gate")
    assert (changed["notice"], changed["version"], changed["kind"]) == (name, 2, "change")
    for desk in (office.first, office.second):
        desk.ok("notice", "approve", name, "--yes")
    office.second.ok("notice", "seal", name, "--yes")
    office.house.release()
    phone.fetch()
    assert phone.standing(*key) == "replaced"
    newer = (key[0], 2)
    assert phone.standing(*newer) == "unconfirmed"
    phone.answer(*newer, Reply.ACCEPT)
    office.first.ok("notice", "go", name, "--yes")
    phone.fetch()
    assert phone.place(*newer) == "South gate"


def changed(office: Office, name: str, *options: str, release_at: str = "") -> None:
    """The next version, approved and sealed."""
    office.first.ok("notice", "draft", "--replaces", name, "--place", "South gate", *options)
    for desk in (office.first, office.second):
        desk.ok("notice", "approve", name, "--yes")
    office.second.ok("notice", "seal", name, "--yes", *(["--release-at", release_at] if release_at else []))
    office.house.release()


class Confirmed(NamedTuple):
    """A phone on its way: it holds a come with its go."""

    office: Office
    phone: Phone
    alias: str
    name: str
    key: tuple[bytes, int]

    @classmethod
    def at(cls, office: Office) -> "Confirmed":
        phone, alias = office.enrolled()
        name, _ = released(office, alias)
        key = only(phone)
        phone.answer(*key, Reply.ACCEPT)
        office.first.ok("notice", "go", name, "--yes")
        only(phone)
        assert phone.standing(*key) == "confirmed"
        return cls(office, phone, alias, name, key)


@pytest.fixture(scope="module")
def _confirmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Confirmed, Kept]]:
    with House(tmp_path_factory.mktemp("confirmed")) as house:
        yield Confirmed.at(Office.found(house)), Kept(house)


@pytest.fixture
def confirmed(_confirmed: tuple[Confirmed, Kept]) -> Confirmed:
    made, kept = _confirmed
    kept.restore()
    return made


def test_a_come_is_called_off_while_its_change_waits(confirmed: Confirmed) -> None:
    office, phone, alias, name, key = confirmed
    changed(office, name, release_at="+6h")
    told = office.first.ok("notice", "cancel", name, "--reason", "safety", "--yes")["told"]
    assert told == [alias]
    only(phone)
    assert (phone.standing(*key), phone.place(*key)) == ("cancelled", "")
    office.house.step(7 * HOUR)
    assert only(phone) == key  # the change never comes
    listed = office.second.ok("notice", "list")["notices"]
    assert {row["state"] for row in listed if row["notice"] == name} == {"cancelled"}
    office.first.no("notice", "cancel", name, "--yes", code="refused")


def test_while_a_change_waits_nobody_goes_by_the_old_version(confirmed: Confirmed) -> None:
    office, phone, _, name, key = confirmed
    changed(office, name, release_at="+6h")
    only(phone)
    assert phone.standing(*key) == "cancelled"
    office.house.step(6 * HOUR + 1)
    assert only(phone) == (key[0], 2)
    assert phone.standing(key[0], 2) == "unconfirmed"


def test_whom_a_change_leaves_out_is_told_and_a_later_cancel_reaches_everybody(confirmed: Confirmed) -> None:
    office, phone, alias, name, key = confirmed
    other, stays = office.enrolled()
    changed(office, name, "--to", f"{stays}:2")
    only(phone)
    assert phone.standing(*key) == "cancelled"
    newer = only(other)
    assert (newer, other.standing(*newer)) == ((key[0], 2), "unconfirmed")
    told = office.second.ok("notice", "cancel", name, "--yes")["told"]
    assert sorted(told) == sorted([alias, stays])
    only(other)
    assert other.standing(*newer) == "cancelled"


def test_a_draft_of_a_change_does_not_stand_in_the_way_of_a_cancel(confirmed: Confirmed) -> None:
    office, phone, alias, name, key = confirmed
    office.first.ok("notice", "draft", "--replaces", name, "--place", "South gate")
    assert office.first.ok("notice", "cancel", name, "--yes")["told"] == [alias]
    only(phone)
    assert phone.standing(*key) == "cancelled"


def test_a_cancel_reaches_whom_it_can_though_the_relay_tampers_with_one(confirmed: Confirmed) -> None:
    office, phone, alias, name, key = confirmed

    def swap(_method: str, path: str, body: Any) -> Any:
        for contact in body["contacts"] if path == "/v1/contacts" else []:
            if contact["alias"] == alias:
                contact["prekeys"].append({"device": "A" * 22, "record": "AAAA", "prekey": None})
        return body

    office.house.lie = swap
    assert "others were told" in office.first.no("notice", "cancel", name, "--yes", code="alarm")
    office.house.lie = None
    only(phone)
    assert phone.standing(*key) == "cancelled"


@pytest.mark.parametrize("purpose", ["departures", "messages"])
def test_who_withdrew_still_hears_that_it_is_off(confirmed: Confirmed, purpose: str) -> None:
    office, phone, alias, name, key = confirmed
    phone.consent(purpose, given=False)
    assert office.first.ok("notice", "cancel", name, "--yes")["told"] == [alias]
    only(phone)
    assert phone.standing(*key) == "cancelled"


def test_who_declined_hears_of_the_change_too(office: Office) -> None:
    phone, alias = office.enrolled()
    name, _ = released(office, alias)
    key = only(phone)
    phone.answer(*key, Reply.DECLINE)
    changed(office, name)
    newer = only(phone)
    assert phone.answer(*newer, Reply.ACCEPT) == "accepted"


def test_a_change_may_be_to_another_movement(office: Office) -> None:
    phone, alias = office.enrolled()
    name, _ = released(office, alias)
    office.movement("LAND-99", "--route", "LAND-PK", "--seats", "2")
    changed(office, name, "--movement", "LAND-99", "--route", "LAND-PK")
    assert phone.answer(*only(phone), Reply.ACCEPT) == "accepted"


def test_another_text_takes_the_place_of_one_that_was_approved_and_never_sealed(office: Office) -> None:
    _, alias = office.enrolled()
    made = approved(office, alias)
    again = office.first.ok(
        "notice", "draft", "--replaces", made["notice"], "--place", "East", "--kind", "come"
    )
    assert again["version"] == 1
    office.first.ok("notice", "approve", made["notice"], "--yes")
    assert office.second.ok("notice", "approve", made["notice"], "--yes")["complete"] is True
    office.second.ok("notice", "seal", made["notice"], "--yes")


def test_whoever_calls_with_a_number_hears_one_word(office: Office) -> None:
    _, alias = office.enrolled()
    name, _ = released(office, alias)
    code = office.second.ok("notice", "show", name)["code"]
    assert office.second.ok("notice", "verify", f"{code[:3]} {code[3:]}")["standing"] == "current"
    office.first.ok("notice", "cancel", name, "--yes")
    assert office.second.ok("notice", "verify", code)["standing"] == "cancelled"
    assert office.second.ok("notice", "verify", "0000000000")["standing"] == "unknown"
    office.second.no("notice", "verify", "12345", code="usage", exit_code=2)


def test_a_decline_is_an_answer_and_opens_nothing(office: Office) -> None:
    phone, alias = office.enrolled()
    name, _ = released(office, alias)
    key = only(phone)
    assert phone.answer(*key, Reply.DECLINE) == "declined"
    assert office.first.ok("notice", "answers", name)["answers"][0]["answer"] == "decline"
    office.first.no("notice", "go", name, "--yes", code="nobody")


def test_the_second_officer_sees_for_whom_and_where(office: Office) -> None:
    _, alias = office.enrolled()
    made = draft(office, alias)
    shown = office.second.ok("notice", "show", made["notice"])
    assert shown["place"] == "North gate, blue door"
    assert [row["alias"] for row in shown["to"]] == [alias]
    assert (shown["author"], shown["audience_known"]) == ("C-01", True)
    page = office.second.human("notice", "show", made["notice"])
    assert "North gate" in page
    assert "No fee, ever." in page


def test_seats_are_never_oversold(office: Office) -> None:
    aliases = [office.enrolled()[1] for _ in range(3)]
    made = approved(office, *aliases)
    office.first.no("notice", "seal", made["notice"], "--yes", code="seats_short")
    assert office.first.ok("notice", "show", made["notice"])["state"] == "draft"


def test_who_withdraws_before_sealing_gets_nothing_sealed(office: Office) -> None:
    phone, alias = office.enrolled()
    made = approved(office, alias)
    phone.consent("departures", given=False)
    assert alias in office.first.no("notice", "seal", made["notice"], "--yes", code="not_all")
    office.first.no("notice", "draft", "--kind", "threat", "--expires", "+9h", "--to", alias,
                    "--text", "en:message=Stay away", code="no_consent")  # fmt: skip


def test_a_threat_alert_needs_one_officer_and_no_seat(office: Office) -> None:
    phone, alias = office.enrolled()
    made = office.first.ok("notice", "draft", "--kind", "threat", "--expires", "+9h", "--to", alias,
                           "--route", "LAND-TJ", "--text", "en:message=Stay away from the pass")  # fmt: skip
    assert office.first.ok("notice", "approve", made["notice"], "--yes")["complete"] is True
    office.first.ok("notice", "seal", made["notice"], "--yes")
    office.house.release()
    key = only(phone)
    assert phone.standing(*key) == "information"


def test_nothing_irreversible_happens_unasked(office: Office) -> None:
    _, alias = office.enrolled()
    made = draft(office, alias)
    office.first.no("notice", "approve", made["notice"], code="not_confirmed", exit_code=2)
    office.first.no("notice", "seal", made["notice"], code="not_confirmed", exit_code=2)
    assert office.first.ok("notice", "show", made["notice"])["approvals"] == []


def test_what_contradicts_itself_is_not_drafted(office: Office) -> None:
    _, alias = office.enrolled()
    base = [
        "notice",
        "draft",
        "--kind",
        "come",
        "--to",
        alias,
        "--text",
        "en:message=x",
        "--movement",
        "AIR-00",
    ]
    times = ["--departs-at", "+60h", "--report-from", "+50h", "--report-until", "+54h", "--answer-by", "+36h"]
    office.first.no(*base, *times, "--expires", "+70h", code="refused")
    office.first.no(*base, *times, code="usage", exit_code=2)
    office.first.no(*base, *times, "--expires", "yesterday", code="usage", exit_code=2)
    office.first.no("notice", "show", "AAAA", code="usage", exit_code=2)


def test_a_cancelled_draft_goes_nowhere(office: Office) -> None:
    _, alias = office.enrolled()
    made = draft(office, alias)
    assert office.first.ok("notice", "cancel", made["notice"], "--yes")["recipients"] == 0
    office.first.no("notice", "seal", made["notice"], "--yes", code="refused")


def test_a_draft_thought_better_of_takes_no_version(office: Office) -> None:
    _, alias = office.enrolled()
    made = draft(office, alias)
    office.second.ok("notice", "show", made["notice"])
    again = office.first.ok(
        "notice", "draft", "--replaces", made["notice"], "--place", "East gate", "--kind", "come"
    )
    assert (again["notice"], again["version"]) == (made["notice"], 1)
    assert again["content_hash"] != made["content_hash"]
    shown = office.second.ok("notice", "show", made["notice"])
    assert (shown["place"], shown["content_hash"]) == ("East gate", again["content_hash"])
    for desk in (office.first, office.second):
        desk.ok("notice", "approve", made["notice"], "--yes")
    office.second.ok("notice", "seal", made["notice"], "--yes")
    office.second.no("notice", "seal", made["notice"], "--yes", code="refused")


def test_a_colleague_cannot_pass_off_another_audience(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list handed round must be the one the notice commits to, or nobody else approves it."""
    _, alias = office.enrolled()
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "audience", lambda _salt, _contacts: bytes(range(32)))
        made = draft(office, alias)
    warned = [w["message"] for w in office.second.ok("inbox")["warnings"]]
    assert any("audience list" in text for text in warned)
    assert office.second.ok("notice", "show", made["notice"])["audience_known"] is False
    said = office.second.no("notice", "approve", made["notice"], "--yes", code="refused")
    assert "for whom" in said or "of whom" in said
