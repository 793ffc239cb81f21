"""Whether the way is clear: a movement's go/no-go list, and the board of routes that all offices share."""

from datetime import datetime

from sqlalchemy import CheckConstraint

from store.model import Model, core, key, moment, number, one_of, refers


class Condition(Model, table=True):
    """What was said of one condition of a movement; never changed, only followed."""

    __tablename__ = "conditions"
    __table_args__ = (
        refers(["office", "movement"], "movements", ["office", "movement"]),
        one_of("state", "green", "red"),
        one_of("grade", "official", "partner", "media", "rumour"),
        CheckConstraint("(state = 'green') = (expires_at IS NOT NULL)", name="expiry"),
    )
    office: bytes = key()
    movement: bytes = key()
    seq: int = number(primary_key=True)
    condition: str
    state: str
    grade: str
    as_of: datetime = moment()
    expires_at: datetime | None = moment(nullable=True)
    role_code: str
    at: datetime = moment()


class Status(Model, table=True):
    """What an office said of a route; never changed, only followed."""

    __tablename__ = "statuses"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        one_of("status", "discussion", "technical", "limited", "open", "closed"),
        one_of("grade", "official", "partner", "media", "rumour"),
    )
    office: bytes = key()
    seq: int = number(primary_key=True)
    route: int
    status: str
    grade: str
    as_of: datetime = moment()
    expires_at: datetime = moment()
    role_code: str
    at: datetime = moment()


conditions = core(Condition)
statuses = core(Status)
