"""loans: seats that one office lends another, with both signatures"""

import sqlalchemy as sa
from alembic import op

revision = "loans"
down_revision = "allotments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loans",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("loan", sa.LargeBinary(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=False),
        sa.Column("borrower", sa.LargeBinary(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("back", sa.Integer(), nullable=False),
        sa.Column("return_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lend", sa.LargeBinary(), nullable=False),
        sa.Column("borrow", sa.LargeBinary(), nullable=True),
        sa.Column("giving", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('lent', 'borrowed', 'ended', 'withdrawn')", name=op.f("ck_loans_state")
        ),
        sa.CheckConstraint("seats >= 1 AND back BETWEEN 0 AND seats", name=op.f("ck_loans_seats")),
        sa.CheckConstraint(
            "(state IN ('borrowed', 'ended')) = (borrow IS NOT NULL)", name=op.f("ck_loans_borrow")
        ),
        sa.CheckConstraint("office <> borrower", name=op.f("ck_loans_borrower")),
        sa.ForeignKeyConstraint(
            ["office", "movement"],
            ["movements.office", "movements.movement"],
            name=op.f("fk_loans_office_movement"),
        ),
        sa.ForeignKeyConstraint(["borrower"], ["offices.office"], name=op.f("fk_loans_borrower")),
        sa.PrimaryKeyConstraint("office", "loan", name=op.f("pk_loans")),
    )
    op.create_index("ix_loans_due", "loans", ["state", "return_at"])
    op.create_index("ix_loans_borrower", "loans", ["borrower"])
