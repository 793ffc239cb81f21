"""What stands of a minor: that their guardian consents, and what they say themselves."""

from datetime import datetime

from crypto.statement import Child
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import assents
from store.sql import Found

STANDINGS = ("agreed", "small", "declined", "none")
"""Agreed; the guardian consents for one too small to be asked; one of the two says no; nobody said, or a year ago."""


def standing(said: Found | None, now: datetime) -> str:
    """One of STANDINGS, by what was said last."""
    if said is None or said.statement is None or said.lapses_at <= now:
        return "none"
    if not said.given or said.said == Child.DECLINES:
        return "declined"
    return "small" if said.said == Child.TOO_SMALL else "agreed"


def check(tx: Tx, office: bytes, contact: bytes, now: datetime) -> None:
    """Nothing that tells of the contact's family is passed on when it raises.

    Raises RelayError `assent_refused`, `assent_missing`.
    """
    found = {standing(row, now) for row in assents.minors(tx, office, contact)}
    if "declined" in found:
        raise RelayError(
            "assent_refused",
            "a child in this person's care does not agree, or the person does not for the child, and nothing was "
            "sent; leave the family out, and only if they change their mind they say so in the app, under Settings",
            Kind.FORBIDDEN,
        )
    if "none" in found:
        raise RelayError(
            "assent_missing",
            "this person has not said for every child in their care that the family may be told of, and nothing was "
            "sent; ask them by message or voice to do so in the app, under Settings, with the child",
            Kind.FORBIDDEN,
        )
