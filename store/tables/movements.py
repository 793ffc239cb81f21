"""Movements, whose seats they are, and the ledger of every change."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from store.model import Model, core, key, moment, one_of, refers


class Movement(Model, table=True):
    """A departure of the office that owns it. `entries`: how many its ledger has."""

    __tablename__ = "movements"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        UniqueConstraint("office", "code"),
        one_of("state", "planned", "open", "called", "departed", "arrived", "cancelled"),
        CheckConstraint("seats >= 1", name="seats"),
    )
    office: bytes = key()
    movement: bytes = key()
    code: str
    route: int
    departs_at: datetime = moment()
    seats: int
    entries: int = 0
    state: str


class Allotment(Model, table=True):
    """Seats that `office` may offer on a movement of `owner`. The database itself refuses to oversell them."""

    __tablename__ = "allotments"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        refers(["owner", "movement"], "movements", ["office", "movement"]),
        CheckConstraint("held >= 0 AND confirmed >= 0 AND held + confirmed <= seats", name="seats"),
        Index("ix_allotments_owner", "owner", "movement"),
    )
    office: bytes = key()
    movement: bytes = key()
    owner: bytes
    seats: int
    held: int = 0
    confirmed: int = 0


class Entry(Model, table=True):
    """A change of an allotment, as differences; triggers refuse to change or delete one."""

    __tablename__ = "ledger"
    __table_args__ = (
        refers(["owner", "movement"], "movements", ["office", "movement"]),
        refers(["office", "movement"], "allotments", ["office", "movement"]),
    )
    owner: bytes = key()
    movement: bytes = key()
    seq: int = key()
    at: datetime = moment()
    kind: str
    office: bytes
    offer: bytes | None = None
    loan: bytes | None = None
    seats: int
    held: int
    confirmed: int


movements = core(Movement)
allotments = core(Allotment)
ledger = core(Entry)
