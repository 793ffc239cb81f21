"""What follows when somebody did not come, or came and was not taken along."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index

from store.model import Model, core, key, moment, refers


class Rollover(Model, table=True):
    """So many of a party came and were not taken along: first in line for the next seats, until they boarded."""

    __tablename__ = "rollovers"
    __table_args__ = (
        refers(["office", "offer"], "offers", ["office", "offer"]),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        CheckConstraint("travellers >= 1", name="travellers"),
        Index("ix_rollovers_contact", "office", "contact"),
    )
    office: bytes = key()
    offer: bytes = key()
    contact: bytes
    travellers: int
    at: datetime = moment()
    boarded_at: datetime | None = moment(nullable=True)


class SafetyCheck(Model, table=True):
    """Somebody of a party did not come: are they all right? Closed once the contact was reached."""

    __tablename__ = "safety_checks"
    __table_args__ = (
        refers(["office", "offer"], "offers", ["office", "offer"]),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        CheckConstraint("closed_at >= opened_at", name="closed_at"),
        Index("ix_safety_checks_contact", "office", "contact"),
    )
    office: bytes = key()
    offer: bytes = key()
    contact: bytes
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


rollovers = core(Rollover)
safety_checks = core(SafetyCheck)
