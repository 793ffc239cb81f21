"""ML-KEM-768 encapsulation with given randomness (FIPS 203), in plain Python.

The libraries draw their own randomness, and vectors must come out the same each time. Slow; for vectors alone.
"""

import hashlib

Q, N, K, DU, DV = 3329, 256, 3, 10, 4
_ZETAS = [pow(17, int(f"{i:07b}"[::-1], 2), Q) for i in range(128)]
_GAMMAS = [pow(17, 2 * int(f"{i:07b}"[::-1], 2) + 1, Q) for i in range(128)]

Poly = list[int]


def encapsulate(public: bytes, m: bytes) -> tuple[bytes, bytes]:
    """`ML-KEM.Encaps_internal(ek, m)` (algorithm 17): shared secret [32] and ciphertext [1088]."""
    shared, r = _split(hashlib.sha3_512(m + hashlib.sha3_256(public).digest()).digest())
    return shared, _encrypt(public, m, r)


def _split(data: bytes) -> tuple[bytes, bytes]:
    return data[:32], data[32:]


def _encrypt(public: bytes, m: bytes, r: bytes) -> bytes:
    """Algorithm 14, K-PKE.Encrypt."""
    t = [_decode(public[384 * i : 384 * (i + 1)], 12) for i in range(K)]
    rho = public[384 * K :]
    noise = [_cbd2(_prf(r, n)) for n in range(2 * K + 1)]
    y = [_ntt(p) for p in noise[:K]]
    u = []
    for i in range(K):
        total = [0] * N
        for j in range(K):
            total = _add(total, _multiply(_uniform(rho + bytes([i, j])), y[j]))
        u.append(_add(_inverse(total), noise[K + i]))
    total = [0] * N
    for i in range(K):
        total = _add(total, _multiply(t[i], y[i]))
    mu = [_decompress(bit, 1) for bit in _decode(m, 1)]
    v = _add(_add(_inverse(total), noise[2 * K]), mu)
    return b"".join([_encode([_compress(c, DU) for c in p], DU) for p in u]) + _encode(
        [_compress(c, DV) for c in v], DV
    )


def _prf(r: bytes, n: int) -> bytes:
    return hashlib.shake_256(r + bytes([n])).digest(128)


def _uniform(seed: bytes) -> Poly:
    """Algorithm 7, SampleNTT; the public matrix is used transposed, so the caller passes (i, j) as they stand."""
    stream = hashlib.shake_128(seed).digest(3 * 1024)
    out: Poly = []
    for at in range(0, len(stream), 3):
        a, b, c = stream[at : at + 3]
        out += [d for d in (a | (b & 15) << 8, b >> 4 | c << 4) if d < Q]
        if len(out) >= N:
            return out[:N]
    raise AssertionError("3072 bytes were not enough")


def _cbd2(data: bytes) -> Poly:
    bits = [byte >> i & 1 for byte in data for i in range(8)]
    return [(bits[4 * i] + bits[4 * i + 1] - bits[4 * i + 2] - bits[4 * i + 3]) % Q for i in range(N)]


def _ntt(f: Poly) -> Poly:
    f, index, length = f[:], 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            zeta = _ZETAS[index]
            index += 1
            for j in range(start, start + length):
                t = zeta * f[j + length] % Q
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
        length //= 2
    return f


def _inverse(f: Poly) -> Poly:
    f, index, length = f[:], 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            zeta = _ZETAS[index]
            index -= 1
            for j in range(start, start + length):
                t = f[j]
                f[j], f[j + length] = (t + f[j + length]) % Q, zeta * (f[j + length] - t) % Q
        length *= 2
    return [c * 3303 % Q for c in f]


def _multiply(f: Poly, g: Poly) -> Poly:
    out: Poly = []
    for i in range(128):
        (a0, a1), (b0, b1) = f[2 * i : 2 * i + 2], g[2 * i : 2 * i + 2]
        out += [(a0 * b0 + a1 * b1 * _GAMMAS[i]) % Q, (a0 * b1 + a1 * b0) % Q]
    return out


def _add(f: Poly, g: Poly) -> Poly:
    return [(a + b) % Q for a, b in zip(f, g, strict=True)]


def _compress(x: int, d: int) -> int:
    return ((x << d) + Q // 2) // Q % (1 << d)


def _decompress(y: int, d: int) -> int:
    return (y * Q + (1 << d - 1)) >> d


def _encode(f: Poly, d: int) -> bytes:
    value = sum(c << d * i for i, c in enumerate(f))
    return value.to_bytes(N * d // 8, "little")


def _decode(data: bytes, d: int) -> Poly:
    value = int.from_bytes(data, "little")
    return [value >> d * i & (1 << d) - 1 for i in range(N)]
