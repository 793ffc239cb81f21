"""Seats that one office lends another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index

from store.model import Model, core, key, moment, one_of, refers


class Loan(Model, table=True):
    """`office` lends `borrower` seats of its movement; `back` of them came back. Each side's signed word is kept.

    `giving`: the borrower's signed return, which the lender has yet to take.
    """

    __tablename__ = "loans"
    __table_args__ = (
        refers(["office", "movement"], "movements", ["office", "movement"]),
        refers(["borrower"], "offices", ["office"]),
        one_of("state", "lent", "borrowed", "ended", "withdrawn"),
        CheckConstraint("seats >= 1 AND back BETWEEN 0 AND seats", name="seats"),
        CheckConstraint("(state IN ('borrowed', 'ended')) = (borrow IS NOT NULL)", name="borrow"),
        CheckConstraint("office <> borrower", name="borrower"),
        Index("ix_loans_due", "state", "return_at"),
        Index("ix_loans_borrower", "borrower"),
    )
    office: bytes = key()
    loan: bytes = key()
    movement: bytes
    borrower: bytes
    seats: int
    back: int = 0
    return_at: datetime = moment()
    state: str
    lend: bytes
    borrow: bytes | None = None
    giving: bytes | None = None


loans = core(Loan)
