"""What guardians and minors said."""

from datetime import datetime

from sqlalchemy import Index

from store.model import Model, core, key, moment, number, one_of, refers


class Assent(Model, table=True):
    """What a guardian said for a minor of a household, by number; never changed, only followed. The last one decides.

    `said`: 1 the minor agrees, 2 does not, 3 is too small to be asked. It all goes with the minor's place.
    """

    __tablename__ = "assents"
    __table_args__ = (
        refers(["office", "alias", "member"], "case_members", ["office", "alias", "member"]),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        one_of("said", 1, 2, 3),
        Index("ix_assents_contact", "office", "contact"),
        Index("ix_assents_lapses_at", "lapses_at"),
    )
    office: bytes = key()
    alias: str = key()
    member: int = number(primary_key=True)
    seq: int = number(primary_key=True)
    contact: bytes
    device: bytes
    counter: int = number()
    given: bool
    said: int
    text_version: int
    language: str
    at: datetime = moment()
    lapses_at: datetime = moment()
    statement: bytes


assents = core(Assent)
