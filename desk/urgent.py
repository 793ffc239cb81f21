"""A go or a cancel as an envelope: urgent, in a thread of its own, as who gets one is not who gets the next."""

from crypto.content import Kind
from crypto.envelope import Urgency
from crypto.notice import Notice
from crypto.sealing import Recipient
from crypto.sealing import seal as seal_envelope
from desk import chains
from desk.office import Desk, spoken_id


def seal(
    desk: Desk, notice: Notice, wire: bytes, recipients: list[Recipient], *, kind: Kind, expires: int
) -> bytes:
    """The envelope; empty when there is nobody to seal to. `expires` in unix seconds."""
    if not recipients:
        return b""
    inner = chains.compose(desk, kind, notice.audience, spoken_id(), wire)
    return seal_envelope(
        inner,
        sender=desk.keys,
        recipients=recipients,
        now=desk.now(),
        expires=expires,
        urgency=Urgency.URGENT,
    )
