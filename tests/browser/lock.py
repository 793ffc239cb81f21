"""What a phone stored, behind a lock that costs nothing to open: most of a test's time would go into it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_aead_chacha20poly1305_ietf_decrypt as unwrap
from nacl.bindings import crypto_aead_chacha20poly1305_ietf_encrypt as wrap
from nacl.pwhash import argon2id

MIB = 1 << 20


def lighten(state: Any, pin: str) -> None:
    """Wrap the master key anew, under the same PIN and salt, after one pass over 1 MiB (webapp/src/lock.ts)."""
    (store,) = state["origins"][0]["indexedDB"][0]["stores"]
    (record,) = (each for each in store["records"] if each["key"] == "lock")
    lock = {pair["k"]: pair for pair in record["valueEncoded"]["o"]}
    salt, nonce, wrapped = (b64decode(lock[name]["v"]["ta"]["b"]) for name in ("salt", "nonce", "wrapped"))
    key = unwrap(wrapped, None, nonce, _wrapping(pin, salt, lock["passes"]["v"], lock["mib"]["v"]))
    lock["passes"]["v"] = lock["mib"]["v"] = 1
    lock["wrapped"]["v"]["ta"]["b"] = b64encode(wrap(key, None, nonce, _wrapping(pin, salt, 1, 1))).decode()


def _wrapping(pin: str, salt: bytes, passes: int, mib: int) -> bytes:
    stretched = argon2id.kdf(32, pin.encode(), salt, opslimit=passes, memlimit=mib * MIB)
    return HKDF(SHA256(), 32, salt=b"", info=b"qasid app lock").derive(stretched)
