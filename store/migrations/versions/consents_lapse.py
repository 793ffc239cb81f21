"""consents: until when one stands"""

import sqlalchemy as sa
from alembic import op

revision = "consents_lapse"
down_revision = "cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lapses_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE consents SET lapses_at = at + 31536000000000")  # 365 days, in microseconds
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.alter_column("lapses_at", existing_type=sa.BigInteger(), nullable=False)
