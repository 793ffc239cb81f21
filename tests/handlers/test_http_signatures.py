"""Who is asking: one strict profile of RFC 9421, each request once, no other's."""

import asyncio
import json

import pytest

from crypto import request as signing
from crypto.encoding import b64u, new_id
from tests.handlers.conftest import Api

MARKER = "MARKER-4242"


def code(answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"code", "message"}
    assert MARKER not in answer.text
    return body["code"]


async def test_a_signed_request_is_answered(api: Api) -> None:
    office = await api.office()
    me = await office.client.ok("GET", "/v1/me")
    assert me["state"] == "officer"
    assert me["office"] == b64u(office.id)
    assert me["roster"] == {"version": 1, "hash": b64u(office.roster.hash)}
    assert me["telegram_linked"] is False


async def test_the_same_request_again_is_a_replay(api: Api) -> None:
    office = await api.office()
    signed = signing.sign(
        office.keys.sign_seed, device=office.keys.record.device, method="GET", authority="127.0.0.1:8470",
        path="/v1/me", query="", body=b"", created=api.unix(),
    )  # fmt: skip
    assert (await api.http.get("/v1/me", headers=signed)).status_code == 200
    again = await api.http.get("/v1/me", headers=signed)
    assert (again.status_code, code(again)) == (401, "replayed")


async def test_of_one_request_sent_many_times_at_once_one_counts(api: Api) -> None:
    office = await api.office()
    signed = signing.sign(
        office.keys.sign_seed, device=office.keys.record.device, method="GET", authority="127.0.0.1:8470",
        path="/v1/me", query="", body=b"", created=api.unix(),
    )  # fmt: skip
    answers = await asyncio.gather(*(api.http.get("/v1/me", headers=signed) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [200] + [401] * 7


async def test_nothing_else_passes(api: Api) -> None:
    """Each departure from what was signed is refused, and the refusal says nothing of what was sent."""
    office = await api.office()
    body = {"paused": True}
    client = office.client
    other_seed = bytes(32)
    refused = [
        await client.call("POST", "/v1/pause", body, tamper=json.dumps({"paused": False}).encode()),
        await client.call("POST", "/v1/pause", body, seed=other_seed),
        await client.call("POST", "/v1/pause", body, headers={"signature": f"qasid=:{MARKER}:"}),
        await client.call("POST", "/v1/pause", body, headers={"signature-input": MARKER}),
        await client.call("POST", "/v1/pause", body, headers={"content-digest": MARKER}),
        await api.http.post("/v1/pause", json=body),
    ]
    assert [each.status_code for each in refused] == [401] * 6
    assert {code(each) for each in refused} == {"bad_signature"}


async def test_a_signature_holds_for_its_path_query_and_method_alone(api: Api) -> None:
    office = await api.office()
    signed = signing.sign(
        office.keys.sign_seed, device=office.keys.record.device, method="GET", authority="127.0.0.1:8470",
        path="/v1/mail", query="after=1", body=b"", created=api.unix(),
    )  # fmt: skip
    for method, url in (
        ("GET", "/v1/mail?after=2"),
        ("GET", "/v1/mail"),
        ("GET", "/v1/me"),
        ("POST", "/v1/mail/ack"),
    ):
        answer = await api.http.request(
            method, url, headers=signed, json={"ids": []} if method == "POST" else None
        )
        assert answer.status_code == 401, url
    assert (await api.http.get("/v1/mail?after=1", headers=signed)).status_code == 200


@pytest.mark.parametrize("shift", [-301, 61, 10**8])
async def test_a_request_outside_of_its_time(api: Api, shift: int) -> None:
    office = await api.office()
    office.client.now = lambda: api.unix() + shift
    answer = await office.client.call("GET", "/v1/me")
    assert (answer.status_code, code(answer)) == (401, "bad_signature")
    assert "/v1/time" in answer.json()["message"]


async def test_an_unknown_device(api: Api) -> None:
    await api.office()
    signed = signing.sign(
        bytes(32), device=new_id(), method="GET", authority="127.0.0.1:8470", path="/v1/me", query="", body=b"",
        created=api.unix(),
    )  # fmt: skip
    answer = await api.http.get("/v1/me", headers=signed)
    assert (answer.status_code, code(answer)) == (401, "unknown_device")


async def test_a_request_for_another_relay(api: Api) -> None:
    """Signed for and sent with another name: what was meant for one relay is no good at another."""
    office = await api.office()
    signed = signing.sign(
        office.keys.sign_seed, device=office.keys.record.device, method="GET", authority="evil.example",
        path="/v1/me", query="", body=b"", created=api.unix(),
    )  # fmt: skip
    answer = await api.http.get("/v1/me", headers={**signed, "host": "evil.example"})
    assert (answer.status_code, code(answer)) == (421, "wrong_address")
    assert "evil" not in answer.text


async def test_a_contact_is_no_officer(api: Api) -> None:
    office = await api.office()
    phone = await office.invite()
    await phone.enrol()
    for method, path, body in (
        ("GET", "/v1/contacts", None),
        ("GET", "/v1/enrolments", None),
        ("GET", "/v1/devices", None),
        ("GET", "/v1/invitations", None),
        ("GET", "/v1/proposals", None),
        ("GET", "/v1/movements", None),
        ("GET", "/v1/notices", None),
        ("POST", "/v1/telegram-links", {}),
        ("POST", "/v1/rosters", {"roster": b64u(office.roster.sign(office.root.seed))}),
        (
            "POST",
            "/v1/movements",
            {"code": "AIR-07", "route": 1, "departs_at": api.unix() + 9999, "seats": 3},
        ),
    ):
        answer = await phone.client.call(method, path, body)
        assert (answer.status_code, code(answer)) == (403, "not_allowed"), path


async def test_one_device_cannot_ask_without_end(api: Api) -> None:
    office = await api.office()
    answers = [await office.client.call("GET", "/v1/me") for _ in range(215)]
    refused = [each for each in answers if each.status_code == 429]
    assert 10 <= len(refused) <= 15
    assert int(refused[0].headers["retry-after"]) >= 1
    assert code(refused[0]) == "too_many"
