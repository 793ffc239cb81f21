"""reminders: how many hours before the time to answer was over somebody was last rung for it"""

import sqlalchemy as sa
from alembic import op

revision = "reminders"
down_revision = "assents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recipients", sa.Column("reminded", sa.Integer(), nullable=True))
