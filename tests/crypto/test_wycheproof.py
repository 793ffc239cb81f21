"""The Wycheproof families of every primitive we stand on, through our own functions where there is one."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey

from crypto import hpke, sealing, signature
from crypto.encoding import expand, extract
from crypto.errors import CryptoError, Malformed, Refused
from tests.vectors import mlkem

FOLDER = Path(mlkem.__file__).parent / "wycheproof"
hx = bytes.fromhex


def cases(name: str) -> Iterator[tuple[dict, dict]]:
    document = json.loads(gzip.decompress((FOLDER / f"{name}_test.json.gz").read_bytes()))
    listed = [(group, case) for group in document["testGroups"] for case in group["tests"]]
    assert len(listed) == document["numberOfTests"]
    print(f"Wycheproof {name}: {len(listed)} cases")
    yield from listed


def test_ed25519() -> None:
    ends = []
    for group, case in cases("ed25519"):
        try:
            signature.verify(hx(group["publicKey"]["pk"]), hx(case["msg"]), hx(case["sig"]))
        except Refused:
            ends.append((case["tcId"], "invalid"))
        else:
            ends.append((case["tcId"], "valid"))
    assert ends == [(case["tcId"], case["result"]) for _, case in cases("ed25519")]
    assert len(ends) == 151


def test_x25519() -> None:
    zero = 0
    for _, case in cases("x25519"):
        if "ZeroSharedSecret" in case["flags"]:
            zero += 1
            with pytest.raises(Refused):
                hpke._dh(hx(case["private"]), hx(case["public"]))
        else:
            assert hpke._dh(hx(case["private"]), hx(case["public"])).hex() == case["shared"], case["tcId"]
    assert zero == 31


def test_hkdf_sha256() -> None:
    for _, case in cases("hkdf_sha256"):
        prk = extract(hx(case["salt"]), hx(case["ikm"]))
        if case["result"] == "valid":
            assert expand(prk, hx(case["info"]), case["size"]).hex() == case["okm"], case["tcId"]
        else:
            with pytest.raises(Malformed):
                expand(prk, hx(case["info"]), case["size"])


def test_chacha20_poly1305() -> None:
    sizes = 0
    for group, case in cases("chacha20_poly1305"):
        if group["ivSize"] != 96:
            sizes += 1
            assert case["result"] == "invalid"  # our nonces are twelve bytes by construction
            continue
        context = hpke.Context(hx(case["key"]), hx(case["iv"]))
        sealed = hx(case["ct"]) + hx(case["tag"])
        if case["result"] == "valid":
            assert context.open(hx(case["aad"]), sealed).hex() == case["msg"], case["tcId"]
            context.sequence = 0
            assert context.seal(hx(case["aad"]), hx(case["msg"])) == sealed
        else:
            with pytest.raises(Refused):
                context.open(hx(case["aad"]), sealed)
    assert sizes == 9


def test_ml_kem_768_decapsulation() -> None:
    for _, case in cases("mlkem_768"):
        if case["result"] == "valid":
            key = MLKEM768PrivateKey.from_seed_bytes(hx(case["seed"]))
            assert key.public_key().public_bytes_raw().hex() == case["ek"]
            assert key.decapsulate(hx(case["c"])).hex() == case["K"], case["tcId"]
        else:
            # The lengths that Wycheproof breaks are fixed by our records before a key is ever loaded.
            assert (len(case["seed"]), len(case["c"])) != (128, 2176)
            with pytest.raises(ValueError, match=r"."):
                MLKEM768PrivateKey.from_seed_bytes(hx(case["seed"])).decapsulate(hx(case["c"]))


def test_ml_kem_768_encapsulation() -> None:
    refused = 0
    for _, case in cases("mlkem_768_encaps"):
        if case["result"] == "valid":
            # The library draws its own randomness; what the vectors are made with must agree with Wycheproof,
            secret, ciphertext = mlkem.encapsulate(hx(case["ek"]), hx(case["m"]))
            assert (secret.hex(), ciphertext.hex()) == (case["K"], case["c"]), case["tcId"]
            secret, ciphertext = sealing.Entropy().encapsulate(hx(case["ek"]))
            assert (len(secret), len(ciphertext)) == (32, 1088)
        else:
            refused += 1
            with pytest.raises(CryptoError):
                sealing.Entropy().encapsulate(hx(case["ek"]))
    assert refused == 132
