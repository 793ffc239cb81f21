"""Households in the chat: it shows numbers and codes, and proposes what only a device makes true."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crypto.roster import Role
from emulator.people import User
from handlers.texts import Texts
from tests.flow.actors import ROLES, Office
from tests.flow.world import World, world

MARKER = "MARKERTEXT"
TEXTS = Texts()
CHANGES = ["/fact {} ready yes", "/intent {} wants", "/vet {}", "/vet {} papers"]


def en(key: str, **params: str) -> str:
    return TEXTS.render("en", key, params)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


async def officer_of(town: World, roles: Role = ROLES, language: str = "en") -> tuple[Office, User]:
    office = await town.found(roles)
    officer = town.person("Officer", language)
    link = (await office.client.ok("POST", "/v1/telegram-links", {}))["link"]
    officer.start(payload=link.partition("=")[2])
    await town.settle(horizon=5)
    return office, officer


async def household(office: Office) -> str:
    phone = await office.invite()
    return str((await office.client.ok("POST", "/v1/cases", {"contact": phone.alias}))["alias"])


async def told(town: World, officer: User, command: str) -> str:
    officer.say(None, command)
    await town.settle(horizon=5)
    return str(town.texts(officer)[-1])


async def proposed(office: Office) -> list[dict[str, str]]:
    return list((await office.client.ok("GET", "/v1/proposals"))["proposals"])


async def test_a_household_in_numbers_and_codes(town: World) -> None:
    office, officer = await officer_of(town)
    alias = await household(office)
    case = f"/v1/cases/{alias}"
    await office.client.ok("POST", f"{case}/members", {"kind": "minor", "guardian": 1})
    needs = {"needs": ["infant", "medical"], "preferred_officer": "female", "language": "ps-AF"}
    await office.client.ok("POST", f"{case}/needs", needs)
    estimated = {"fact": "ready", "answer": "no", "grade": "estimated", "as_of": town.unix() - 3600 * 5}
    await office.client.ok("POST", f"{case}/facts", estimated)
    text = await told(town, officer, f"/household {alias.lower()}")
    head, *facts = text.split("\n\n")
    assert head.splitlines() == [
        f"🏠 {alias}",
        "📌 State: open",
        "👥 Adults: 1",
        "👶 Minors: 1",
        "🤝 Needs: infant + medical help",
        "👔 Officer: a woman",
        "🌐 Language: پښتو",
        "🧭 Intent: not known",
        "🔎 Checked: by nobody yet",
        "👔 Looked after by: –",
    ]
    minor, *facts = facts
    assert minor == "👶 Member 2: minor, guardian 1, not asked"
    assert len(facts) == 5
    assert facts[0] == "📎 asked for help\n💬 not known\n⏳ As it was, ago: –"
    assert facts[2] == "📎 ready\n💬 no, estimated\n⏳ As it was, ago: 5 h 0 min"
    log = (await office.client.ok("GET", "/v1/audit"))["entries"]
    assert (log[-1]["event"], log[-1]["alias"]) == ("case_read", alias)
    assert log[-1]["subject"].startswith("~")


@pytest.mark.parametrize("language", ["fa", "ps"])
async def test_it_renders_in_every_language(town: World, language: str) -> None:
    office, officer = await officer_of(town, language=language)
    alias = await household(office)
    assert alias in await told(town, officer, f"/household {alias}")
    assert "qasid-desk confirm" in await told(town, officer, f"/vet {alias}")


@pytest.mark.parametrize("command", CHANGES)
async def test_what_is_proposed_changes_nothing_until_a_device_confirms(town: World, command: str) -> None:
    office, officer = await officer_of(town)
    alias = await household(office)
    before = await office.client.ok("GET", f"/v1/cases/{alias}")
    text = await told(town, officer, command.format(alias.lower()))
    await told(town, officer, command.format(alias))  # a double tap proposes once
    (wish,) = await proposed(office)
    assert text == en("officer-proposed", proposal=wish["proposal"][:8])
    assert (wish["subject"], wish["by"]) == (alias, "C-01")
    assert await office.client.ok("GET", f"/v1/cases/{alias}") == before
    # Turned down, it never happened.
    await office.client.ok("POST", f"/v1/proposals/{wish['proposal']}", {"decision": "reject"})
    assert await office.client.ok("GET", f"/v1/cases/{alias}") == before
    await told(town, officer, command.format(alias))
    (wish,) = await proposed(office)
    said = {"decision": "confirm"} | (
        {"reason": "voice"} if wish["kind"] == "vet" and not wish["words"] else {}
    )
    for _ in range(2):  # the same again is harmless
        await office.client.ok("POST", f"/v1/proposals/{wish['proposal']}", said)
    after = await office.client.ok("GET", f"/v1/cases/{alias}")
    assert await proposed(office) == []
    match wish["kind"]:
        case "fact":
            (kept,) = after["facts_before"]
            assert (kept["fact"], kept["answer"], kept["grade"]) == ("ready", "yes", "known")
        case "intent":
            assert [each["intent"] for each in after["intents"]] == ["wants"]
        case "vet":
            assert [each["state"] for each in after["checks"]] == ["claimed", "once"]
            assert after["checks"][-1]["reason"] == said.get("reason", "papers")


async def test_a_stale_proposal_is_refused_and_can_be_turned_down(town: World) -> None:
    office, officer = await officer_of(town)
    alias = await household(office)
    await told(town, officer, f"/fact {alias} ready yes")
    (wish,) = await proposed(office)
    await office.client.ok("POST", f"/v1/cases/{alias}/close", {"reason": "withdrew"})
    path = f"/v1/proposals/{wish['proposal']}"
    answer = await office.client.call("POST", path, {"decision": "confirm"})
    assert (answer.status_code, answer.json()["code"]) == (409, "case_closed")
    assert await proposed(office) == [wish]
    await office.client.ok("POST", path, {"decision": "reject"})
    assert await told(town, officer, f"/fact {alias} ready no") == en("officer-see-desk")
    assert await proposed(office) == []


async def test_vetting_without_a_reason_waits_for_one(town: World) -> None:
    office, officer = await officer_of(town)
    alias = await household(office)
    await told(town, officer, f"/vet {alias}")
    (wish,) = await proposed(office)
    path = f"/v1/proposals/{wish['proposal']}"
    for reason, code in (("", "reason_needed"), ("a hunch", "malformed")):
        answer = await office.client.call("POST", path, {"decision": "confirm", "reason": reason})
        assert answer.json()["code"] == code
    assert await proposed(office) == [wish]


async def test_free_text_is_deleted_and_the_form_shown(town: World) -> None:
    office, officer = await officer_of(town)
    for command, example in (
        (f"/household {MARKER}", "/household H-4821"),
        ("/household", "/household H-4821"),
        (f"/fact H-4821 ready {MARKER}", "/fact H-4821 ready yes"),
        ("/fact H-4821 ready unknown estimated", "/fact H-4821 ready yes"),
        (f"/intent H-4821 {MARKER}", "/intent H-4821 wants"),
        (f"/vet H-4821 {MARKER}", "/vet H-4821 papers"),
        ("/vet H-4821 impostor", "/vet H-4821 papers"),
    ):
        assert await told(town, officer, command) == en("officer-codes-only", example=example)
    assert [m for m in officer.chat().visible() if not m.from_bot] == []
    assert await proposed(office) == []


async def test_another_offices_and_nobodys_are_the_same(town: World) -> None:
    office, _ = await officer_of(town)
    alias = await household(office)
    _, other = await officer_of(town)
    log = (await office.client.ok("GET", "/v1/audit"))["head"]["seq"]
    for command in ("/household {}", *CHANGES):
        for code in (alias, "H-1"):
            assert await told(town, other, command.format(code)) == en("officer-case-unknown")
    assert await proposed(office) == []
    assert (await office.client.ok("GET", "/v1/audit"))["head"]["seq"] == log


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HOST, Role.LIAISON])
async def test_roles_without_cases(town: World, role: Role) -> None:
    _, officer = await officer_of(town, role)
    for command in ("/household {}", *CHANGES):
        assert await told(town, officer, command.format("H-1")) == en("officer-not-allowed")
