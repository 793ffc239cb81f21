"""leases: until when Telegram wants to hear nothing"""

import sqlalchemy as sa
from alembic import op

revision = "leases_not_before"
down_revision = "card_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leases", sa.Column("not_before", sa.BigInteger(), nullable=True))
