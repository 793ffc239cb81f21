"""What a desk keeps comes back as it was; what does not fit, or was written by a newer version, is refused."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import keyfile
from desk.codec import decode, encode
from desk.errors import DeskError
from desk.home import Home
from desk.state import HeldConsent, HeldContact, Person, State
from tests.desk.before import as_before

BARE = State("https://relay", b"o" * 32, b"d" * 16)


def state(card: bytes, name: str, at: int) -> State:
    contact = HeldContact("K-1", card, consents={"d:m": HeldConsent(card, given=True, counter=1, at=at)})
    return State("https://relay", b"o" * 32, b"d", contacts={"c": contact}, people={"c": Person(name, "")})


@given(st.binary(max_size=40), st.text(max_size=20), st.integers(0, 2**63))
def test_a_state_comes_back_as_it_was(card: bytes, name: str, at: int) -> None:
    kept = state(card, name, at)
    assert decode(State, encode(kept)) == kept


@given(st.binary(max_size=40), st.text(max_size=20))
def test_what_desks_wrote_before_is_read(card: bytes, name: str) -> None:
    kept = state(card, name, 7)
    assert decode(State, as_before(kept)) == kept


def test_a_desk_of_before_opens_and_is_written_anew(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "desk", "a passphrase", keyfile.Cost.QUICK)
    home._write("state.sealed", b"0" + as_before(BARE))
    assert home.load() == BARE
    home.save(BARE)
    assert home._read("state.sealed") == b"0" + encode(BARE)
    assert home.load() == BARE
    home.close()


def fields(**changes: object) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.asdict(BARE) | changes)


def as_json(**changes: object) -> bytes:
    return json.dumps(json.loads(as_before(BARE)) | changes).encode()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"\xc1",
        encode(BARE)[:-1],
        encode(BARE) + b"\x00",
        fields(relay=7),
        fields(registered=1),
        fields(contacts=[]),
        fields(of_a_newer_version=1),
        as_json(relay=7),
        as_json(contacts=[]),
        as_json(office="not base64url!"),
        as_json(of_a_newer_version=1),
    ],
)
def test_what_does_not_fit_is_refused_and_stays(damaged: bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec and json have their own words
        decode(State, damaged)
    home = Home.create(tmp_path / "desk", "a passphrase", keyfile.Cost.QUICK)
    home._write("state.sealed", b"0" + damaged)
    with pytest.raises(DeskError, match="cannot be read"):
        home.load()
    assert home._read("state.sealed") == b"0" + damaged
    home.close()
