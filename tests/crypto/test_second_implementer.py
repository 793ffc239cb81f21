"""A stranger opens the committed vectors from docs/PROTOCOL.md alone, with other libraries.

Nothing of crypto/ is imported here, and a test below sees to it: HPKE is pyhpke's, everything else `cryptography`'s.
Each step names the section it follows.
"""

import ast
import json
import struct
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, OpenError

VECTORS = Path(__file__).parents[1] / "vectors"
SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
hx = bytes.fromhex


def cases(topic: str, op: str, *prefixes: str, fails: str | None = None) -> list[dict]:
    """The cases of `topic` in both languages' files that end in `fails`, by default the passing ones."""
    found = []
    for language in ("py", "ts"):
        path = VECTORS / f"{language}-{topic}.json"
        if path.exists():
            found += json.loads(path.read_text(encoding="utf-8"))["cases"]
    named = [c for c in found if not prefixes or c["name"].startswith(prefixes)]
    return [c for c in named if (c["op"], c["fails"]) == (op, fails)]


# Section 1


def rec(*fields: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def fields(data: bytes) -> list[bytes]:
    out = []
    while data:
        (size,) = struct.unpack(">I", data[:4])
        assert len(data) >= 4 + size
        out.append(data[4 : 4 + size])
        data = data[4 + size :]
    return out


def h(purpose: str, data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"qasid/1 " + purpose.encode() + b"\0" + data)
    return digest.finalize()


def mac(purpose: str, key: bytes, data: bytes) -> bytes:
    tag = hmac.HMAC(key, hashes.SHA256())
    tag.update(b"qasid/1 " + purpose.encode() + b"\0" + data)
    return tag.finalize()


def kdf(ikm: bytes, salt: bytes, purpose: str, length: int = 32) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, b"qasid/1 " + purpose.encode()).derive(ikm)


def verifies(purpose: str, data: bytes, signature: bytes, public: bytes) -> bool:
    try:
        message = b"qasid/1 " + purpose.encode() + b"\0" + data
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


# Section 5


def open_envelope(v: dict) -> tuple[bytes, bytes]:
    """Content and own part, by following "Envelope", "Wrap" and "Opening"; ValueError when it does not open."""
    data, sender, prekey = hx(v["envelope"]), hx(v["sender"]), hx(v["prekey"])
    header = data[:84]
    version, suite, _, device, _, _, bucket, _, commitment = struct.unpack(">BB16s16sQQBB32s", header)
    assert (version, suite) == (1, 1)
    _, _, _, sender_device, _, sender_dh = fields(sender)
    if device != sender_device:
        raise ValueError("another sender")
    body, rest = data[84 : 84 + 512 * 2**bucket + 16], data[84 + 512 * 2**bucket + 16 :]
    _, holder_kind, holder, prekey_id, *_, _, _ = fields(prekey)
    (count,), rest = struct.unpack(">H", rest[:2]), rest[2:]
    for _ in range(count):
        end = 1154 + (48, 144)[rest[1153]]
        wrap, rest = rest[:end], rest[end:]
        if wrap[:33] == holder_kind + holder + prekey_id:
            break
    else:
        raise ValueError("not for this prekey")
    kem_ct, enc, form, ciphertext = wrap[33:1121], wrap[1121:1153], wrap[1153], wrap[1154:]
    psk = MLKEM768PrivateKey.from_seed_bytes(hx(v["kem_seed"])).decapsulate(kem_ct)
    try:
        context = SUITE.create_recipient_context(
            enc,
            SUITE.kem.deserialize_private_key(hx(v["dh_sk"])),
            info=h("wrap", rec(b"\1", sender, prekey, kem_ct)),
            pks=SUITE.kem.deserialize_public_key(sender_dh),
            psk=psk,
            psk_id=b"qasid/1 ML-KEM-768",
        )
        plain = context.open(ciphertext, h("envelope", rec(header, body)))
    except OpenError as error:
        raise ValueError("the wrap does not open") from error
    key, own = plain[:32], b""
    if form == 1:
        own = own_part(plain[32:])
    if kdf(key, b"", "commit") != commitment:
        raise ValueError("commitment")
    try:
        padded = ChaCha20Poly1305(kdf(key, b"", "body")).decrypt(bytes(12), body, header)
    except InvalidTag as error:
        raise ValueError("the body does not open") from error
    return unpad(padded, bucket), own


def own_part(plain: bytes) -> bytes:
    (size,) = struct.unpack(">H", plain[:2])
    if size > 94 or any(plain[2 + size :]):
        raise ValueError("own part")
    return plain[2 : 2 + size]


def unpad(padded: bytes, bucket: int) -> bytes:
    (size,) = struct.unpack(">I", padded[:4])
    if 4 + size > len(padded) or any(padded[4 + size :]):
        raise ValueError("padding")
    if bucket and 4 + size <= 512 * 2 ** (bucket - 1):
        raise ValueError("bucket")
    return padded[4 : 4 + size]


def test_every_envelope_that_opens_opens_here_too() -> None:
    good = cases("envelopes", "open")
    assert len(good) >= 5
    for case in good:
        content, own = open_envelope(case["in"])
        assert {"content": content.hex(), "own": own.hex()} == case["out"], case["name"]
    print(f"opened by a second implementation: {len(good)} envelopes")


