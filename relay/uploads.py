"""Envelopes that come in parts: a line that breaks costs one part, not all that was sent before.

A desk sends the bytes of a sealed notice in order, under an id of its own, and schedules the notice when all are
there. Until then they are nothing: no letter, nobody's mail, and no other device can name them.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from relay import auth, notices
from relay.auth import Principal
from relay.cancellations import PLANNERS
from relay.drafts import Draft
from relay.errors import Kind, RelayError
from relay.post import OFFICER_SIZE
from relay.unit import Tx
from store import uploads

PART_SIZE: Final = 1024 * 1024
MOST: Final = 4
"""Uploads of one device: with another one, the one that has not gone on for longest is forgotten."""
OFFICE_SIZE: Final = 4 * OFFICER_SIZE


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of an upload, from `start` on."""

    upload: bytes
    start: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Whole:
    """An upload that is complete, as its device believes: `digest` is SHA-256 over all of it."""

    upload: bytes
    digest: bytes


def held(tx: Tx, who: Principal, upload: bytes) -> int:
    """How many bytes the relay has of the asking device's upload, 0 of one it never heard of.

    Raises RelayError `not_allowed`.
    """
    return int(uploads.held(tx, auth.officer(who, PLANNERS).device, upload))


def put(tx: Tx, who: Principal, part: Part, now: datetime) -> int:
    """Take the next part; the same again is harmless. Returns how many bytes the relay has.

    Raises RelayError `not_allowed`, `malformed`, `upload_gap`, `upload_differs`, `too_large`, `uploads_full`.
    """
    me = auth.officer(who, PLANNERS)
    size = len(part.data)
    if not 1 <= size <= PART_SIZE:
        raise RelayError("malformed", f"a part has 1 to {PART_SIZE} bytes", Kind.MALFORMED)
    have = int(uploads.held(tx, me.device, part.upload))
    if part.start < have:
        known = uploads.part(tx, me.device, part.upload, part.start)
        if known is None or known.data != part.data:
            raise RelayError(
                "upload_differs", "other bytes stand there; send this under another id", Kind.CONFLICT
            )
        return have
    if part.start > have:
        raise RelayError(
            "upload_gap",
            "bytes are missing before these; ask what the relay has and go on there",
            Kind.CONFLICT,
        )
    if have + size > OFFICER_SIZE:
        raise RelayError("too_large", "the envelope is too large; send less at once", Kind.TOO_LARGE)
    if have == 0:
        for each in uploads.of_device(tx, me.device)[: 1 - MOST]:
            uploads.drop(tx, me.device, each.upload)
    if int(uploads.held_by_office(tx, me.office)) + size > OFFICE_SIZE:
        raise RelayError(
            "uploads_full",
            "your office has begun too much and not finished it; finish that, or wait three days",
            Kind.TOO_MANY,
        )
    row = {"device": me.device, "upload": part.upload, "start": part.start, "office": me.office}
    uploads.add(tx, **row, size=size, data=part.data, at=now)
    return have + size


def schedule(tx: Tx, who: Principal, draft: Draft, whole: Whole, now: datetime) -> str:
    """notices.schedule of a draft whose envelope was uploaded; the upload is forgotten then. Returns its state.

    Raises RelayError `upload_incomplete` and those of notices.schedule: then the upload stays as it is.
    """
    me = auth.officer(who, PLANNERS)
    data = b"".join([part.data for part in uploads.parts(tx, me.device, whole.upload)])
    if hashlib.sha256(data).digest() != whole.digest:
        raise RelayError(
            "upload_incomplete",
            "the relay does not have all of the envelope; ask what it has and go on there",
            Kind.CONFLICT,
        )
    state = notices.schedule(tx, who, replace(draft, envelope=data), now)
    uploads.drop(tx, me.device, whole.upload)
    return state
