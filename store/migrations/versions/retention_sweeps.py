"""retention: when the last sweep was, so that a clock that jumps destroys nothing"""

import sqlalchemy as sa
from alembic import op

revision = "retention_sweeps"
down_revision = "people_invitation_issuer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sweeps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("believed_at", sa.BigInteger(), nullable=True),
        sa.Column("doubted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("id IN (1)", name=op.f("ck_sweeps_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweeps")),
    )
