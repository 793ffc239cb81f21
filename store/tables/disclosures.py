"""What was passed on of a person to another office, and whether it was taken back there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index

from store.model import Model, core, key, moment, one_of, refers


class Disclosure(Model, table=True):
    """A group of fields of a contact, in an envelope to another office; what was in it the relay cannot tell.

    `contact` and `statement` go with the person; the rest stays until that office acknowledged. `statement` is what
    takes it back. `shown_at`: a desk of that office has seen that it was taken back.
    """

    __tablename__ = "disclosures"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        refers(["recipient"], "offices", ["office"]),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        one_of("state", "standing", "withdrawn", "acknowledged"),
        one_of("reason", "withdrawn", "lapsed", "erased"),
        CheckConstraint("(state = 'standing') = (reason IS NULL)", name="withdrawn"),
        CheckConstraint("(state = 'standing') = (withdrawn_at IS NULL)", name="withdrawn_at"),
        CheckConstraint("(state = 'acknowledged') = (acknowledgement IS NOT NULL)", name="acknowledged"),
        CheckConstraint("contact IS NOT NULL OR reason = 'erased'", name="contact"),
        Index("ix_disclosures_contact", "office", "contact"),
        Index("ix_disclosures_recipient", "recipient", "state"),
    )
    envelope: bytes = key()
    fields: str = key()
    office: bytes
    recipient: bytes
    contact: bytes | None = None
    state: str
    reason: str | None = None
    statement: bytes | None = None
    acknowledgement: bytes | None = None
    at: datetime = moment()
    withdrawn_at: datetime | None = moment(nullable=True)
    shown_at: datetime | None = moment(nullable=True)
    acknowledged_at: datetime | None = moment(nullable=True)


disclosures = core(Disclosure)
