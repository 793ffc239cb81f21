"""marks: what the audit log calls people and households by; what was logged before stays as it is chained"""

import sqlalchemy as sa
from alembic import op

revision = "marks"
down_revision = "attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("office", "alias", name=op.f("pk_marks")),
        sa.UniqueConstraint("office", "mark", name=op.f("uq_marks_office_mark")),
    )
