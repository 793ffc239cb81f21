"""The tables, one file per neighbourhood. Importing this package completes the metadata."""

from store.model import metadata
from store.tables import (
    assents,
    audit,
    cases,
    chat,
    claims,
    compositions,
    conditions,
    delivery,
    disclosures,
    loans,
    mail,
    movements,
    notices,
    offers,
    offices,
    outcomes,
    people,
    referrals,
    sponsors,
    sweeps,
    threads,
)

NAMES = frozenset(metadata.tables)

__all__ = [
    "NAMES",
    "assents",
    "audit",
    "cases",
    "chat",
    "claims",
    "compositions",
    "conditions",
    "delivery",
    "disclosures",
    "loans",
    "mail",
    "movements",
    "notices",
    "offers",
    "offices",
    "outcomes",
    "people",
    "referrals",
    "sponsors",
    "sweeps",
    "threads",
]
