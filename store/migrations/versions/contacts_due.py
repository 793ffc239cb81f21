"""contacts: until when the office owes them an answer"""

import sqlalchemy as sa
from alembic import op

revision = "contacts_due"
down_revision = "new_phones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_contacts_due_at", ["office", "due_at"])
