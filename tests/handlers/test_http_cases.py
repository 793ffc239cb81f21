"""Households over HTTP: the forms, and what is said of bad ones."""

from typing import Any

import httpx
import pytest

from crypto.roster import Role
from relay import offices
from tests.flow.actors import Office
from tests.handlers.conftest import Api

MARKER = "MARKER4242"


def code(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    assert MARKER not in answer.text
    assert set(answer.json()) == {"code", "message"}
    return str(answer.json()["code"])


async def household(office: Office) -> str:
    phone = await office.invite()
    return str((await office.client.ok("POST", "/v1/cases", {"contact": phone.alias}))["alias"])


async def test_from_opening_to_closing(api: Api) -> None:
    office = await api.office()
    first, second = await office.invite(), await office.invite()
    ask = office.client.ok
    alias = (await ask("POST", "/v1/cases", {"contact": first.alias}))["alias"]
    case = f"/v1/cases/{alias}"
    assert await ask("POST", f"{case}/members", {"kind": "adult", "contact": second.alias}) == {"member": 2}
    assert await ask("POST", f"{case}/members", {"kind": "minor", "guardian": 2}) == {"member": 3}
    assert await ask("POST", f"{case}/members", {"kind": "adult"}) == {"member": 4}
    await ask("POST", f"{case}/members/4/remove", {})
    await ask(
        "POST", f"{case}/needs", {"needs": ["infant"], "preferred_officer": "female", "language": "fa-AF"}
    )
    await ask("POST", f"{case}/facts", {"fact": "ready", "answer": "no"})
    estimated = {"fact": "documents", "answer": "yes", "grade": "estimated", "as_of": api.unix() - 60}
    await ask("POST", f"{case}/facts", estimated)
    await ask("POST", f"{case}/intents", {"intent": "unsure"})
    assert await ask("POST", f"{case}/checks", {"step": "confirm", "reason": "papers"}) == {"state": "once"}
    shown = await ask("GET", case.lower())
    assert shown["alias"] == alias
    assert [(m["member"], m["kind"], m["guardian"], m["contact"]) for m in shown["members"]] == [
        (1, "adult", None, first.alias),
        (2, "adult", None, second.alias),
        (3, "minor", 2, None),
    ]
    facts = {each.pop("fact"): each for each in shown["facts"]}
    # What is unknown is neither no nor 0, and is there.
    assert facts["requested"] == {
        "answer": "unknown",
        "grade": None,
        "as_of": None,
        "role_code": "",
        "at": None,
    }
    assert facts["ready"]["answer"] == "no"
    assert (facts["documents"]["grade"], facts["documents"]["as_of"]) == ("estimated", api.unix() - 60)
    assert (shown["needs"], shown["preferred_officer"], shown["language"]) == (["infant"], "female", "fa-AF")
    assert (shown["intent"], shown["verification"]["state"]) == ("unsure", "once")
    (item,) = (await ask("GET", "/v1/cases"))["cases"]
    assert (item["alias"], item["adults"], item["minors"]) == (alias, 2, 1)
    await ask("POST", f"{case}/close", {"reason": "arrived"})
    assert (await ask("GET", "/v1/cases"))["cases"] == []
    (closed,) = (await ask("GET", "/v1/cases?closed=true"))["cases"]
    assert (closed["state"], closed["reason"]) == ("closed", "arrived")


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("", {"contact": MARKER}, 404, "contact_not_found"),
        ("", {"contact": ""}, 400, "malformed"),
        ("", {"contact": "K-1\x00"}, 400, "malformed"),
        ("", {"contact": f"{MARKER} of Kabul"}, 400, "malformed"),
        ("", {"contact": "K-1", "name": MARKER}, 400, "malformed"),
        ("/H-0/facts", {"fact": "ready", "answer": "yes"}, 404, "case_not_found"),
        (f"/{MARKER}/close", {"reason": "erased"}, 404, "case_not_found"),
        ("/H-0%00/close", {"reason": "erased"}, 400, "malformed"),
        ("/*/facts", {"fact": MARKER, "answer": "yes"}, 400, "malformed"),
        ("/*/facts", {"fact": "ready", "answer": 0}, 400, "malformed"),
        ("/*/facts", {"fact": "ready", "answer": "yes", "as_of": "yesterday"}, 400, "malformed"),
        ("/*/facts", {"fact": "ready", "answer": "yes", "as_of": 253_402_300_799}, 422, "as_of_ahead"),
        ("/*/facts", {"fact": "ready", "answer": "unknown", "grade": "known"}, 400, "malformed"),
        ("/*/intents", {"intent": MARKER}, 400, "malformed"),
        ("/*/members", {"kind": "minor", "guardian": 0}, 400, "malformed"),
        ("/*/members", {"kind": "minor", "guardian": 1 << 63}, 400, "malformed"),
        ("/*/members", {"kind": "minor", "guardian": 7}, 409, "guardian_not_found"),
        ("/*/members", {"kind": "adult", "name": MARKER}, 400, "malformed"),
        ("/*/members/7/remove", {}, 404, "member_not_found"),
        ("/*/members/1/remove", {}, 409, "last_adult"),
        (f"/*/members/{MARKER}/remove", {}, 400, "malformed"),
        ("/*/needs", {"needs": [MARKER]}, 400, "malformed"),
        ("/*/needs", {"needs": ["medical"] * 21}, 400, "malformed"),
        ("/*/needs", {"language": MARKER}, 400, "malformed"),
        ("/*/checks", {"step": "revoke", "reason": "impostor"}, 409, "step_refused"),
        ("/*/checks", {"step": "confirm", "reason": MARKER}, 400, "malformed"),
        ("/*/close", {"reason": MARKER}, 400, "malformed"),
        ("/*/close", {}, 400, "malformed"),
    ],
)
async def test_bad_input_is_refused_clearly_and_changes_nothing(
    api: Api, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    office = await api.office()
    alias = await household(office)
    before = await office.client.ok("GET", f"/v1/cases/{alias}")
    answer = await office.client.call("POST", "/v1/cases" + path.replace("*", alias), body)
    assert (answer.status_code, code(answer)) == (status, error)
    assert await office.client.ok("GET", f"/v1/cases/{alias}") == before


async def test_the_second_officer_is_another(api: Api) -> None:
    office = await api.office()
    alias = await household(office)
    step = {"step": "confirm", "reason": "papers"}
    await office.client.ok("POST", f"/v1/cases/{alias}/checks", step)
    answer = await office.client.call("POST", f"/v1/cases/{alias}/checks", step)
    assert (answer.status_code, code(answer)) == (409, "same_officer")


async def test_another_office_and_nowhere_are_the_same(api: Api) -> None:
    office, other = await api.office(), await api.office()
    alias = await household(office)
    for method, tail, body in (
        ("GET", "", None),
        ("POST", "/members", {"kind": "adult"}),
        ("POST", "/members/1/remove", {}),
        ("POST", "/needs", {"needs": []}),
        ("POST", "/facts", {"fact": "ready", "answer": "yes"}),
        ("POST", "/intents", {"intent": "no"}),
        ("POST", "/checks", {"step": "confirm", "reason": "papers"}),
        ("POST", "/close", {"reason": "erased"}),
    ):
        theirs = await other.client.call(method, f"/v1/cases/{alias}{tail}", body)
        nowhere = await other.client.call(method, f"/v1/cases/H-0{tail}", body)
        assert (theirs.status_code, code(theirs)) == (404, "case_not_found")
        assert theirs.content == nowhere.content
    assert (await other.client.ok("GET", "/v1/cases?closed=true"))["cases"] == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HOST, Role.LIAISON])
async def test_roles_without_cases_are_told_the_same_of_any(api: Api, role: Role) -> None:
    office = await api.office()
    alias = await household(office)
    admission = await api.store.write(lambda tx: offices.admit(tx, api.clock.now()))
    theirs = Office(api.http, api.unix, roles=role)
    await theirs.found(admission.code)
    for case in (alias, "H-0"):
        answer = await theirs.client.call("GET", f"/v1/cases/{case}")
        assert (answer.status_code, code(answer)) == (403, "not_allowed")
    assert code(await theirs.client.call("GET", "/v1/cases")) == "not_allowed"


async def test_a_phone_sees_no_case(api: Api) -> None:
    office = await api.office()
    alias = await household(office)
    phone = await office.invite()
    await phone.enrol()
    for path in ("/v1/cases", f"/v1/cases/{alias}"):
        answer = await phone.client.call("GET", path)
        assert (answer.status_code, code(answer)) == (403, "not_allowed")
