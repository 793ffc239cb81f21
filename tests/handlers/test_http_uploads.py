"""Envelopes in parts over HTTP: as bytes, no more than a part, named in the place of an envelope."""

from typing import Any

import pytest

from crypto.encoding import b64u, new_id
from handlers.api.guard import FROM_STRANGERS
from relay.uploads import PART_SIZE
from tests.handlers.conftest import Api

TIME = 2_000_000_000
NOTICE = {
    "notice": b64u(bytes(16)), "version": 1, "kind": 3, "movement": None, "content_hash": b64u(bytes(32)),
    "approvals": [], "release_at": TIME, "answer_by": TIME, "expires": TIME, "offers": [],
}  # fmt: skip


async def test_parts(api: Api) -> None:
    office = await api.office()
    path = f"/v1/uploads/{b64u(new_id())}"
    assert await office.client.ok("PUT", f"{path}/0", bytes(PART_SIZE)) == {"have": PART_SIZE}
    assert await office.client.ok("PUT", f"{path}/{PART_SIZE}", b"end") == {"have": PART_SIZE + 3}
    assert await office.client.ok("GET", path) == {"have": PART_SIZE + 3}
    for start, body, status, code in (
        (0, bytes(FROM_STRANGERS + 1), 413, "too_large"),
        (0, b"", 400, "malformed"),
        (0, {"json": 1}, 415, "unsupported_media_type"),
        ("x", b"1", 400, "malformed"),
        (-1, b"1", 400, "malformed"),
        (1, b"1", 409, "upload_differs"),
        (PART_SIZE + 4, b"1", 409, "upload_gap"),
    ):
        answer = await office.client.call("PUT", f"{path}/{start}", body)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    phone = await office.invite()
    await phone.enrol()
    for method, to, body in (("GET", path, None), ("PUT", f"{path}/0", b"1")):
        answer = await phone.client.call(method, to, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("envelope", "status", "code"),
    [
        ({}, 400, "malformed"),
        ({"envelope": "AAAA", "uploaded": {"upload": b64u(bytes(16)), "digest": b64u(bytes(32))}}, 400, "malformed"),
        ({"uploaded": {"upload": b64u(bytes(16))}}, 400, "malformed"),
        ({"uploaded": {"upload": b64u(bytes(16)), "digest": b64u(bytes(32))}}, 409, "upload_incomplete"),
    ],
)  # fmt: skip
async def test_one_envelope_a_notice(api: Api, envelope: dict[str, Any], status: int, code: str) -> None:
    office = await api.office()
    answer = await office.client.call("POST", "/v1/notices", NOTICE | envelope)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
