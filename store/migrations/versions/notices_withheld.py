"""notices: which approvals a letter carries, and why it was withheld when due"""

import sqlalchemy as sa
from alembic import op

revision = "notices_withheld"
down_revision = "audit_chain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("withheld", sa.String(), nullable=True))
