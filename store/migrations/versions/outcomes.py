"""outcomes: who came and was not taken along is first in line; who did not come is looked after"""

import sqlalchemy as sa
from alembic import op

revision = "outcomes"
down_revision = "loans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rollovers",
        *_whose("rollovers"),
        sa.Column("travellers", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("boarded_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("travellers >= 1", name=op.f("ck_rollovers_travellers")),
    )
    op.create_index("ix_rollovers_contact", "rollovers", ["office", "contact"])
    op.create_table(
        "safety_checks",
        *_whose("safety_checks"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("closed_at >= opened_at", name=op.f("ck_safety_checks_closed_at")),
    )
    op.create_index("ix_safety_checks_contact", "safety_checks", ["office", "contact"])


def _whose(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("offer", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "offer"], ["offers.office", "offers.offer"], name=op.f(f"fk_{table}_office_offer")
        ),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f(f"fk_{table}_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "offer", name=op.f(f"pk_{table}")),
    ]
