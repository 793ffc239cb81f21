"""What desks kept, in the form in which they wrote it before MessagePack."""

import json

import msgspec

from crypto.encoding import b64u
from desk.codec import Kept


def as_before(kept: Kept) -> bytes:
    """JSON, with bytes in base64url."""
    return json.dumps(_plain(kept), separators=(",", ":")).encode()


def _plain(kept: object) -> object:
    if isinstance(kept, bytes):
        return b64u(kept)
    if isinstance(kept, Kept):
        return _plain(msgspec.structs.asdict(kept))
    if isinstance(kept, dict):
        return {key: _plain(value) for key, value in kept.items()}
    return [_plain(value) for value in kept] if isinstance(kept, list) else kept
