"""Readers of what strangers send meet spoilt bytes: they read, or refuse in their own words, and nothing else happens.

The short run is the same each time. `make prove PART=fuzz` looks elsewhere each time, QASID_FUZZ_SECONDS (10) for each
reader. What it finds stands in `corpus/READER/` from then on, made as small as it gets, and is read first in every run.
"""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import Reader, readers
from tests.proofs import figures

CORPUS = Path(__file__).with_name("corpus")
SECONDS = float(os.environ.get("QASID_FUZZ_SECONDS", "10"))
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
every = pytest.mark.parametrize("name", sorted(readers()))


@st.composite
def spoilt(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A seed with a few bytes changed, cut out, put in or repeated; or another's end, or no seed at all."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.sampled_from((1, 1, 2, 4, 16, 256)))
        match draw(st.sampled_from(("set", "bit", "cut", "put", "repeat", "splice", "end"))):
            case "set":
                data = data[:at] + draw(st.binary(min_size=size, max_size=size)) + data[at + size :]
            case "bit" if at < len(data):
                data = data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]
            case "cut":
                data = data[:at] + data[at + size :]
            case "put":
                data = data[:at] + draw(st.binary(max_size=size) | st.sampled_from(NASTY)) + data[at:]
            case "repeat":
                data = data[:at] + data[at : at + size] * draw(st.integers(2, 300)) + data[at + size :]
            case "splice":
                other = draw(st.sampled_from(seeds))
                data = data[:at] + other[draw(st.integers(0, len(other))) :]
            case "end":
                data = data[:at]
    return data


#: What readers have stumbled over elsewhere.
NASTY = (
    bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\xff" * 8, b"[" * 3000, b'{"a":' * 3000,
    b"1e999", b"Infinity", b"NaN",
    b"9" * 5000, b"-0", b"null", b"\\ud800", "\ufeff".encode(), "\u2028".encode(), b"\0", b"\r", b'"', "é".encode(),
    "\u0663".encode(), b"\xed\xa0\x80",
)  # fmt: skip


def holds(reader: Reader, data: bytes) -> None:
    with suppress(reader.errors):
        reader.read(data)


def kept(name: str) -> list[Path]:
    return sorted((CORPUS / name).glob("*"))


@every
def test_what_is_right_and_what_once_was_too_much(name: str) -> None:
    reader = readers()[name]
    for data in (b"", *reader.seeds, *(path.read_bytes() for path in kept(name))):
        holds(reader, data)


@every
def test_a_few(name: str) -> None:
    reader = readers()[name]

    @settings(max_examples=reader.few, phases=[Phase.generate], **QUIET)
    @given(spoilt(reader.seeds))
    def ask(data: bytes) -> None:
        holds(reader, data)

    ask()


@pytest.mark.prove
@pytest.mark.timeout(SECONDS + 300)
@every
def test_for_a_while(name: str) -> None:
    reader, found, count = readers()[name], b"", 0

    @settings(max_examples=300, derandomize=False, **QUIET)
    @given(spoilt(reader.seeds))
    def ask(data: bytes) -> None:
        nonlocal found, count
        count += 1
        try:
            holds(reader, data)
        except BaseException:
            found = data  # the last is the smallest
            raise

    end = time.monotonic() + SECONDS
    try:
        while time.monotonic() < end:
            ask()
    except Exception:
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        (CORPUS / name / hashlib.sha256(found).hexdigest()[:16]).write_bytes(found)
        raise
    figures.note(f"{name}: inputs", str(count))


def test_a_reader_that_breaks_is_noticed() -> None:
    with pytest.raises(ZeroDivisionError):
        holds(Reader("bad", lambda data: 1 // len(data), (ValueError,), (b"a",)), b"")