def test_every_envelope_that_is_refused_is_refused_here_too() -> None:
    refused = cases("envelopes", "open", fails="refused")
    assert len(refused) > 20
    for case in refused:
        with pytest.raises(ValueError, match=r"."):
            open_envelope(case["in"])


def test_every_sealed_envelope_opens_here_and_its_proof_verifies() -> None:
    """The `seal` cases name no private half of a recipient; py-envelopes' `open` cases do."""
    halves = {c["in"]["prekey"]: c["in"] for c in cases("envelopes", "open", "open: bare", "open: with own")}
    proofs = 0
    for case in cases("envelopes", "seal"):
        for recipient in case["in"]["recipients"]:
            if recipient["prekey"] not in halves:
                continue
            half = halves[recipient["prekey"]]
            envelope = hx(case["out"]["envelope"])
            content, own = open_envelope({**half, "envelope": envelope.hex(), "sender": case["in"]["sender"]})
            inner, proof = fields(content)
            assert (inner.hex(), own.hex()) == (case["in"]["inner"], recipient["own"])
            office, _, _, device, sign_pk, _ = fields(hx(case["in"]["sender"]))
            _, kind, sender, to, thread, _, _, _, version, _, _ = fields(inner)
            assert sender == device
            signed = rec(
                office,
                version,
                sender,
                to,
                thread,
                kind,
                envelope[2:18],
                envelope[52:84],
                h("content", inner),
            )
            assert verifies("office", signed, proof, sign_pk)
            proofs += 1
    assert proofs >= 6


# Sections 2 to 4, 7, 9


def test_rosters_are_followed_here_too() -> None:
    good = cases("rosters", "follow")
    assert len(good) >= 6
    for case in good:
        body, signature = fields(hx(case["in"]["roster"]))
        office, first, successions, version, prev, *_ = fields(body)
        assert h("root", first) == office == hx(case["in"]["pin"]["office"])
        root, commitment = fields(first)
        for wire in fields(successions):
            inner, by_new = fields(wire)
            named, previous, record = fields(inner)
            new_root, next_commitment = fields(record)
            assert (named, previous) == (office, root)
            assert h("successor", rec(new_root)) == commitment
            assert verifies("succession", inner, by_new, new_root)
            root, commitment = new_root, next_commitment
        assert verifies("roster", body, signature, root)
        number, pin = int.from_bytes(version, "big"), case["in"]["pin"]
        if number == pin["version"]:
            assert h("roster", body).hex() == pin["hash"]
        else:
            assert number == pin["version"] + 1
            assert prev.hex() == pin["hash"]
        expected = {
            "office": office.hex(),
            "version": number,
            "hash": h("roster", body).hex(),
            "root": root.hex(),
        }
        assert case["out"] == {"pin": expected}


def test_letters_are_derived_here_too() -> None:
    for case in cases("letters", "secret"):
        secret = hx(case["in"]["secret"])
        invitation = kdf(secret, b"", "invitation", 16)
        token = kdf(secret, invitation, "admit")
        assert case["out"]["invitation"] == invitation.hex()
        assert case["out"]["contact"] == kdf(secret, invitation, "contact", 16).hex()
        assert case["out"]["admit_token"] == token.hex()
        assert case["out"]["admit_hash"] == h("admit", token).hex()
    for case in (c for c in cases("letters", "slip") if not c["in"]["letter"]):
        secret, slip = hx(case["in"]["secret"]), hx(case["in"]["slip"])
        invitation = kdf(secret, b"", "invitation", 16)
        assert (
            case["in"]["tag"]
            == mac("letter", kdf(secret, invitation, "letter mac"), rec(invitation, slip)).hex()
        )
    for v in (case["in"] for case in cases("letters", "enrol")):
        invitation = kdf(hx(v["secret"]), b"", "invitation", 16)
        version = struct.pack(">Q", v["roster_version"])
        covered = rec(hx(v["office"]), version, invitation, hx(v["contact"]), hx(v["device"]))
        assert v["mac"] == mac("enrol", kdf(hx(v["secret"]), invitation, "enrol mac"), covered).hex()


def test_comparison_numbers_are_the_same_here() -> None:
    for case in cases("letters", "number"):
        record = hx(case["in"]["device"])
        digest = hashes.Hash(hashes.SHA512())
        digest.update(b"qasid/1 number\0" + rec(fields(record)[0], record))
        seed = digest.finalize()
        groups = [f"{int.from_bytes(seed[i : i + 5], 'big') % 100000:05d}" for i in range(0, 60, 5)]
        assert case["out"]["groups"] == groups


def test_a_go_opens_the_place_here_too() -> None:
    for case in (c for c in cases("notices", "go") if c["out"]["place"]):
        notice = fields(hx(case["in"]["notice"]))
        office, notice_id, version, commitment, sealed = (
            notice[1],
            notice[2],
            notice[3],
            notice[14],
            notice[15],
        )
        key = fields(fields(hx(case["in"]["go"]))[0])[4]
        assert kdf(key, b"", "place commit") == commitment
        aad = rec(office, notice_id, version)
        padded = ChaCha20Poly1305(kdf(key, b"", "place")).decrypt(bytes(12), sealed, aad)
        assert fields(padded.rstrip(b"\0"))[0].decode() == case["out"]["place"]


def test_nothing_of_ours_is_imported_here() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in names if name.split(".")[0] in {"crypto", "tests"}}
