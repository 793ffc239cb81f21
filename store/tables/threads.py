"""Between offices: who accepts whom, and what was sent. Who writes to whom, when, and a state; never what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index

from store.model import Model, core, key, moment, one_of, refers


class Partner(Model, table=True):
    """`office` accepts mail of `partner`. That one need not exist here: whether it does is told to nobody."""

    __tablename__ = "partners"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        CheckConstraint("office <> partner", name="partner"),
    )
    office: bytes = key()
    partner: bytes = key()
    accepted_at: datetime = moment()


class Missive(Model, table=True):
    """An envelope of `sender` to `office`; `mediated`: to be passed on, which is then decided."""

    __tablename__ = "missives"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        refers(["sender"], "offices", ["office"]),
        one_of("state", "sent", "passed_on", "held", "returned"),
        CheckConstraint("mediated OR state = 'sent'", name="mediated"),
        CheckConstraint("(state = 'sent') = (decided_at IS NULL)", name="decided_at"),
        Index("ix_missives_office", "office", "at"),
        Index("ix_missives_sender", "sender", "at"),
    )
    envelope: bytes = key()
    office: bytes
    sender: bytes
    mediated: bool
    state: str
    at: datetime = moment()
    decided_at: datetime | None = moment(nullable=True)


partners = core(Partner)
missives = core(Missive)
