"""The audit log, chained per office."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint

from store.model import Model, core, key, moment, number


class Audit(Model, table=True):
    """What happened, by which role code, about which mark or code; never who, never what was written.

    `subject` is a person's or household's mark, the code of something else, or empty; in entries from before there
    were marks, it is the alias itself.
    The relay's own log stands under an office of zeros.
    """

    __tablename__ = "audit"
    __table_args__ = (CheckConstraint("seq >= 1", name="seq"),)
    office: bytes = key()
    seq: int = number(primary_key=True)
    at: datetime = moment()
    event: str
    role_code: str = ""
    subject: str = ""
    link: bytes


class AuditHead(Model, table=True):
    """Each log's newest entry: without it nobody would miss the last ones."""

    __tablename__ = "audit_heads"
    office: bytes = key()
    seq: int = number()
    link: bytes


class Mark(Model, table=True):
    """What the log calls a person or household by; erased with them, so that their entries are about nobody."""

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("office", "mark"),)
    office: bytes = key()
    alias: str = key()
    mark: str


audit = core(Audit)
audit_heads = core(AuditHead)
marks = core(Mark)
