"""leases: how often Telegram asked for a rest"""

import sqlalchemy as sa
from alembic import op

revision = "leases_refusals"
down_revision = "partial_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leases", sa.Column("refused_at", sa.BigInteger(), nullable=True))
    op.add_column("leases", sa.Column("refusals", sa.BigInteger(), nullable=False, server_default="0"))
