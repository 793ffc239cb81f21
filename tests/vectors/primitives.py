"""Vectors of section 1: hashes, base64url, strict Ed25519, X25519."""

from nacl import bindings

from crypto.encoding import domain
from crypto.signature import public_key, sign_raw

from . import curve
from .topic import Topic
from .world import flip, seeded


def make() -> Topic:
    topic = Topic("primitives")
    data = seeded("data", 40)
    for purpose in ("successor", "letter check", ""):
        topic.add(f"H under “{purpose}”", "hash", purpose=purpose, data=data)
        topic.add(f"HMAC under “{purpose}”", "mac", purpose=purpose, key=seeded("key"), data=data)
    for length, salt in ((16, b""), (32, b""), (32, seeded("salt")), (64, seeded("salt"))):
        topic.add(
            f"KDF to {length} bytes, salt of {len(salt)}",
            "kdf",
            ikm=data,
            salt=salt,
            purpose="body",
            length=length,
        )
    _base64url(topic)
    _ed25519(topic)
    for name, public in _low_order():
        topic.add(f"X25519: {name}", "x25519", "refused", private=seeded("x"), public=public)
    topic.add(
        "X25519: honest", "x25519", private=seeded("x"), public=bindings.crypto_scalarmult_base(seeded("y"))
    )
    return topic


def _base64url(topic: Topic) -> None:
    for text in ("", "AA", "-_-_", "AAE"):
        topic.add(f"base64url {text!r}", "base64url", text=text)
    for name, text in {
        "padded": "AA==",
        "stray bits": "AB",
        "stray bits in the third character": "AAF",
        "a single character": "A",
        "standard alphabet": "+/+/",
        "white space": "AA AA",
        "line break": "AAAA\n",
        "not ASCII": "ААAA",
    }.items():
        topic.add(f"base64url {name}", "base64url", "malformed", text=text)


def _low_order() -> list[tuple[str, bytes]]:
    p = 2**255 - 19
    order8 = 325606250916557431795983626356110631294008115727848805560023387167927233504
    values = {
        "u = 0": 0,
        "u = 1": 1,
        "order eight": order8,
        "u = p − 1": p - 1,
        "u = p": p,
        "u = p + 1": p + 1,
    }
    return [(name, value.to_bytes(32, "little")) for name, value in values.items()]


def _little(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _ed25519(topic: Topic) -> None:
    seed, message = seeded("ed25519"), b"a message"
    public, signature = public_key(seed), sign_raw(message, seed)
    topic.add("Ed25519: signing for a purpose", "sign", purpose="go", data=message, seed=seed)

    def verify(name: str, fails: str | None, **changed: bytes) -> None:
        given = {"public": public, "message": message, "signature": signature} | changed
        topic.add(f"Ed25519: {name}", "verify", fails, **given)

    verify("honest", None)
    verify("empty message", None, message=b"", signature=sign_raw(b"", seed))
    verify("another message", "refused", message=b"b message")
    verify("another key", "refused", public=public_key(seeded("other")))
    verify("signed for a purpose, checked bare", "refused", signature=sign_raw(domain("go") + message, seed))
    for at in (0, 31, 32, 63):
        verify(f"bit flipped in byte {at}", "refused", signature=flip(signature, at))
    s = int.from_bytes(signature[32:], "little")
    verify("S + L", "refused", signature=signature[:32] + _little(s + curve.L))
    verify("S = L", "refused", signature=signature[:32] + _little(curve.L))
    _torsion(verify, seed, message)
    _small_orders(verify, message)
    p = curve.P
    for y in range(19):
        verify(f"A = p + {y}, a second spelling", "refused", public=_little(p + y))
        verify(f"R = p + {y}, a second spelling", "refused", signature=_little(p + y) + signature[32:])
    verify("A with x = 0 and sign bit", "refused", public=_little(1 | 1 << 255))
    verify("A no point", "refused", public=_little(2))


def _torsion(verify, seed: bytes, message: bytes) -> None:
    """What verifiers that multiply by the cofactor accept, and we must not; and the other way round."""
    a, _ = curve.expand(seed)
    honest, t = curve.multiply(a, curve.BASE), curve.torsion()
    public = curve.encode(honest)
    for order in (2, 4, 8):
        point = curve.multiply(8 // order, t)
        r = int.from_bytes(seeded(f"r {order}"), "little") % curve.L
        torsioned = curve.encode(curve.add(curve.multiply(r, curve.BASE), point))
        k = curve.challenge(torsioned, public, message)
        signature = torsioned + _little((r + k * a) % curve.L)
        assert curve.cofactored(public, message, signature)
        assert not curve.cofactorless(public, message, signature)
        verify(f"R with a part of order {order}", "refused", signature=signature)
    mixed = curve.encode(curve.add(honest, t))
    done: set[bool] = set()
    for r in range(1, 1000):
        point = curve.encode(curve.multiply(r, curve.BASE))
        k = curve.challenge(point, mixed, message)
        signature = point + _little((r + k * a) % curve.L)
        exact = curve.cofactorless(mixed, message, signature)
        if exact in done:
            continue
        done.add(exact)
        name = "A with a part of order 8, equation " + ("exact" if exact else "only cofactored")
        verify(name, None if exact else "refused", public=mixed, signature=signature)
        if len(done) == 2:
            return


def _small_orders(verify, message: bytes) -> None:
    """Keys and points of small order sign anything for anybody."""
    t = curve.torsion()
    for n in range(8):
        small = curve.encode(curve.multiply(n, t))
        for s in range(1, 200):
            point = curve.encode(curve.multiply(s, curve.BASE))
            signature = point + _little(s)
            if curve.cofactorless(small, message, signature):
                verify(
                    f"A = {n} × T, small order, equation exact", "refused", public=small, signature=signature
                )
                break
        else:
            raise AssertionError("no forgery found")
        a, _ = curve.expand(seeded("small R"))
        public = curve.encode(curve.multiply(a, curve.BASE))
        k = curve.challenge(small, public, message)
        signature = small + _little(k * a % curve.L)
        verify(f"R = {n} × T, small order", "refused", public=public, signature=signature)
