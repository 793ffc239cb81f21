"""Each desk is a witness of its office's audit log."""

import copy
from collections.abc import Callable
from typing import Any

from crypto.audit import FIRST_LINK, AuditEntry
from crypto.encoding import b64u, unb64u
from tests.desk.house import Desk, House, Office

Body = dict[str, Any]


def forged(body: Body, office: str) -> Body:
    """Links and head made anew, as somebody with the formula and the database would."""
    link = FIRST_LINK
    for seq, row in enumerate(body["entries"], 1):
        row["seq"] = seq
        link = AuditEntry(
            unb64u(office), seq, row["at"], row["event"], row["role_code"], row["subject"]
        ).link(link)
    return {"entries": body["entries"], "head": {"seq": len(body["entries"]), "link": b64u(link)}}


def renamed(body: Body) -> None:
    body["entries"][1]["event"] = "harmless"


def another(body: Body) -> None:
    body["entries"][1]["role_code"] = "C-09"


def earlier(body: Body) -> None:
    body["entries"][1]["at"] -= 1


def left_out(body: Body) -> None:
    del body["entries"][1:2]


def cut_off(body: Body) -> None:
    del body["entries"][-1:]


def swapped(body: Body) -> None:
    rows = body["entries"]
    rows[0], rows[1] = rows[1], rows[0]


def nonsense(body: Body) -> None:
    body["entries"][0]["at"] = -1


TAMPERINGS = [renamed, another, earlier, left_out, cut_off, swapped, nonsense]


def lying(house: House, change: Callable[[Body], Body]) -> None:
    def lie(method: str, path: str, body: Any) -> Any:
        return change(copy.deepcopy(body)) if (method, path) == ("GET", "/v1/audit") else body

    house.lie = lie


def changed(tamper: Callable[[Body], None]) -> Callable[[Body], Body]:
    def change(body: Body) -> Body:
        tamper(body)
        return body

    return change


def test_what_was_done_is_shown_in_order_by_code(fresh: Office) -> None:
    _, alias = fresh.enrolled()
    said = fresh.first.ok("audit")
    events = [(row["event"], row["role_code"], row["about"]) for row in said["entries"]]
    assert events[0][0] == "office_registered"
    assert ("invited", "C-01", alias) in events
    assert ("card_taken", "C-01", alias) in events
    assert [row["seq"] for row in said["entries"]] == list(range(1, said["verified"] + 1))
    assert said["seen_before"] == 0
    about = fresh.first.ok("audit", alias.lower())
    assert {row["about"] for row in about["entries"]} == {alias}
    assert about["seen_before"] == said["verified"]
    assert len(fresh.first.ok("audit", "--last", "1")["entries"]) == 1
    assert "hashing the one before, " in fresh.first.human("audit")
    assert "No entry about that." in fresh.first.human("audit", "X-9")


def test_whoever_was_erased_is_a_mark_in_it(fresh: Office) -> None:
    _, alias = fresh.enrolled()
    seen = fresh.first.ok("audit", alias, "--last", "0")["entries"]
    (mark,) = {row["subject"] for row in seen}
    fresh.first.ok("erase", alias, "--yes")
    assert "No entry about that." in fresh.first.human("audit", alias)
    kept = fresh.first.ok("audit", mark, "--last", "0")["entries"]
    assert [row["seq"] for row in kept] == [row["seq"] for row in seen]
    assert {row["about"] for row in kept} == {f"erased {mark}"}
    assert alias not in repr(fresh.first.ok("audit", "--last", "0"))


def test_the_relay_can_say_whose_a_mark_is_and_nothing_else(fresh: Office) -> None:
    def change(body: Body) -> Body:
        return body | {"entries": [row | {"alias": "X-9"} for row in body["entries"]]}

    fresh.enrolled()
    lying(fresh.house, change)
    entries = fresh.first.ok("audit", "--last", "0")["entries"]
    marks = {row["subject"] for row in entries if row["about"] == "X-9"}
    assert marks
    assert all(mark.startswith("~") for mark in marks)
    assert all(row["about"] == row["subject"] for row in entries if row["subject"] not in marks)


def test_auditors_read_it_and_caseworkers_do_not(fresh: Office) -> None:
    auditor, worker = (Desk(fresh.house, fresh.house.folder / name) for name in ("desk-3", "desk-4"))
    fresh.add(auditor, "A-01", "auditor")
    fresh.add(worker, "W-01", "caseworker")
    assert auditor.ok("audit")["verified"] > 0
    assert "may not" in worker.no("audit", code="role")


def test_a_log_that_does_not_hold_is_an_alarm(fresh: Office) -> None:
    fresh.enrolled()
    for tamper in TAMPERINGS:
        lying(fresh.house, changed(tamper))
        assert "tampered" in fresh.first.no("audit", code="audit_altered"), tamper.__name__
    fresh.house.lie = None
    assert fresh.first.ok("audit")["seen_before"] == 0, "nothing false was remembered"


def test_a_log_written_anew_is_an_alarm_at_a_desk_that_saw_the_old_one(fresh: Office) -> None:
    seen = fresh.first.ok("audit")["verified"]
    for tamper in TAMPERINGS:
        if tamper is nonsense:
            continue

        def change(body: Body, tamper: Callable[[Body], None] = tamper) -> Body:
            tamper(body)
            return forged(body, fresh.id)

        lying(fresh.house, change)
        assert "tampered" in fresh.first.no("audit", code="audit_altered"), tamper.__name__
    assert fresh.second.call("audit").code == 0, "only a witness can tell"
    fresh.house.lie = None
    fresh.enrolled()
    assert fresh.first.ok("audit")["verified"] > seen
