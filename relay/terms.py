"""How long what is over is still known (relay/retention.py). What expires by itself goes when it does."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """`handled`: updates, calls, doorbells and proposals. `strangers`: chats that belong to nobody. `missives`: that
    something went between offices, and what became of it; or that it was destroyed there. `uploads`: how long a desk
    may take to go on with an envelope that it sends in parts, anybody with an attachment's chunks.
    """

    handled: timedelta = timedelta(days=7)
    strangers: timedelta = timedelta(days=30)
    missives: timedelta = timedelta(days=90)
    uploads: timedelta = timedelta(days=3)


USUAL = Terms()
