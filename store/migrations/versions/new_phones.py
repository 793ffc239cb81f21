"""new_phones: what a first officer signed for a known contact's new phone, and whether a desk has seen it"""

import sqlalchemy as sa
from alembic import op

revision = "new_phones"
down_revision = "contact_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrolments", sa.Column("card", sa.LargeBinary(), nullable=True))
    op.add_column("enrolments", sa.Column("shown_at", sa.BigInteger(), nullable=True))
