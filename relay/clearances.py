"""Whether a notice that is due may go out. What phones would refuse stays here, and its coordinators hear of it.

Rosters change between approval and release: an officer is removed, a term ends, the roster itself runs out. So
everything phones will judge by is judged again in the transaction that releases.
"""

from datetime import datetime, timedelta

from crypto.encoding import unix
from crypto.envelope import HEADER_SIZE, Header
from crypto.errors import CryptoError
from crypto.notice import NoticeKind
from crypto.record import unrec
from crypto.roster import Role, Roster
from relay import approvals, audit, conditions, outbox, threats
from relay.addressing import SLACK
from relay.approvals import MOVING
from relay.audit import Event
from relay.errors import RelayError
from relay.unit import Tx
from store import accounts, allotments, mail, notices
from store.sql import Found

ROSTER, APPROVALS, SENDER, MOVEMENT, WARNED = "roster", "approvals", "sender", "movement", "warned"
"""Why a notice is withheld, beside its movement's conditions: the roster has expired; an approval, or who sealed it,
does not stand any more; its movement was called off or has left; a threat alert for its route came after it."""
REMINDER = timedelta(hours=24)


def obstacle(tx: Tx, roster: Roster, row: Found, now: datetime) -> str | None:
    """Why this version may not go out now, if so.

    An expired roster stops only what sends people somewhere: phones show a warning under it, and people need it.
    """
    kind = NoticeKind(row.kind)
    if row.movement is not None and not _offered(tx, row):
        return MOVEMENT
    if row.movement is not None and threats.stops(tx, row.office, row.movement, row.approved):
        return WARNED
    if kind in MOVING and not roster.current(unix(now)):
        return ROSTER
    if kind in MOVING and not conditions.clear(tx, row.office, row.movement, now):
        return conditions.WITHHELD
    try:
        named = (row.notice, row.version, row.content_hash)
        approvals.stand(roster, unrec(row.approved or b""), notice=named, kind=kind, now=now)
    except RelayError:
        return APPROVALS
    return None if _sender_stands(tx, roster, row) else SENDER


def withhold(tx: Tx, row: Found, why: str, now: datetime) -> None:
    """Keep it back, and tell the office's coordinators that something waits for them, or what the movement lacks."""
    notices.withhold(tx, row, why, now)
    audit.happened(tx, Event.NOTICE_WITHHELD, now, office=row.office, subject=why)
    if why == conditions.WITHHELD:  # they heard what it lacks
        return
    for account in accounts.of_officers(tx, row.office, int(Role.COORDINATOR), now):
        outbox.reply(
            tx,
            account,
            "officer-withheld",
            {},
            now,
            dedupe=f"withheld:{row.envelope.hex() if row.envelope else ''}:{account}:{unix(now)}",
            expires_at=now + REMINDER,
            vanish_after=REMINDER,
        )


def _offered(tx: Tx, row: Found) -> bool:
    allotment = allotments.allotment(tx, row.office, row.movement)
    return allotment is not None and allotment.state in allotments.OFFERING


def _sender_stands(tx: Tx, roster: Roster, row: Found) -> bool:
    """As phones judge: whoever sealed the letter is in the roster, and stood then."""
    common = None if row.envelope is None else mail.sealed(tx, row.envelope)
    if common is None:  # nobody is left to get it
        return True
    header = Header.parse(common[:HEADER_SIZE])
    try:
        roster.standing(header.sender, header.time, slack=int(SLACK.total_seconds()))
    except CryptoError:
        return False
    return True
