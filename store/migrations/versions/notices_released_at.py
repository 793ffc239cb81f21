"""notices: when a version went out, so that one that was replaced can still be called off"""

import sqlalchemy as sa
from alembic import op

revision = "notices_released_at"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("released_at", sa.BigInteger(), nullable=True))
    # Of a version that is over, the time alone tells whether it went out; one too many does no harm.
    op.execute(
        "UPDATE notices SET released_at = release_at"
        " WHERE state = 'released' OR (state <> 'scheduled' AND release_at <= changed_at)"
    )
