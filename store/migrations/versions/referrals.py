"""referrals: people who come without a letter, and the offices that take them"""

import sqlalchemy as sa
from alembic import op

revision = "referrals"
down_revision = "claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_offices",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_referral_offices_office")),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_referral_offices")),
        sa.UniqueConstraint("code", name=op.f("uq_referral_offices_code")),
    )
    op.create_table(
        "referrals",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("letters", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name=op.f("ck_referrals_refused")),
        sa.CheckConstraint(
            "reason IN ('unknown', 'duplicate', 'mismatch', 'elsewhere', 'abuse')",
            name=op.f("ck_referrals_reason"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'refused')", name=op.f("ck_referrals_state")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_referrals_account")),
        sa.ForeignKeyConstraint(["device"], ["devices.device"], name=op.f("fk_referrals_device")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_referrals_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "contact", name=op.f("pk_referrals")),
        sa.UniqueConstraint("device", name=op.f("uq_referrals_device")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index("ix_referrals_account", ["account"], unique=False)
        batch_op.create_index("ix_referrals_expires_at", ["expires_at"], unique=False)
