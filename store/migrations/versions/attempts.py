"""attempts to reach contacts"""

import sqlalchemy as sa
from alembic import op

revision = "attempts"
down_revision = "assignments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("way IN ('app', 'telephone', 'relative', 'person')", name=op.f("ck_attempts_way")),
        sa.CheckConstraint(
            "outcome IN ('reached', 'unanswered', 'wrong', 'refused')", name=op.f("ck_attempts_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_attempts_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "contact", "seq", name=op.f("pk_attempts")),
    )
