"""card_changes: a contact's further device that waits for two officers, or one that is to be taken off"""

import sqlalchemy as sa
from alembic import op

revision = "card_changes"
down_revision = "armour_parts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_changes",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=True),
        sa.Column("asker", sa.LargeBinary(), nullable=True),
        sa.Column("addition", sa.LargeBinary(), nullable=True),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(device IS NULL) = (addition IS NULL)", name=op.f("ck_card_changes_addition")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_card_changes_office"),
        ),
        sa.ForeignKeyConstraint(["device"], ["devices.device"], name=op.f("fk_card_changes_device")),
        sa.PrimaryKeyConstraint("office", "contact", name=op.f("pk_card_changes")),
    )
