"""armour_parts: armoured texts that come in several messages"""

import sqlalchemy as sa
from alembic import op

revision = "armour_parts"
down_revision = "attachments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "armour_parts",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_armour_parts_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_armour_parts")),
    )
    op.create_index("ix_armour_parts_at", "armour_parts", ["at"])
