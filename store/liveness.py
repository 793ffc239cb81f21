"""How connections to PostgreSQL find out that the other side is gone."""

from sqlalchemy import URL

LIVENESS: dict[str, str | int] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8_000,  # milliseconds
    # The other way round: the server gives up whoever vanished or stands still, with the locks it held, before the
    # lease of one that led is over (relay/leader.py): who leads next finds nothing locked.
    "options": "-c idle_in_transaction_session_timeout=20s"
    # Also while it carries out a statement, or waits for a lock: that needs PostgreSQL 14.
    " -c client_connection_check_interval=1s"
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3",
}
"""A server that vanished without a word is noticed within ten seconds; the address may say otherwise."""


def liveness(address: URL) -> dict[str, str | int]:
    """What a connection is to be made with, so that a server that vanished is noticed."""
    return {name: value for name, value in LIVENESS.items() if name not in address.query}
