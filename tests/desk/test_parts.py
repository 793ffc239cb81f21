"""The small parts: times, forms, the clock, the client's manners."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto import keyfile
from crypto.keyfile import Cost
from crypto.keys import RootKeys
from crypto.notice import NoticeKind, Route
from crypto.request import RequestSignature
from crypto.signature import public_key
from desk import medium
from desk.client import Relay, Signer, check_url
from desk.clock import Clock, is_loopback
from desk.codec import decode, encode
from desk.errors import DeskError, RelayError, UnreachableError, UsageError
from desk.forms import Sheet
from desk.medium import RootFile
from desk.times import parse_time, show_age, show_moment, show_time

NOW = 1_790_000_000
SEED = bytes(range(32))
DEVICE = bytes(16)


class Still(Clock):
    def now(self) -> int:
        return NOW


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1795250000", 1795250000),
        ("+90m", NOW + 5400),
        ("+36h", NOW + 129600),
        ("+3d", NOW + 259200),
        ("+2w", NOW + 1209600),
        ("2026-11-21T10:00+04:30", 1795239000),
        ("2026-11-21T05:30Z", 1795239000),
    ],
)
def test_times_are_read(text: str, value: int) -> None:
    assert parse_time(text, NOW) == value


@pytest.mark.parametrize("text", ["", "soon", "2026-11-21T10:00", "2026-13-01T00:00Z", "+3", "-3h", "+3y"])
def test_times_that_say_too_little_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_time(text, NOW)


def test_times_are_shown() -> None:
    assert show_time(1795239000) == "2026-11-21 05:30Z"
    assert (
        show_moment(1795239000)
        == "2026-11-21 05:30Z: Saturday, 30 Aqrab 1405 (21 November 2026), 10:00 Kabul time"
    )
    assert show_moment(0) == ""
    assert (show_time(0), show_age(59), show_age(7200), show_age(5 * 86400)) == ("", "0 min", "2 h", "5 d")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8470", True),
        ("http://localhost:1", True),
        ("http://[::1]:80", True),
        ("https://relay.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://localhost.example.org", False),
    ],
)
def test_what_counts_as_this_machine(url: str, local: bool) -> None:
    assert is_loopback(url) is local
    if local:
        assert check_url(url + "/") == url
    elif url.startswith("http:"):
        with pytest.raises(UsageError, match="https"):
            check_url(url)


@pytest.mark.parametrize(
    "url", ["", "relay.example.org", "ftp://relay.example.org", "https://", "https://a.b/?x=1"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(UsageError):
        check_url(url)


def test_only_a_loopback_relay_steps_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tmp_path / "clock"
    steps.write_text("86400")
    monkeypatch.setenv("QASID_CLOCK_FILE", str(steps))
    real = Clock().now()
    assert Clock.for_relay("http://127.0.0.1:1").now() - real >= 86400
    assert Clock.for_relay("https://relay.example.org").now() - real < 60
    steps.unlink()
    assert Clock.for_relay("http://127.0.0.1:1").now() - real < 60


def relay(answer: Any, *, url: str = "https://relay.example.org", waits: list[float] | None = None) -> Relay:
    waits = [] if waits is None else waits
    transport = httpx.MockTransport(answer)
    return Relay(url, Still(), Signer(DEVICE, SEED), transport, waits.append)


def test_requests_are_signed_as_they_are_sent() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"ok": True})

    client = relay(answer, url="https://relay.example.org:8443")
    client.get("/mail", after=3, limit=20)
    client.post("/cards", {"card": "x"})
    client.post_bytes("/envelopes", b"\0\1", "for=abc/1")
    for request in asked:
        signature = RequestSignature.parse(request.headers.items())
        path, _, query = request.url.raw_path.decode().partition("?")
        signature.verify(
            public_key(SEED), method=request.method, authority="relay.example.org:8443", path=path, query=query,
            body=request.content, now=NOW,
        )  # fmt: skip
    assert [request.url.raw_path.decode() for request in asked] == [
        "/v1/mail?after=3&limit=20",
        "/v1/cards",
        "/v1/envelopes?for=abc/1",
    ]
    client.close()


def test_a_busy_relay_is_asked_again_after_the_wait_it_names() -> None:
    answers = [
        httpx.Response(429, headers={"Retry-After": "2"}),
        httpx.Response(503, headers={"Retry-After": "3"}),
    ]
    waits: list[float] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        return answers.pop(0) if answers else httpx.Response(200, json={})

    client = relay(answer, waits=waits)
    assert client.get("/status") == {}
    assert waits == [2, 3]
    client.close()


def test_a_long_wait_is_told_instead() -> None:
    waits: list[float] = []
    body = {"code": "too_many", "message": "Too many requests: wait 60 seconds."}
    client = relay(lambda _r: httpx.Response(429, headers={"Retry-After": "60"}, json=body), waits=waits)
    with pytest.raises(RelayError, match="wait 60 seconds") as refused:
        client.get("/status")
    assert (refused.value.code, refused.value.status, waits) == ("too_many", 429, [])
    client.close()


def test_a_wrong_clock_is_made_up_for() -> None:
    """The relay's clock judges signatures; a desk that is an hour off asks for it and signs by it."""
    ahead = 3600

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/time":
            return httpx.Response(200, json={"now": NOW + ahead})
        created = RequestSignature.parse(request.headers.items()).created
        return httpx.Response(200 if created == NOW + ahead else 401, json={})

    client = relay(answer)
    assert client.get("/status") == {}
    assert client.skew == ahead
    client.close()


