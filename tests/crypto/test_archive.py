"""A backup's file: everything comes back in order, and nothing else is believed."""

import io
from secrets import token_bytes

import pytest

from crypto import archive
from crypto.archive import BackupKey, Kind, OfflineKey, Writer
from crypto.errors import CryptoError, Malformed, Refused

KEY = OfflineKey.generate()
RECORDS = [b"", b"one", token_bytes(200_000), b"", b"last"]


def written(*records: bytes, kind: Kind = Kind.ROWS) -> tuple[bytes, bytes]:
    file = io.BytesIO()
    writer = Writer(file, kind, KEY.public)
    for record in records:
        writer.write(record)
    writer.close()
    return file.getvalue(), writer.key


def read(data: bytes, key: OfflineKey | bytes = KEY, kind: Kind = Kind.ROWS) -> list[bytes]:
    return list(archive.read(io.BytesIO(data), kind, key))


@pytest.mark.parametrize("records", [[], RECORDS])
def test_what_was_written_comes_back(records):
    data, key = written(*records)
    assert read(data) == read(data, key) == records
    assert not any(record in data for record in records if len(record) > 2)


def test_no_byte_can_change():
    data, _ = written(b"row", b"another")
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1
        with pytest.raises(CryptoError):
            read(bytes(changed))


def test_nothing_can_be_cut_off_or_added():
    data, _ = written(*RECORDS)
    for end in (0, 5, 60, 120, 130, 140, len(data) - 30, len(data) - 1):
        with pytest.raises(Malformed, match=r"cut short|is not a backup"):
            read(data[:end])
    with pytest.raises(Malformed, match="goes on"):
        read(data + b"\0")


def test_another_key_and_another_kind():
    data, _ = written(*RECORDS)
    for key in (OfflineKey.generate(), token_bytes(32)):
        with pytest.raises(Refused):
            read(data, key)
    with pytest.raises(Malformed, match="contacts' keys"):
        read(data, kind=Kind.KEYS)


def test_the_key_as_text():
    text = KEY.public.text()
    assert (len(text), BackupKey.from_text(f" {text[:20]}\n{text[20:]} ")) == (64, KEY.public)
    mistyped = text[:30] + ("A" if text[30] != "A" else "B") + text[31:]
    for wrong in (text[:-1], text + "A", mistyped):
        with pytest.raises(Malformed, match="mistyped"):
            BackupKey.from_text(wrong)
    for other in ("", text.removeprefix("QASID-")):
        with pytest.raises(Malformed, match="begins with"):
            BackupKey.from_text(other)
    assert KEY.secret.hex() not in repr(KEY)
    with pytest.raises(Malformed):
        OfflineKey(b"short")


def test_a_row_needs_all_its_keys():
    a, b = token_bytes(32), token_bytes(32)
    sealed = archive.seal_row([a, b], b"row")
    assert archive.open_row([b, a], sealed) == b"row"
    for keys in ([a], [b], [], [a, token_bytes(32)]):
        with pytest.raises(Refused):
            archive.open_row(keys, sealed)
    with pytest.raises(Refused):
        archive.open_row([a, b], sealed[:20])
    assert archive.mark(a) != archive.mark(b)
