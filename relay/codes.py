"""Whether a notice still counts, for whoever has its number: on their phone, on paper, or by what they were told.

current: it is out, and not over. replaced, cancelled: it was out. unknown: anything else, also what is to come.
"""

from datetime import datetime, timedelta

from relay.unit import Tx
from store import notices, outbox

WORDS = ("current", "replaced", "cancelled", "unknown")
MOST = 12
WINDOW = timedelta(hours=1)
"""An account asks so often at most: numbers cannot be tried until one fits."""


def standing(tx: Tx, code: str, now: datetime) -> str:
    """One of WORDS. Of several versions with one number, which there hardly are, the least that people would go by."""
    found = {_word(row.state, now < row.expires_at) for row in notices.by_code(tx, code) if row.released_at}
    return next((word for word in ("cancelled", "replaced", "current") if word in found), "unknown")


def asked_often(tx: Tx, account: int, now: datetime) -> bool:
    """Whether this account asked so often within the last hour that it is told nothing now."""
    return int(outbox.told(tx, account, [f"code-{word}" for word in WORDS], now - WINDOW)) >= MOST


def _word(state: str, lasts: bool) -> str:
    if state == "released":
        return "current" if lasts else "unknown"
    return state if state in ("replaced", "cancelled") else "unknown"
