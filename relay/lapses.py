"""What ends by itself: consents and assents, claims, one-time codes, and who came without a letter.

A letter of introduction that has expired is refused by whoever asks (relay/invitations.py): who enrolled in time is
confirmed later, so it stays.
"""

from datetime import datetime, timedelta

from relay import assents, consent, unverified
from relay.unit import Tx
from store import accounts, claims, offices, sponsors

CODES = timedelta(days=7)


def lapse(tx: Tx, now: datetime) -> int:
    """End what is past its time; how many consents, assents, claims and people that were. To be called hourly."""
    offices.expire_codes(tx, now - CODES)
    accounts.expire_link_codes(tx, now - CODES)
    sponsors.expire_codes(tx, now - CODES)
    ended = sum(claims.drop_lapsed(tx, office, now) for office in offices.every(tx))
    return ended + unverified.expire(tx, now) + consent.lapse(tx, now) + assents.lapse(tx, now)
