"""What goes out to Telegram: leadership, outbox, doorbells."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from store.model import Model, core, key, moment, number, one_of, only, refers, serial

ENDED = ("sent", "dropped", "gone", "refused", "uncertain")
"""States of a call that is over."""


class Lease(Model, table=True):
    """Who leads; every change of leader raises the fence.

    `not_before`: the end of Telegram's last 429. `refusals`: how many calls it met with one on the day (UTC) of
    `refused_at`, the last of them.
    """

    __tablename__ = "leases"
    name: str = key()
    owner: str
    fence: int = number()
    until: datetime = moment()
    not_before: datetime | None = moment(default=None, nullable=True)
    refused_at: datetime | None = moment(default=None, nullable=True)
    refusals: int = number(default=0)


class Outgoing(Model, table=True):
    """One call to Telegram to make. Replies hold a catalogue key and plain parameters, never rendered text.

    `due_at` is its place in the order and stays; `not_before` moves when it has to wait. `uncertain` counts the
    tries whose answer never came. `callback_id` is sealed by the vault, for it holds the person's id.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        refers(["account"], "accounts", ["id"]),
        UniqueConstraint("dedupe"),
        one_of("kind", "ring", "reply", "delete", "answer_callback"),
        one_of("state", "waiting", "claimed", *ENDED),
        CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name="lease"),
        only("uq_outbox_ring", "account", where="kind = 'ring' AND state = 'waiting'"),
        Index("ix_outbox_due", "state", "priority", "due_at", "id"),
        Index("ix_outbox_account", "account", "state"),
    )
    id: int | None = serial()
    kind: str
    dedupe: str | None = None
    account: int = number()
    priority: int
    key: str = ""
    params: str = "{}"
    urgent: bool = False
    again: bool = False
    message_id: int | None = number(default=None, nullable=True)
    callback_id: str = ""
    vanish_seconds: int | None = None
    due_at: datetime = moment()
    not_before: datetime = moment()
    expires_at: datetime = moment()
    state: str
    owner: str = ""
    fence: int = number(default=0)
    lease_until: datetime | None = moment(nullable=True)
    tries: int = 0
    uncertain: int = 0
    changed_at: datetime = moment()


class Doorbell(Model, table=True):
    """A contentless nudge that stands in somebody's chat; at most one per account is visible.

    `leaving`: nobody needs it any more, and its deletion is on the way.
    """

    __tablename__ = "doorbells"
    __table_args__ = (
        refers(["account"], "accounts", ["id"], cascade=True),
        only("uq_doorbells_visible", "account", holds="visible"),
        Index("ix_doorbells_rung_at", "visible", "rung_at"),
    )
    id: int | None = serial()
    account: int = number()
    message_id: int | None = number(default=None, nullable=True)
    rung_at: datetime = moment()
    visible: bool
    leaving: bool = False


leases = core(Lease)
outbox = core(Outgoing)
doorbells = core(Doorbell)
