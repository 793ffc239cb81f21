"""sponsors: relatives abroad who may ask about a contact, and the one-time codes that make them so"""

import sqlalchemy as sa
from alembic import op

revision = "sponsors"
down_revision = "contacts_due"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sponsors",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("word IN ('recent', 'week', 'longer', 'never')", name=op.f("ck_sponsors_word")),
        sa.CheckConstraint("(word IS NULL) = (told_at IS NULL)", name=op.f("ck_sponsors_told_at")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_sponsors_office_contact"),
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_sponsors_account")),
        sa.PrimaryKeyConstraint("office", "contact", "account", name=op.f("pk_sponsors")),
        sa.UniqueConstraint("account", "number", name=op.f("uq_sponsors_account_number")),
    )
    op.create_table(
        "sponsor_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_sponsor_codes_office_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_sponsor_codes_office_officer"),
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_sponsor_codes")),
    )
