"""Attachments over HTTP: chunks as bytes both ways, the token in the body alone, nothing larger than a chunk."""

import secrets
from typing import Any

import pytest

from crypto.attachment import SEALED_CHUNK, token_hash
from crypto.encoding import b64u, new_id
from tests.handlers.conftest import Api

TOKEN = bytes(range(32))


@pytest.fixture
def chunk() -> bytes:
    return secrets.token_bytes(SEALED_CHUNK)


async def test_a_chunk_there_and_back(api: Api, chunk: bytes) -> None:
    office = await api.office()
    phone = await office.invite()
    await phone.enrol()
    path = f"/v1/attachments/{b64u(new_id())}"
    told = f"count=2&expires={api.unix() + 86_400}&token_hash={b64u(token_hash(TOKEN))}"
    assert await phone.client.ok("PUT", f"{path}/1?{told}", chunk) == {"have": [1]}
    assert await phone.client.ok("GET", path) == {"have": [1]}
    answer = await office.client.call("POST", f"{path}/fetch", {"n": 1, "token": b64u(TOKEN)})
    assert (answer.status_code, answer.content) == (200, chunk)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "no-store"
    wrong: list[tuple[str, str, Any, int, str]] = [
        ("PUT", f"{path}/0?{told}", {"json": 1}, 415, "unsupported_media_type"),
        ("PUT", f"{path}/0?{told}", bytes(33 * 1024), 413, "too_large"),
        ("PUT", f"{path}/0?{told}", chunk[1:], 400, "malformed"),
        ("PUT", f"{path}/2?{told}", chunk, 400, "malformed"),
        ("PUT", f"{path}/16?{told}", chunk, 400, "malformed"),
        ("PUT", f"{path}/0?count=2", chunk, 400, "malformed"),
        ("PUT", f"{path}/0?{told.replace('expires=', 'expires=-')}", chunk, 400, "malformed"),
        ("PUT", f"{path}/1?{told}", bytes(SEALED_CHUNK), 409, "attachment_differs"),
        ("POST", f"{path}/fetch", {"n": 0, "token": b64u(TOKEN)}, 404, "attachment_unknown"),
        ("POST", f"{path}/fetch", {"n": 1, "token": b64u(bytes(32))}, 404, "attachment_unknown"),
        ("POST", f"{path}/fetch", {"n": 1, "token": "AA"}, 400, "malformed"),
        ("POST", f"{path}/fetch?token={b64u(TOKEN)}", {"n": 1}, 400, "malformed"),
        ("POST", f"{path}/taken", {"token": b64u(bytes(32))}, 404, "attachment_unknown"),
    ]
    for method, to, body, status, code in wrong:
        answer = await phone.client.call(method, to, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), to
    assert (await phone.client.call("POST", f"{path}/taken", {"token": b64u(TOKEN)})).status_code == 204
    answer = await office.client.call("POST", f"{path}/fetch", {"n": 1, "token": b64u(TOKEN)})
    assert answer.json()["code"] == "attachment_unknown"
