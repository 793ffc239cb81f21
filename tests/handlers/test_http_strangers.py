"""What strangers can take from others: memory, and their share of requests."""

import re
from collections.abc import AsyncIterator

import pytest
from fastapi.routing import APIRoute

from crypto import request as signing
from crypto.device import OwnerKind
from crypto.encoding import b64u, new_id
from crypto.keys import DeviceKeys
from crypto.statement import Wipe
from handlers.api import beginnings, departures, desk, devices, post
from handlers.api.context import CheckedRoute, proof
from handlers.api.context import signed as signed_by
from handlers.api.guard import FROM_STRANGERS, KIB, limit_of
from handlers.api.rates import LETTERS, LOOKS, counted_as
from tests.flow.actors import Phone
from tests.handlers.conftest import Api

MIB = 1024 * 1024
PATHS = ["/v1/notices", f"/v1/notices/{'A' * 22}/1/cancel", "/v1/envelopes"]


class Flood:
    """A body of any size that counts what is asked of it."""

    def __init__(self, size: int = 64 * MIB) -> None:
        self.size = size
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.taken < self.size:
            self.taken += MIB
            yield bytes(MIB)


def signed(api: Api, keys: DeviceKeys, path: str, body: bytes = b"", *, created: int = 0) -> dict[str, str]:
    return signing.sign(
        keys.sign_seed, device=keys.record.device, method="POST", authority="127.0.0.1:8470", path=path,
        body=body, created=created or api.unix(),
    )  # fmt: skip


