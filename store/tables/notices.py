"""Notices, their recipients and answers."""

from datetime import datetime

from sqlalchemy import Index

from store.model import Model, core, key, moment, number, one_of, only, refers


class Approval(Model, table=True):
    __tablename__ = "approvals"
    office: bytes = key()
    notice: bytes = key()
    version: int = number(primary_key=True)
    device: bytes = key()
    content_hash: bytes
    wire: bytes
    at: datetime = moment()


class Notice(Model, table=True):
    """A version of a notice: its schedule is this row, never a job.

    `code` follows from the content hash. `released_at` stays when the version is replaced, cancelled or expired: it was
    out, somebody may hold it. `approved` is a record of the approvals sealed in its letter; `withheld` says why it was
    due and did not go out. `route` is what its office said it is about, 0 for every route.
    """

    __tablename__ = "notices"
    __table_args__ = (
        refers(["office", "movement"], "allotments", ["office", "movement"]),
        one_of("state", "scheduled", "released", "cancelled", "replaced", "expired"),
        only("uq_notices_live", "office", "notice", where="state IN ('scheduled', 'released')"),
        Index("ix_notices_due", "state", "release_at"),
        Index("ix_notices_code", "code"),
    )
    office: bytes = key()
    notice: bytes = key()
    version: int = number(primary_key=True)
    kind: int
    movement: bytes | None = None
    route: int | None = None
    content_hash: bytes
    code: str
    envelope: bytes | None = None
    approved: bytes | None = None
    withheld: str | None = None
    release_at: datetime = moment()
    released_at: datetime | None = moment(nullable=True)
    answer_by: datetime = moment()
    expires_at: datetime = moment()
    state: str
    changed_at: datetime = moment()


class Recipient(Model, table=True):
    """One contact's copy of a notice version, and how far it came.

    `reminded`: so many hours before the time to answer was over, the last time.
    `held_back`: it is sealed, and does not go out before a seat is free.
    """

    __tablename__ = "recipients"
    __table_args__ = (
        refers(["office", "notice", "version"], "notices", ["office", "notice", "version"], cascade=True),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        Index("ix_recipients_contact", "office", "contact"),
        one_of("answer", 1, 2, 3),
    )
    office: bytes = key()
    notice: bytes = key()
    version: int = number(primary_key=True)
    contact: bytes = key()
    offer: bytes | None = None
    held_back: bool = False
    rung_at: datetime | None = moment(nullable=True)
    fetched_at: datetime | None = moment(nullable=True)
    answer: int | None = None
    answered_at: datetime | None = moment(nullable=True)
    reminded: int | None = None


class Answer(Model, table=True):
    """Every signed answer; counters rise per device."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_notice", "office", "notice", "version", "contact"),)
    device: bytes = key()
    counter: int = number(primary_key=True)
    office: bytes
    contact: bytes
    notice: bytes
    version: int = number()
    statement: bytes
    at: datetime = moment()


approvals = core(Approval)
notices = core(Notice)
recipients = core(Recipient)
answers = core(Answer)