def test_a_wrong_signature_is_not_tried_for_ever() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/v1/time":
            return httpx.Response(200, json={"now": NOW})
        return httpx.Response(401, json={"code": "unknown_device", "message": "Unknown."})

    client = relay(answer)
    with pytest.raises(RelayError, match="Unknown"):
        client.get("/status")
    assert asked == ["/v1/status", "/v1/time"]
    client.close()


def test_no_network_and_no_relay_are_told_apart() -> None:
    def gone(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    client = relay(gone)
    with pytest.raises(UnreachableError, match=r"relay\.example\.org"):
        client.get("/status")
    client.close()
    client = relay(lambda _r: httpx.Response(200, text="<html>Please log in to the hotel network"))
    with pytest.raises(DeskError, match="not what a relay answers"):
        client.get("/status")
    client.close()
    client = relay(lambda _r: httpx.Response(502, text="bad gateway"))
    with pytest.raises(RelayError, match="502"):
        client.get("/status")
    client.close()


SHEET = {
    "kind": "come", "movement": "AIR-1", "route": "LAND-PK", "departs_at": "+60h", "report_from": "+50h",
    "report_until": "+54h", "answer_by": "+36h", "expires": "+54h",
    "texts": [{"language": "fa-AF", "message": "سلام"}, {"language": "en", "message": "x"}],
    "to": [{"alias": "K-1", "party": 3}, {"alias": "K-2"}],
}  # fmt: skip


def sheet(tmp_path: Path, **changes: Any) -> Sheet:
    path = tmp_path / "notice.json"
    path.write_text(json.dumps(SHEET | changes))
    return Sheet.from_file(path)


def test_a_form_is_read_and_options_win(tmp_path: Path) -> None:
    given = sheet(tmp_path)
    given.update({"movement": "AIR-2", "kind": None}, ["en:bring=water=2 l"], ["K-9:4", "K-8"])
    form = given.form(NOW)
    assert (form.kind, form.route, form.movement) == (NoticeKind.COME, Route.LAND_PK, "AIR-2")
    assert form.to == {"K-9": 4, "K-8": 1}
    assert [text.language for text in form.texts] == ["en", "fa-AF"]
    assert (form.texts[0].bring, form.texts[0].message) == ("water=2 l", "x")
    assert form.departs_at == NOW + 60 * 3600
    assert sheet(tmp_path).form(NOW).to == {"K-1": 3, "K-2": 1}
    given.update({}, [], ["K-7"], ["K-9:4@2", "K-8@1"])
    assert given.form(NOW).to == {"K-7": 1, "K-9": 4, "K-8": 1}
    assert given.form(NOW).standby == {"K-9": 2, "K-8": 1}
    for wrong in ("K-9:4", "K-9@0", "K-9:x@1"):
        with pytest.raises(UsageError):
            given.update({}, [], [], [wrong])


@pytest.mark.parametrize(
    "changes",
    [
        {"surprise": 1},
        {"kind": "order"},
        {"route": "SEA"},
        {"departs_at": "soon"},
        {"answer_by": None},
        {"texts": []},
        {"texts": [{"message": "no language"}]},
        {"to": [{"party": 1}]},
        {"to": [{"alias": "K-1", "party": 0}]},
        {"to": "K-1"},
        {"to": [{"alias": "K-1", "standby": 10}]},
    ],
)
def test_a_form_that_cannot_be_meant_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        sheet(tmp_path, **changes).form(NOW)


def test_the_medium_keeps_each_secret_in_its_own_file(tmp_path: Path) -> None:
    root, successor = tmp_path / "a", tmp_path / "b"
    made = medium.create(root, successor, "a passphrase", Cost.QUICK)
    kept = decode(RootFile, keyfile.read(successor / medium.SUCCESSOR_FILE, "a passphrase"))
    assert kept.seed != made.seed
    assert RootKeys(made.seed, kept.seed).office == made.office
    assert kept.seed not in encode(made)
    with pytest.raises(DeskError, match="passphrase of root"):
        medium.load(root, "another")
    with pytest.raises(UsageError, match="no folder"):
        medium.create(tmp_path / "c" / "d", tmp_path / "c" / "d", "a passphrase", Cost.QUICK)


def test_a_succession_that_was_interrupted_can_be_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cost = Cost.QUICK
    made = medium.create(tmp_path, tmp_path, "a passphrase", cost)
    real, calls = keyfile.write, []

    def dying(*args: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("the machine died")
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(keyfile, "write", dying)
        with pytest.raises(OSError, match="died"):
            medium.succeed(tmp_path, tmp_path, "a passphrase", cost)
    again = medium.succeed(tmp_path, tmp_path, "a passphrase", cost)
    assert (again.office, len(again.successions)) == (made.office, 1)
    assert medium.load(tmp_path, "a passphrase") == again
    assert public_key(again.seed) == again.current.root_pk
