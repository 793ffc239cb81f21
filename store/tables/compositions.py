"""Of whom a movement was made up, in numbers alone."""

from datetime import datetime

from sqlalchemy import CheckConstraint

from store.model import Model, core, key, moment, number, one_of, refers


class Composition(Model, table=True):
    """How many of a party were planned, boarded or arrived, as a coordinator said it; never changed, only followed.

    `party`: a country, `linked`, an office's id, or `total`. `people` None: it is said that nobody knows.
    """

    __tablename__ = "compositions"
    __table_args__ = (
        refers(["office", "movement"], "allotments", ["office", "movement"]),
        one_of("stage", "planned", "boarded", "arrived"),
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint("people IS NOT NULL OR NOT approximate", name="approximate"),
    )
    office: bytes = key()
    movement: bytes = key()
    seq: int = number(primary_key=True)
    party: str
    stage: str
    people: int | None = None
    approximate: bool
    role_code: str
    at: datetime = moment()


compositions = core(Composition)
