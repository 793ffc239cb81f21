"""All encryptions and exports that RFC 9180 publishes for our suite, from the package cryptography-vectors."""

import json
from collections import Counter

import cryptography_vectors
import pytest

from crypto.errors import Malformed, Refused
from crypto.hpke import Context, KeyPair, derive_key_pair, setup_recipient, setup_sender
from tests.proofs import figures

hx = bytes.fromhex


def suite() -> list[dict]:
    with cryptography_vectors.open_vector_file("HPKE/test-vectors.json", "r") as file:
        vectors = json.load(file)
    return [v for v in vectors if (v["kem_id"], v["kdf_id"], v["aead_id"]) == (0x20, 1, 3)]


VECTORS = suite()


def contexts(v: dict) -> tuple[bytes, Context, Context]:
    pair = derive_key_pair(hx(v["ikmR"]))
    sender = derive_key_pair(hx(v["ikmS"])) if "ikmS" in v else None
    psk = {"psk": hx(v["psk"]), "psk_id": hx(v["psk_id"])} if "psk" in v else {}
    ephemeral = derive_key_pair(hx(v["ikmE"]))
    enc, ours = setup_sender(pair.public, hx(v["info"]), sender=sender, _ephemeral=ephemeral, **psk)
    theirs = setup_recipient(enc, pair, hx(v["info"]), sender=sender.public if sender else None, **psk)
    return enc, ours, theirs


@pytest.mark.parametrize("v", VECTORS, ids=["base", "psk", "auth", "auth_psk"])
def test_every_published_step_of_a_mode(v: dict) -> None:
    assert derive_key_pair(hx(v["ikmR"])) == KeyPair(hx(v["skRm"]), hx(v["pkRm"]))
    assert derive_key_pair(hx(v["ikmE"])) == KeyPair(hx(v["skEm"]), hx(v["pkEm"]))
    enc, ours, theirs = contexts(v)
    assert enc.hex() == v["enc"]
    assert ours == theirs
    assert (ours.key.hex(), ours.base_nonce.hex()) == (v["key"], v["base_nonce"])
    assert (ours.secret.hex(), ours.schedule.hex()) == (v["secret"], v["key_schedule_context"])
    assert ours.exporter_secret.hex() == v["exporter_secret"]
    for message in v["encryptions"]:
        assert ours.seal(hx(message["aad"]), hx(message["pt"])).hex() == message["ct"]
        assert theirs.open(hx(message["aad"]), hx(message["ct"])).hex() == message["pt"]
    for export in v["exports"]:
        assert ours.export(hx(export["exporter_context"]), export["L"]).hex() == export["exported_value"]


def test_all_four_modes_and_1028_encryptions_were_there() -> None:
    count = Counter({v["mode"]: len(v["encryptions"]) for v in VECTORS})
    figures.note("RFC 9180 in Python", f"{count.total():,} encryptions")
    assert count == {0: 257, 1: 257, 2: 257, 3: 257}


def test_a_failed_opening_does_not_count() -> None:
    v = VECTORS[3]
    _, ours, theirs = contexts(v)
    sealed = ours.seal(b"aad", b"message")
    with pytest.raises(Refused):
        theirs.open(b"another aad", sealed)
    assert theirs.open(b"aad", sealed) == b"message"


@pytest.mark.parametrize(("psk", "psk_id"), [(b"", b"id"), (bytes(32), b"")])
def test_a_psk_and_its_id_come_together(psk: bytes, psk_id: bytes) -> None:
    with pytest.raises(Malformed):
        setup_sender(hx(VECTORS[0]["pkRm"]), b"", psk=psk, psk_id=psk_id)


def test_small_order_keys_are_refused_on_both_sides() -> None:
    pair = derive_key_pair(bytes(32))
    with pytest.raises(Refused):
        setup_sender(bytes(32), b"")
    with pytest.raises(Refused):
        setup_recipient(bytes(32), pair, b"")
    with pytest.raises(Refused):
        setup_recipient(pair.public, pair, b"", sender=bytes(32))
    with pytest.raises(Malformed):
        setup_recipient(b"short", pair, b"")
