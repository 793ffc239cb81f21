"""Bad input over HTTP: a clear error, nothing lost, nothing private in log or answer."""

import asyncio
import json
import logging
import threading
from pathlib import Path

import httpx
import pytest

from crypto import request as signing
from crypto.encoding import b64u, new_id
from emulator.telegram import Telegram
from handlers import log
from handlers.api import hook as hooks
from handlers.api.build import build
from handlers.api.guard import limit_of
from handlers.connection import Patience
from handlers.profile import Hook
from handlers.server import listen, serve_until
from relay import offices
from tests.flow.actors import Office
from tests.handlers.conftest import TOKEN, Api

MARKER = "MARKER-4242"
WAIT_SECONDS = 20


@pytest.fixture(autouse=True)
def _logged(capsys):
    """Whatever a test here logs must show no marker, no token."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure(as_json=True)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    shown = capsys.readouterr()
    assert MARKER not in shown.err + shown.out
    assert TOKEN not in shown.err + shown.out


def code(answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"code", "message"}
    assert MARKER not in answer.text
    return body["code"]


async def test_open_answers(api: Api) -> None:
    assert (await api.http.get("/v1/time")).json() == {"now": api.unix()}
    info = (await api.http.get("/v1/info")).json()
    assert info == {"bot": "qasid_test_bot", "version": info["version"], "demo": False}
    assert (await api.http.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{", b"\xff\xfe", b'"MARKER-4242"', b'{"MARKER-4242": 1}', b'{"consent": 5}',
        b'{"consent": "MARKER-4242!"}', b'{"consent": "AAAA=="}', b'{"consent": ""}', b'{"consent": null}',
        b'{"consent": "AAAA", "MARKER-4242": "MARKER-4242"}', b"[" * 5000,
    ],
)  # fmt: skip
async def test_a_malformed_body(api: Api, body: bytes) -> None:
    office = await api.office()
    answer = await office.client.call(
        "POST", "/v1/consents", body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, code(answer)) == (400, "malformed")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v2/me", "/MARKER-4242", "/app/../v1/x"])
async def test_an_unknown_address(api: Api, path: str) -> None:
    answer = await api.http.get(path)
    assert (answer.status_code, code(answer)) == (404, "not_found")


async def test_a_wrong_method(api: Api) -> None:
    answer = await api.http.delete("/v1/time")
    assert (answer.status_code, code(answer)) == (405, "method_not_allowed")


@pytest.mark.parametrize("office", ["MARKER-4242", "x", "%00", "A" * 42, "A" * 44])
async def test_a_malformed_id_in_the_address(api: Api, office: str) -> None:
    answer = await api.http.get(f"/v1/offices/{office}/rosters")
    assert (answer.status_code, code(answer)) == (400, "malformed")


async def test_rosters_come_packed_to_whoever_can_unpack_them(api: Api) -> None:
    path = f"/v1/offices/{b64u((await api.office()).id)}/rosters"
    packed, plain = [
        await api.http.get(path, headers={"Accept-Encoding": way}) for way in ("gzip, br", "identity")
    ]
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < 0.8 * len(plain.content)


class TestSize:
    async def test_declared(self, api: Api) -> None:
        """Refused from the header alone: no byte of the body is asked for."""
        asked = []

        async def body():
            asked.append(1)
            yield b"x"

        size = limit_of("/v1/envelopes") + 1
        answer = await api.http.post("/v1/envelopes", content=body(), headers={"content-length": str(size)})
        assert (answer.status_code, code(answer)) == (413, "too_large")

    async def test_undeclared(self, api: Api) -> None:
        """Chunked: cut off as soon as it is too much."""
        office = await api.office()
        chunk = bytes(256 * 1024)
        sent = 0

        async def body():
            nonlocal sent
            for _ in range(100):
                sent += len(chunk)
                yield chunk

        signed = signing.sign(
            office.keys.sign_seed, device=office.keys.record.device, method="POST", authority="127.0.0.1:8470",
            path="/v1/envelopes", query="", body=b"", created=api.unix(),
        )  # fmt: skip
        answer = await api.http.post(
            "/v1/envelopes", content=body(), headers={"content-type": "application/octet-stream", **signed}
        )
        assert (answer.status_code, code(answer)) == (413, "too_large")
        assert sent <= limit_of("/v1/envelopes") + 2 * len(chunk)

    async def test_nonsense(self, api: Api) -> None:
        answer = await api.http.post("/v1/wipes", content=b"x", headers={"content-length": "-1"})
        assert answer.status_code == 413

    async def test_nothing_may_be_posted_where_nothing_is(self, api: Api) -> None:
        answer = await api.http.post("/elsewhere", content=b"x")
        assert answer.status_code == 413


class TestEnvelopes:
    async def test_accepted_and_again(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        await phone.enrol()
        letter = phone.letter()
        first = await phone.client.call("POST", "/v1/envelopes", letter)
        second = await phone.client.call("POST", "/v1/envelopes", letter)
        assert (first.status_code, second.status_code) == (202, 202)
        assert first.json()["id"] == second.json()["id"] == b64u(letter[2:18])
        assert "wake" in api.woken
        (item,) = (await office.client.ok("GET", "/v1/mail"))["items"]
        assert item["envelope"] == b64u(letter)

    async def test_same_id_other_bytes(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        await phone.enrol()
        letter = phone.letter()
        await phone.client.ok("POST", "/v1/envelopes", letter)
        changed = letter[:100] + bytes([letter[100] ^ 1]) + letter[101:]
        assert (await phone.client.call("POST", "/v1/envelopes", changed)).status_code == 409

    @pytest.mark.parametrize("cut", [0, 1, 83, 84, 600, -1])
    async def test_truncated(self, api: Api, cut: int) -> None:
        office = await api.office()
        phone = await office.invite()
        await phone.enrol()
        answer = await phone.client.call("POST", "/v1/envelopes", phone.letter()[:cut])
        assert (answer.status_code, code(answer)) == (400, "malformed")

    async def test_another_sender_in_the_header(self, api: Api) -> None:
        office = await api.office()
        phone, thief = await office.invite(), await office.invite()
        await phone.enrol()
        await thief.enrol()
        assert (await thief.client.call("POST", "/v1/envelopes", phone.letter())).status_code == 403

    async def test_expired(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        await phone.enrol()
        letter = phone.letter()
        api.advance(days=9)
        answer = await phone.client.call("POST", "/v1/envelopes", letter)
        assert answer.status_code in {400, 403, 410, 422}
        assert (await office.client.ok("GET", "/v1/mail"))["items"] == []

    async def test_before_consent_and_after_its_withdrawal(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        await phone.client.ok("POST", "/v1/enrolments", phone.enrolment())
        await office.confirm(phone)
        assert (await office.client.call("POST", "/v1/envelopes", office.letter(phone))).status_code == 403
        await phone.consent("messages", given=True)
        await office.send(phone)
        await phone.consent("messages", given=False)
        assert (await office.client.call("POST", "/v1/envelopes", office.letter(phone))).status_code == 403

    async def test_wrong_content_type(self, api: Api) -> None:
        office = await api.office()
        answer = await office.client.call(
            "POST", "/v1/envelopes", b"x", headers={"content-type": "application/json"}
        )
        assert (answer.status_code, code(answer)) == (415, "unsupported_media_type")

    @pytest.mark.parametrize("name", ["MARKER-4242", "A/1", f"{'A' * 22}/x", f"{'_' * 22}/1"])
    async def test_a_malformed_notice(self, api: Api, name: str) -> None:
        office = await api.office()
        answer = await office.client.call("POST", f"/v1/envelopes?for={name}", b"x")
        assert (answer.status_code, code(answer)) == (400, "malformed")


class TestLetters:
    async def test_no_oracle(self, api: Api) -> None:
        """Unknown, wrong token, used and expired: word for word the same."""
        office = await api.office()
        used, late, wrong = await office.invite(), await office.invite(), await office.invite()
        await used.enrol()
        thief, stranger = await office.invite(), await office.invite()
        stranger.secret = type(stranger.secret).generate()
        stranger.contact = stranger.secret.contact
        forms = [
            {
                **thief.enrolment(),
                "invitation": b64u(used.secret.invitation),
                "admit": b64u(used.secret.admit_token),
            },
            {**wrong.enrolment(), "admit": b64u(bytes(32))},
            {**thief.enrolment(), "invitation": b64u(new_id())},
        ]
        answers = [await thief.client.call("POST", "/v1/enrolments", forms[0])]
        answers.append(await wrong.client.call("POST", "/v1/enrolments", forms[1]))
        answers.append(await thief.client.call("POST", "/v1/enrolments", forms[2]))
        api.advance(days=15)
        answers.append(await late.client.call("POST", "/v1/enrolments", late.enrolment()))
        assert {(each.status_code, each.text) for each in answers} == {(403, answers[0].text)}
        assert code(answers[0]) == "letter_not_valid"

    async def test_the_slip_is_for_open_letters_only(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        found = await api.http.get(f"/v1/letters/{b64u(phone.secret.invitation)}")
        assert found.status_code == 200
        unknown = await api.http.get(f"/v1/letters/{b64u(new_id())}")
        await phone.enrol()
        used = await api.http.get(f"/v1/letters/{b64u(phone.secret.invitation)}")
        assert (unknown.status_code, unknown.text) == (used.status_code, used.text) == (404, unknown.text)

    async def test_guessing_is_slowed(self, api: Api) -> None:
        answers = [await api.http.get(f"/v1/letters/{b64u(new_id())}") for _ in range(125)]
        assert [each.status_code for each in answers] == [404] * 120 + [429] * 5

    async def test_failures_at_one_letter_are_slowed_and_its_person_never(self, api: Api) -> None:
        """From as many addresses as they like: what does not hold is counted by letter, what holds is not."""
        office = await api.office()
        phone = await office.invite()
        wrong = {**phone.enrolment(), "admit": b64u(bytes(32))}
        answers = [await phone.client.call("POST", "/v1/enrolments", wrong) for _ in range(21)]
        assert [each.status_code for each in answers] == [403] * 20 + [429]
        assert int(answers[-1].headers["retry-after"]) > 1
        assert (await api.http.get(f"/v1/letters/{b64u(phone.secret.invitation)}")).status_code == 200
        assert (await phone.client.ok("POST", "/v1/enrolments", phone.enrolment()))["state"] == "pending"
        used = [await api.http.get(f"/v1/letters/{b64u(bytes(16))}") for _ in range(21)]
        assert [each.status_code for each in used] == [404] * 20 + [429]

    async def test_two_phones_with_one_letter_freeze_it(self, api: Api) -> None:
        office = await api.office()
        phone = await office.invite()
        first = await phone.client.ok("POST", "/v1/enrolments", phone.enrolment())
        again = await phone.client.call("POST", "/v1/enrolments", phone.enrolment())
        assert (first["state"], again.status_code) == ("pending", 200)
        other = type(phone)(office, phone.secret, phone.alias)
        second = await other.client.ok("POST", "/v1/enrolments", other.enrolment())
        assert second["state"] == "frozen"
        waiting = (await office.client.ok("GET", "/v1/enrolments"))["enrolments"]
        assert [each["state"] for each in waiting] == ["frozen", "frozen"]

    async def test_signed_by_another_device(self, api: Api) -> None:
        office = await api.office()
        phone, thief = await office.invite(), await office.invite()
        answer = await thief.client.call("POST", "/v1/enrolments", phone.enrolment())
        assert (answer.status_code, code(answer)) == (401, "bad_signature")


class TestInitData:
    async def attempt(self, api: Api, init_data: str):
        office = await api.office()
        phone = await office.invite()
        return await phone.client.call("POST", "/v1/enrolments", phone.enrolment(init_data))

    def telegram(self, api: Api, token: str = TOKEN) -> str:
        telegram = Telegram(_Stopped(api.unix()))
        bot = telegram.add_bot(token, "qasid_test_bot")
        return telegram.add_user("Sara").init_data(bot)

    async def test_of_our_bot(self, api: Api) -> None:
        assert (await self.attempt(api, self.telegram(api))).status_code == 201

    async def test_of_another_bot(self, api: Api) -> None:
        foreign = self.telegram(api, "123456789:AAzyxwvutsrqponmlkjihgfedcba987654")
        answer = await self.attempt(api, foreign)
        assert (answer.status_code, code(answer)) == (401, "init_data_not_valid")

    async def test_stale(self, api: Api) -> None:
        init_data = self.telegram(api)
        api.advance(seconds=3601)
        answer = await self.attempt(api, init_data)
        assert (answer.status_code, code(answer)) == (401, "init_data_not_valid")

    @pytest.mark.parametrize("init_data", [MARKER, "hash=00", "user={}&auth_date=1&hash=" + "0" * 64])
    async def test_forged(self, api: Api, init_data: str) -> None:
        answer = await self.attempt(api, init_data)
        assert (answer.status_code, code(answer)) == (401, "init_data_not_valid")


class TestOffices:
    async def test_a_code_works_once(self, api: Api) -> None:
        admission = await api.store.write(lambda tx: offices.admit(tx, api.clock.now()))
        await Office(api.http, api.unix).found(admission.code)
        with pytest.raises(AssertionError, match="code_not_valid"):
            await Office(api.http, api.unix).found(admission.code)

    async def test_a_wrong_code_and_a_late_one(self, api: Api) -> None:
        with pytest.raises(AssertionError, match="code_not_valid"):
            await Office(api.http, api.unix).found("AAAAA-AAAAA-AAAAA-AAAAA")
        admission = await api.store.write(lambda tx: offices.admit(tx, api.clock.now()))
        api.advance(hours=25)
        with pytest.raises(AssertionError, match="code_not_valid"):
            await Office(api.http, api.unix).found(admission.code)

    async def test_a_rolled_back_roster(self, api: Api) -> None:
        office = await api.office()
        old = office.roster.sign(office.root.seed)
        fork = type(office.roster)(**{**_fields(office.roster), "issued": office.roster.issued + 1})
        answer = await office.client.call(
            "POST", "/v1/rosters", {"roster": b64u(fork.sign(office.root.seed))}
        )
        assert answer.status_code == 409
        assert (await office.client.call("POST", "/v1/rosters", {"roster": b64u(old)})).status_code in {
            200,
            201,
            409,
        }
        wrong_root = await office.client.call(
            "POST", "/v1/rosters", {"roster": b64u(office.roster.sign(bytes(32)))}
        )
        assert wrong_root.status_code == 409


class TestPhoneApp:
    async def test_policy_and_caching(self, api: Api) -> None:
        page = await api.http.get("/app/")
        policy = page.headers["content-security-policy"]
        assert page.status_code == 200
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors https://web.telegram.org https://*.telegram.org" in policy
        assert "unsafe-inline" not in policy
        assert "x-frame-options" not in page.headers
        assert page.headers["cache-control"] == "no-cache"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        script = await api.http.get("/app/assets/index-abc.js")
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"

    async def test_nothing_outside_of_its_folder(self, api: Api) -> None:
        for path in ("/app/../qasid.db", "/app/%2e%2e/qasid.db", "/app/..%2fqasid.db", "/app//etc/passwd"):
            assert (await api.http.get(path)).status_code == 404

    async def test_the_bare_address_leads_there(self, api: Api) -> None:
        answer = await api.http.get("/")
        assert (answer.status_code, answer.headers["location"]) == (308, "/app/")


async def test_pages_of_one_other_origin_may_ask_the_api_and_nothing_else(api: Api, app_dir: Path) -> None:
    own = "https://app.example"
    web = build(api.context, app_dir=app_dir, app_origin=own)
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,content-digest,signature,signature-input",
    }
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(web), base_url="http://127.0.0.1:8470"
    ) as http:
        allowed = await http.options("/v1/envelopes", headers={**asks, "Origin": own})
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, own)
        assert "access-control-allow-credentials" not in allowed.headers
        assert (await http.get("/v1/me", headers={"Origin": own})).headers[
            "access-control-allow-origin"
        ] == own
        for strange in ("https://app.example.evil", "http://app.example", "null"):
            refused = await http.options("/v1/envelopes", headers={**asks, "Origin": strange})
            read = await http.get("/v1/time", headers={"Origin": strange})
            assert (refused.status_code, read.status_code) == (400, 200)
            assert "access-control-allow-origin" not in {*refused.headers, *read.headers}
        for path in ("/app/", "/app/assets/index-abc.js", "/"):
            page = await http.get(path, headers={"Origin": own})
            assert "access-control-allow-origin" not in page.headers
    plain = await api.http.options("/v1/envelopes", headers={**asks, "Origin": own})
    assert "access-control-allow-origin" not in plain.headers


async def test_an_answer_is_kept_by_nobody_and_is_no_page(api: Api, app_dir: Path) -> None:
    for path in ("/v1/time", "/v1/nothing", "/v1/me", "/healthz", "/elsewhere", "/openapi.json"):
        headers = (await api.http.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" not in headers
    web = build(api.context, app_dir=app_dir, https=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="https://a") as http:
        for path in ("/v1/time", "/v1/nothing", "/app/", "/app/assets/index-abc.js"):
            headers = (await http.get(path)).headers
            assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_the_description_names_every_operation_and_loads_nothing(api: Api) -> None:
    paths = (await api.http.get("/openapi.json")).json()["paths"]
    assert {"/v1/envelopes", "/v1/notices", "/v1/enrolments", "/v1/mail", "/v1/wipes"} <= set(paths)
    assert (await api.http.get("/docs")).status_code == 404


async def test_a_rule_that_breaks_is_an_honest_503(api: Api, monkeypatch, capsys) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError(MARKER)

    office = await api.office()
    monkeypatch.setattr("handlers.api.desk.contacts.listed", broken)
    answer = await office.client.call("GET", "/v1/contacts")
    assert (answer.status_code, code(answer)) == (503, "unavailable")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    failed = next(line for line in lines if line["event"] == "request failed")
    assert failed["error"] == "RuntimeError"
    assert failed["route"] == "/v1/contacts"


async def test_a_long_look_holds_nobody_up(api: Api, monkeypatch) -> None:
    """What an office sees of 100,000 people takes seconds, in which letters and claims are written."""
    office = await api.office()
    begun, over = threading.Event(), threading.Event()

    def long(*_given: object) -> list[object]:
        begun.set()
        assert over.wait(WAIT_SECONDS)
        return []

    monkeypatch.setattr("handlers.api.desk.contacts.listed", long)
    looking = asyncio.create_task(office.client.ok("GET", "/v1/contacts"))
    try:
        assert await asyncio.to_thread(begun.wait, WAIT_SECONDS)
        assert (await office.client.ok("POST", "/v1/duty", {"on": False}))["on"] is False
        assert not looking.done()
    finally:
        over.set()
    assert await looking == {"contacts": []}


class _Stopped:
    def __init__(self, now: float) -> None:
        self._now = now

    def time(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")


def _fields(roster) -> dict:
    return {name: getattr(roster, name) for name in roster.__dataclass_fields__ if not name.isupper()}


@pytest.mark.parametrize("path", ["/v1/wipes", "/v1/enrolments", "/v1/offices", "/telegram/x"])
async def test_half_a_body_is_a_408_and_no_line_in_the_log(
    api: Api, app_dir: Path, capsys, path: str
) -> None:
    """Strangers must not fill the disk with them."""

    async def take(_updates: object) -> None:
        raise AssertionError("nothing came")

    stop, bound = asyncio.Event(), listen("127.0.0.1", 0)
    bound.listen()
    hook = Hook("x", "secret")
    web = build(api.context, app_dir=app_dir, extra=[hooks.router(hook, take)])
    patience = Patience(body=0.05)
    serving = asyncio.create_task(serve_until(web, bound, stop, proxies="", patience=patience))
    reader, writer = await asyncio.open_connection(*bound.getsockname())
    signed = signing.sign(
        bytes(32), device=bytes(16), method="POST", authority="127.0.0.1:8470", path=path, query="", body=b"{}",
        created=api.unix(),
    )  # fmt: skip
    given = {"Host": "127.0.0.1:8470", "Content-Length": "2", hooks.SECRET_HEADER: hook.secret, **signed}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n{{".encode())
    assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    writer.close()
    stop.set()
    await serving
    shown = capsys.readouterr()
    assert "request" not in shown.out + shown.err, shown
