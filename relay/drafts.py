"""A notice as its office hands it over: approved and sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.notice import NoticeKind, Route
from relay.seats import Seat


@dataclass(frozen=True, slots=True)
class Draft:
    """An approved notice, sealed: what the relay may know of it. `offers` names every recipient.

    `route` is what the office says; a movement's own counts for who goes by it.
    """

    notice: bytes
    version: int
    kind: NoticeKind
    movement: bytes | None
    content_hash: bytes
    approvals: Sequence[bytes]
    release_at: datetime
    answer_by: datetime
    expires: datetime
    offers: Sequence[Seat]
    envelope: bytes
    route: Route = Route.NONE