async def flood(api: Api, path: str, headers: dict[str, str], *, declared: bool) -> tuple[int, str, int]:
    """Status, code, and how many bytes were taken."""
    body = Flood()
    length = {"content-length": str(min(body.size, limit_of(path)))} if declared else {}
    answer = await api.http.post(
        path, content=body, headers={"content-type": "application/json", **headers, **length}
    )
    return answer.status_code, answer.json()["code"], body.taken


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("path", PATHS)
class TestLargeBodies:
    """The test client hands over the first piece unasked; the relay must not ask for another."""

    async def test_unsigned(self, api: Api, path: str, declared: bool) -> None:
        status, code, taken = await flood(api, path, {}, declared=declared)
        assert (status, code) == (401, "bad_signature")
        assert taken <= MIB

    async def test_under_a_made_up_key(self, api: Api, path: str, declared: bool) -> None:
        keys = DeviceKeys.generate(bytes(32), OwnerKind.CONTACT, new_id())
        status, code, taken = await flood(api, path, signed(api, keys, path), declared=declared)
        assert (status, code) == (401, "unknown_device")
        assert taken <= MIB

    async def test_under_a_known_name_without_its_key(self, api: Api, path: str, declared: bool) -> None:
        office = await api.office()
        other = DeviceKeys.generate(bytes(32), OwnerKind.CONTACT, new_id())
        headers = signing.sign(
            other.sign_seed, device=office.keys.record.device, method="POST", authority="127.0.0.1:8470",
            path=path, body=b"", created=api.unix(),
        )  # fmt: skip
        status, code, taken = await flood(api, path, headers, declared=declared)
        assert (status, code) == (401, "bad_signature")
        assert taken <= MIB

    async def test_under_a_signature_for_another_address(self, api: Api, path: str, declared: bool) -> None:
        office = await api.office()
        status, code, taken = await flood(api, path, signed(api, office.keys, "/v1/me"), declared=declared)
        assert (status, code) == (401, "bad_signature")
        assert taken <= MIB

    async def test_under_an_old_signature(self, api: Api, path: str, declared: bool) -> None:
        office = await api.office()
        old = signed(api, office.keys, path, created=api.unix() - 301)
        status, code, taken = await flood(api, path, old, declared=declared)
        assert (status, code) == (401, "bad_signature")
        assert taken <= MIB

    async def test_of_a_device_that_waits(self, api: Api, path: str, declared: bool) -> None:
        """Whoever reads a letter can make one."""
        office = await api.office()
        phone = await office.invite()
        await phone.client.ok("POST", "/v1/enrolments", phone.enrolment())
        status, _, taken = await flood(api, path, signed(api, phone.keys, path), declared=declared)
        assert status == 403
        assert taken <= MIB

    async def test_with_another_body_than_was_signed(self, api: Api, path: str, declared: bool) -> None:
        """Taken, since the headers are an officer's; its digest then tells."""
        office = await api.office()
        body = b" " * (2 * MIB)
        headers = {"content-type": "application/json", **signed(api, office.keys, path, b"{}" + body)}
        answer = await api.http.post(path, content=_whole(body) if not declared else body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def test_large_bodies_of_those_who_may(api: Api) -> None:
    """They come as far as the rules: what is refused there is the content."""
    office = await api.office()
    phone = await office.invite()
    await phone.enrol()
    large = bytes(2 * MIB)
    for client in (office.client, phone.client):
        answer = await client.call("POST", "/v1/envelopes", large)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    answer = await office.client.call("POST", "/v1/notices", {"envelope": "A" * (40 * MIB)})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    answer = await phone.client.call("POST", "/v1/notices", {"envelope": "A" * (2 * MIB)})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_without_a_word_on_its_length_little_is_taken(api: Api) -> None:
    """Neither a length nor chunks announced, as another server in front might hand it on."""
    office, body = await api.office(), Flood()
    headers = signed(api, office.keys, "/v1/notices")
    request = api.http.build_request("POST", "/v1/notices", content=body, headers=headers)
    del request.headers["transfer-encoding"]
    answer = await api.http.send(request)
    assert answer.status_code == 413
    assert body.taken <= FROM_STRANGERS + 2 * MIB


class TestShares:
    """Behind one address of a mobile network stand thousands of phones."""

    async def use_up(self, api: Api, method: str, path: str, body: dict[str, object] | None = None) -> None:
        keys = DeviceKeys.generate(bytes(32), OwnerKind.CONTACT, new_id())
        for _ in range(LETTERS.amount + 1):
            raw = b"" if body is None else api.http.build_request(method, path, json=body).content
            headers = {"content-type": "application/json", **signed(api, keys, path, raw)}
            answer = await api.http.request(method, path, content=raw, headers=headers)
        assert answer.status_code == 429, answer.text

    async def everything_else_works(self, api: Api, phone: Phone) -> None:
        found = await api.http.get(f"/v1/letters/{b64u(phone.secret.invitation)}")
        assert found.status_code == 200
        await phone.enrol()

    async def test_guessed_letters_stop_no_enrolment(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        await self.use_up(api, "GET", f"/v1/letters/{b64u(new_id())}")
        await phone.enrol()

    async def test_guessed_codes_stop_no_enrolment(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        body = {"code": "x", "roster": b64u(office.roster.sign(office.root.seed)), "prekeys": []}
        client = office.client
        for _ in range(LETTERS.amount + 1):
            answer = await client.call("POST", "/v1/offices", body)
        assert answer.status_code == 429
        await self.everything_else_works(api, phone)

    async def test_looking_whether_it_is_ready_stops_nothing_else(self, api: Api) -> None:
        phone = await (await api.office()).invite()
        answers = [(await api.http.get("/readyz")).status_code for _ in range(LOOKS.amount + 1)]
        assert answers.count(429) == 1
        assert (await api.http.get("/healthz")).status_code == 200
        await self.everything_else_works(api, phone)

    async def test_false_wipes_stop_neither_enrolments_nor_true_wipes(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        await self.use_up(api, "POST", "/v1/wipes", {"wipe": b64u(b"x" * 50)})
        await self.everything_else_works(api, phone)
        thief = DeviceKeys.generate(office.id, OwnerKind.CONTACT, phone.contact)
        said = Wipe(office.id, phone.contact, phone.keys.record.device, api.unix())
        forged = await api.http.post("/v1/wipes", json={"wipe": b64u(said.sign(thief.sign_seed))})
        assert forged.status_code == 429
        true = await api.http.post("/v1/wipes", json={"wipe": b64u(said.sign(phone.keys.sign_seed))})
        assert (true.status_code, true.text) == (204, "")

    async def test_one_devices_own_wipe_is_not_endless(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        await phone.enrol()
        said = Wipe(office.id, phone.contact, phone.keys.record.device, api.unix()).sign(phone.keys.sign_seed)
        answers = [await api.http.post("/v1/wipes", json={"wipe": b64u(said)}) for _ in range(220)]
        assert [each.status_code for each in answers[:150]] == [204] * 150
        assert answers[-1].status_code == 429


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("-", "-"),
    ],
)
def test_whom_an_address_stands_for(host: str, counted: str) -> None:
    assert counted_as(host) == counted


def _posts() -> list[tuple[str, bool]]:
    """Every path that takes a signed body, and whether the relay knows who signs."""
    found = []
    for module in (beginnings, departures, desk, devices, post):
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            calls = {each.call for each in route.dependant.dependencies}
            if "POST" in route.methods and calls & {signed_by, proof}:
                path = re.sub(
                    r"\{\w+\}", lambda part: "1" if part[0] == "{version}" else "A" * 22, route.path
                )
                found.append((path, signed_by in calls))
    return found


POSTS = _posts()
NONSENSE = b"[" * 200_000


@pytest.mark.parametrize(("path", "known"), POSTS)
class TestNothingIsParsedBeforeTheSignature:
    """A parser that strangers feed is theirs to attack: what is no JSON must look the same as what is."""

    async def test_unsigned(self, api: Api, path: str, known: bool) -> None:
        for body in (b"{", b"{}", NONSENSE[: 60 * KIB]):
            answer = await api.http.post(path, content=body, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")

    async def test_under_a_made_up_key(self, api: Api, path: str, known: bool) -> None:
        if not known:
            return  # its key comes in the body
        keys = DeviceKeys.generate(bytes(32), OwnerKind.CONTACT, new_id())
        headers = {"content-type": "application/json", **signed(api, keys, path, b"{")}
        answer = await api.http.post(path, content=b"{", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_device")

    async def test_with_another_body_than_was_signed(self, api: Api, path: str, known: bool) -> None:
        office = await api.office()
        headers = {"content-type": "application/json", **signed(api, office.keys, path, b"{}")}
        answer = await api.http.post(path, content=b"{", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")

    async def test_signed(self, api: Api, path: str, known: bool) -> None:
        """Then it is parsed, and refused for what it is."""
        office = await api.office()
        headers = {"content-type": "application/json", **signed(api, office.keys, path, b"{")}
        answer = await api.http.post(path, content=b"{", headers=headers)
        assert answer.status_code == {"/v1/envelopes": 415, "/v1/telegram-links": 201}.get(path, 400) or (
            path.endswith(("/void", "/movements/" + "A" * 22 + "/cancel", "/" + "A" * 22 + "/refuse"))
            and answer.status_code == 404
        )


def test_every_route_that_is_signed_is_checked_first() -> None:
    assert len(POSTS) > 15
    assert sum(not known for _, known in POSTS) == 2
    for module in (beginnings, departures, desk, devices, post):
        assert {type(route) for route in module.router.routes} == {CheckedRoute}


@pytest.mark.parametrize("path", ["/v1/offices", "/v1/enrolments", "/v1/wipes"])
async def test_strangers_send_little(api: Api, path: str) -> None:
    """They are parsed before the key that signed them is known."""
    assert limit_of(path) <= 64 * KIB
    body = b" " * (limit_of(path) + 1)
    for content in (body, _whole(body)):
        answer = await api.http.post(path, content=content, headers={"content-type": "application/json"})
        assert answer.status_code in {401, 413}
        assert answer.json()["code"] in {"bad_signature", "too_large"}
    answer = await api.http.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
