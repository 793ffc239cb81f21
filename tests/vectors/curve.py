"""Edwards25519 in plain Python (RFC 8032 section 5.1), only to make signatures no honest signer makes.

Slow and not constant time: for vectors alone.
"""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """Affine addition; complete on this curve."""
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2 % P
    x3 = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y3 = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x3, y3


def multiply(n: int, point: Point) -> Point:
    result = IDENTITY
    while n:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def encode(point: Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(data: bytes) -> Point:
    """RFC 8032 section 5.1.3; ValueError when there is no such point."""
    value = int.from_bytes(data, "little")
    sign, y = value >> 255, (value & (1 << 255) - 1) % P
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * SQRT_M1 % P
    if v * x * x % P != u:
        raise ValueError("not a point")
    if x & 1 != sign:
        x = -x % P
    return x, y


BASE = decode(bytes.fromhex("58" + "66" * 31))


def torsion() -> Point:
    """A point of order eight: what is left of some curve point after multiplying by L."""
    y = 2
    while True:
        try:
            point = multiply(L, decode(y.to_bytes(32, "little")))
        except ValueError:
            point = IDENTITY
        if multiply(4, point) != IDENTITY:
            return point
        y += 1


def expand(seed: bytes) -> tuple[int, bytes]:
    """Secret scalar and prefix of an RFC 8032 seed."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, digest[32:]


def challenge(r: bytes, a: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + a + message).digest(), "little") % L


def cofactored(public: bytes, message: bytes, signature: bytes) -> bool:
    """The lax equation of RFC 8032: [8]S·B = [8]R + [8]k·A."""
    r, s = decode(signature[:32]), int.from_bytes(signature[32:], "little")
    k = challenge(signature[:32], public, message)
    right = add(r, multiply(k, decode(public)))
    return multiply(8 * s, BASE) == multiply(8, right)


def cofactorless(public: bytes, message: bytes, signature: bytes) -> bool:
    """encode(S·B − k·A) = R, byte for byte, without the checks on A, R and S."""
    s = int.from_bytes(signature[32:], "little")
    x, y = multiply(challenge(signature[:32], public, message), decode(public))
    return encode(add(multiply(s, BASE), (-x % P, y))) == signature[:32]
