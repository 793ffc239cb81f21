"""The audit log, chained per office."""

from datetime import datetime

from sqlalchemy import CheckConstraint

from store.model import Model, core, key, moment, number


class Audit(Model, table=True):
    """What happened, by which role code, about which pseudonym; never who, never what was written.

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


audit = core(Audit)
audit_heads = core(AuditHead)
