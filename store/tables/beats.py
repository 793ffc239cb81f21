"""When each job of the clock ran last."""

from datetime import datetime

from store.model import Model, core, key, moment, number, one_of


class Beat(Model, table=True):
    """A job's last run: when it was due and when it ran, what became of it, and when it is due again."""

    __tablename__ = "beats"
    __table_args__ = (one_of("outcome", "done", "failed"),)
    name: str = key()
    due_at: datetime = moment()
    began_at: datetime = moment()
    ended_at: datetime = moment()
    late_ms: int = number()
    outcome: str
    handled: int = number()
    next_at: datetime = moment()


beats = core(Beat)
