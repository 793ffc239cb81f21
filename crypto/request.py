"""Signed requests to the relay: RFC 9421 in one strict profile (PROTOCOL section 10)."""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from crypto.encoding import b64u, equal, new_id, unb64u
from crypto.errors import Malformed, Refused
from crypto.record import MAX_TIME
from crypto.signature import sign_raw, verify

LONGEST: Final = 300
CLOCK_SLACK: Final = 60

_COMPONENTS: Final = '("@method" "@authority" "@path" "@query" "content-digest")'
_INPUT: Final = re.compile(
    re.escape(f"qasid={_COMPONENTS}")
    + r';created=(0|[1-9][0-9]{0,11});expires=(0|[1-9][0-9]{0,11});nonce="([A-Za-z0-9_-]{22})"'
    + r';keyid="([A-Za-z0-9_-]{22})";alg="ed25519";tag="qasid-1"'
)
_DIGEST: Final = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_SIGNATURE: Final = re.compile(r"qasid=:([A-Za-z0-9+/]{86}==):")
_NAMES: Final = ("content-digest", "signature-input", "signature")


@dataclass(frozen=True, slots=True)
class RequestSignature:
    """What the three headers say; nothing is verified until `verify`."""

    device: bytes
    created: int
    expires: int
    nonce: bytes
    digest: bytes
    signature: bytes

    @classmethod
    def parse(cls, headers: Iterable[tuple[str, str]]) -> Self:
        """Read the headers of a request, names in any case; Malformed unless each stands there exactly once."""
        found: dict[str, str] = {}
        for name, value in headers:
            key = name.lower()
            if key in _NAMES:
                if key in found:
                    raise Malformed(f"the header {key} stands there twice")
                found[key] = value
        matches = []
        for key, pattern in zip(_NAMES, (_DIGEST, _INPUT, _SIGNATURE), strict=True):
            match = pattern.fullmatch(found.get(key, ""))
            if match is None:
                raise Malformed(f"the header {key} is missing or not in the profile")
            matches.append(match)
        created, expires, nonce, device = matches[1].groups()
        if max(int(created), int(expires)) > MAX_TIME:
            raise Malformed("a time is out of its range")
        return cls(
            device=unb64u(device, 16),
            created=int(created),
            expires=int(expires),
            nonce=unb64u(nonce, 16),
            digest=_unb64(matches[0][1]),
            signature=_unb64(matches[2][1]),
        )

    def verify(
        self, public: bytes, *, method: str, authority: str, path: str, query: str, body: bytes, now: int
    ) -> None:
        """Refused unless the device with Ed25519 key `public` signed exactly this request, and now.

        The same as `verify_head` and `verify_body`, in either order.
        """
        self.verify_body(body)
        self.verify_head(public, method=method, authority=authority, path=path, query=query, now=now)

    def verify_head(
        self, public: bytes, *, method: str, authority: str, path: str, query: str, now: int
    ) -> None:
        """`verify` before the body has come: what was signed names its digest.

        `path` is the raw path, `query` the raw query without its question mark. The caller refuses a nonce it has
        seen from the device, and remembers this one until `expires`.
        """
        if self.expires - self.created > LONGEST or self.expires < self.created:
            raise Refused("a request's signature lives at most five minutes")
        if self.created > now + CLOCK_SLACK:
            raise Refused("the request is dated in the future: set the clock by /v1/time")
        if self.expires <= now:
            raise Refused("the request's signature has expired: set the clock by /v1/time and sign anew")
        base = _base(self, method=method, authority=authority, path=path, query=query)
        verify(public, base, self.signature)

    def verify_body(self, body: bytes) -> None:
        """Refused unless this is the body whose digest was signed."""
        if not equal(self.digest, hashlib.sha256(body).digest()):
            raise Refused("the request's body is not the one that was signed")


def sign(
    seed: bytes,
    *,
    device: bytes,
    method: str,
    authority: str,
    path: str,
    query: str = "",
    body: bytes = b"",
    created: int,
    expires: int | None = None,
    nonce: bytes | None = None,
) -> dict[str, str]:
    """The three headers that sign a request with the device's 32-byte seed."""
    draft = RequestSignature(
        device=device,
        created=created,
        expires=created + LONGEST if expires is None else expires,
        nonce=new_id() if nonce is None else nonce,
        digest=hashlib.sha256(body).digest(),
        signature=b"",
    )
    signature = sign_raw(_base(draft, method=method, authority=authority, path=path, query=query), seed)
    return {
        "Content-Digest": _digest_header(draft),
        "Signature-Input": f"qasid={_parameters(draft)}",
        "Signature": f"qasid=:{base64.b64encode(signature).decode()}:",
    }


def _base(s: RequestSignature, *, method: str, authority: str, path: str, query: str) -> bytes:
    """RFC 9421 section 2.5."""
    if not (method + authority + path + query).isascii():  # before lower(), which knows foreign letters too
        raise Refused("a request whose address is not ASCII")
    lines = (
        f'"@method": {method}',
        f'"@authority": {authority.lower()}',
        f'"@path": {path or "/"}',
        f'"@query": ?{query}',
        f'"content-digest": {_digest_header(s)}',
        f'"@signature-params": {_parameters(s)}',
    )
    # A line break inside a value could pass one set of components off as another (RFC 9421 section 7.5.6).
    if any("\n" in line or "\r" in line for line in lines):
        raise Refused("a request with a line break in its address")
    return "\n".join(lines).encode()


def _parameters(s: RequestSignature) -> str:
    return (
        f'{_COMPONENTS};created={s.created};expires={s.expires};nonce="{b64u(s.nonce)}"'
        f';keyid="{b64u(s.device)}";alg="ed25519";tag="qasid-1"'
    )


def _digest_header(s: RequestSignature) -> str:
    return f"sha-256=:{base64.b64encode(s.digest).decode()}:"


def _unb64(text: str) -> bytes:
    data = base64.b64decode(text)
    if base64.b64encode(data).decode() != text:
        raise Malformed("not canonical base64")
    return data
