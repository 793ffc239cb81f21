"""prekeys: when somebody's phone was asked for newer ones"""

import sqlalchemy as sa
from alembic import op

revision = "prekeys_asked"
down_revision = "beats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prekeys", sa.Column("asked_at", sa.BigInteger(), nullable=True))
