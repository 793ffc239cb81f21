"""When the relay last forgot what was past its time."""

from datetime import datetime

from store.model import Model, core, key, moment, one_of

ONLY = 1


class Sweep(Model, table=True):
    """One row: the last time that was believed, and since when another one is told."""

    __tablename__ = "sweeps"
    __table_args__ = (one_of("id", ONLY),)
    id: int = key()
    believed_at: datetime | None = moment(nullable=True)
    doubted_at: datetime | None = moment(nullable=True)


sweeps = core(Sweep)
