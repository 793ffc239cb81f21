"""delivery: unanswered tries counted, quiet wraps, callback ids no longer in clear"""

import json

import sqlalchemy as sa
from alembic import op

revision = "delivery_uncertain"
down_revision = "notices_released_at"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uncertain", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("wraps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_account", ["account", "taken_at"], unique=False)
    _forget_callbacks()


def _forget_callbacks() -> None:
    """Callback ids hold the person's id. They can be answered for a minute only, so none is missed."""
    op.execute(
        "UPDATE outbox SET state = 'dropped', lease_until = NULL "
        "WHERE kind = 'answer_callback' AND state IN ('waiting', 'claimed')"
    )
    op.execute("UPDATE outbox SET callback_id = '' WHERE callback_id <> ''")
    inbox = sa.table("inbox", sa.column("seq"), sa.column("payload"))
    connection = op.get_bind()
    held = sa.select(inbox.c.seq, inbox.c.payload).where(inbox.c.payload.like('%"callback"%'))
    for row in connection.execute(held).all():
        payload = json.loads(row.payload)
        payload.pop("callback", None)
        connection.execute(
            inbox.update().where(inbox.c.seq == row.seq).values(payload=json.dumps(payload, sort_keys=True))
        )
