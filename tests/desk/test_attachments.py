"""Photographs and voice notes between desk and phone: broken off and gone on with, checked, and sealed at the relay."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto.encoding import b64u
from relay import attachments
from tests.databases import content
from tests.desk.house import Office
from tests.desk.pictures import SECRET, jpeg, ogg
from tests.phone import Phone


@contextmanager
def line(breaks_after: int = 10**9) -> Iterator[list[str]]:
    """The network of the desk, gone after so many requests about chunks; which ones went."""
    went: list[str] = []
    real = httpx.HTTPTransport.handle_request

    def handle(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if "/attachments/" in path and (request.method == "PUT" or path.endswith("/fetch")):
            if len(went) >= breaks_after:
                raise httpx.ConnectError("gone")
            went.append(f"{request.method} {path.rpartition('/')[2]}")
        return real(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.HTTPTransport, "handle_request", handle)
        yield went


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "form.jpg"
    path.write_bytes(jpeg(60_000))
    return path


def newest(office: Office) -> dict[str, Any]:
    return dict(office.first.ok("inbox", "--all")["messages"][-1])


def test_to_a_phone_broken_off_and_gone_on_with(office: Office, photo: Path) -> None:
    phone, alias = office.enrolled()
    with line(2) as before:
        broken = office.first.ok("reply", alias, "the form", "--attach", str(photo))
    assert (broken["state"], broken["id"], before) == ("uploading", None, ["PUT 0", "PUT 1"])
    assert phone.fetch() == 0
    with line() as after:
        assert office.first.ok("inbox")["sent"] == 1
    assert after == ["PUT 2", "PUT 3"]
    assert phone.fetch() == 1
    [named] = phone.attachments
    assert (named.caption, named.width, named.height, named.count) == ("the form", 640, 480, 4)
    data = phone.open(named)
    assert SECRET not in data
    assert data[-2:] == b"\xff\xd9"
    mine = newest(office)
    assert (mine["kind"], mine["from"], mine["attachment"]["bytes"]) == ("attachment", "me", len(data))
    assert "[photograph, 61 kB]" in office.first.human("inbox", "--all")
    assert office.first.state().attachments_due == []
    office.first.no(
        "attachment", "save", str(mine["id"]), str(photo.with_name("x")), code="attachment_unknown"
    )
    assert not photo.with_name("x").exists()


def test_from_a_phone_broken_off_and_gone_on_with(office: Office, tmp_path: Path) -> None:
    phone, alias = office.enrolled()
    data = ogg(size=40_000)
    phone.attach(data, seconds=7)
    message = office.first.ok("inbox")["messages"][-1]
    number, path = str(message["id"]), tmp_path / "voice.ogg"
    assert (message["from"], message["attachment"]["called"]) == (alias, "[voice note, 0:07 min, 41 kB]")
    assert f"attachment save {number} FILE" in office.first.human("read", number)
    with line(1) as before:
        office.first.no("attachment", "save", number, str(path), code="unreachable")
    assert not path.exists()
    with line() as after:
        office.first.ok("attachment", "save", number, str(path))
    assert (len(before), len(after)) == (1, 2)
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["voice.ogg"]
    assert office.first.state().fetched == {}
    path.write_bytes(b"mine")
    office.first.no("attachment", "save", number, str(path), code="not_confirmed", exit_code=2)
    assert path.read_bytes() == b"mine"
    office.first.ok("attachment", "save", number, str(path), "--yes")
    assert path.read_bytes() == data
    phone.fetch()
    assert len(phone.receipts) == 1
    copies = office.second.ok("inbox", "--all")["messages"]
    [theirs] = [each for each in copies if each["envelope"] == message["envelope"]]
    office.second.ok("attachment", "save", str(theirs["id"]), str(tmp_path / "again.ogg"))


def test_the_relay_has_ciphertext_alone(office: Office, photo: Path) -> None:
    phone, alias = office.enrolled()
    office.first.ok("reply", alias, "come by the river", "--attach", str(photo))
    named = phone.attach(b"\xff\xd8\xff" + b"seventeen river road " * 900, "at the river", width=9, height=9)
    raw = content(office.house.folder / "qasid.db")
    assert named.attachment in raw
    for plain in (b"river", jpeg(60_000)[300:340], named.key, named.token):
        assert plain not in raw


@pytest.mark.parametrize("wrong", ["changed", "another file", "short"])
def test_what_does_not_hold_is_not_written(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    phone, _ = office.enrolled()
    phone.attach(b"MZ" + bytes(999) if wrong == "another file" else jpeg(50), width=640, height=480)
    message = office.first.ok("inbox")["messages"][-1]
    honest = attachments.fetch
    if wrong == "changed":
        monkeypatch.setattr(attachments, "fetch", lambda *given: honest(*given)[:-1] + b"\0")
    elif wrong == "short":
        monkeypatch.setattr(attachments, "fetch", lambda *given: honest(*given)[:-1])
    code = {"changed": "refused", "another file": "other_media", "short": "bad_answer"}[wrong]
    path = tmp_path / "photo.jpg"
    office.first.no("attachment", "save", str(message["id"]), str(path), code=code)
    assert not path.exists()
    assert office.first.state().fetched == {}
    if wrong != "another file":
        monkeypatch.undo()
        office.first.ok("attachment", "save", str(message["id"]), str(path))


def test_what_is_refused_is_told_and_not_tried_again(
    office: Office, photo: Path, known: tuple[Phone, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = known[1]
    monkeypatch.setattr(attachments, "MOST_CHUNKS", 3)
    assert "wait until" in office.first.no("reply", alias, "--attach", str(photo), code="attachment_quota")
    assert office.first.state().attachments_due == []
    monkeypatch.setattr(attachments, "MOST_A_DAY", 0)
    monkeypatch.setattr(attachments, "MOST_CHUNKS", 256)
    office.first.no("reply", alias, "--attach", str(photo), code="attachments_too_many")
    with monkeypatch.context() as late:
        late.setattr("desk.attachments.MESSAGE_LIFE", 3600)
        office.first.no("reply", alias, "--attach", str(photo), code="waited_too_long")
    assert office.first.state().attachments_due == []
    photo.write_bytes(b"a text")
    office.first.no("reply", alias, "--attach", str(photo), code="usage", exit_code=2)
    known[0].write("only words")
    words = office.first.ok("inbox")["messages"][-1]
    nothing = ("attachment", "save", str(words["id"]), str(photo.with_name("y")))
    office.first.no(*nothing, code="usage", exit_code=2)


def test_who_is_erased_leaves_nothing_that_waits(office: Office, photo: Path) -> None:
    phone, alias = office.enrolled()
    with line(1):
        office.first.ok("reply", alias, "--attach", str(photo))
    assert [b64u(due.contact) for due in office.first.state().attachments_due] == [b64u(phone.record.owner)]
    office.first.ok("erase", alias, "--yes")
    assert office.first.state().attachments_due == []
