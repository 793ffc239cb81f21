"""mail"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "envelopes",
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("common", sa.LargeBinary(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("notice", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(notice IS NULL) = (version IS NULL)", name=op.f("ck_envelopes_notice")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_envelopes_office")),
        sa.PrimaryKeyConstraint("envelope", name=op.f("pk_envelopes")),
    )
    with op.batch_alter_table("envelopes", schema=None) as batch_op:
        batch_op.create_index("ix_envelopes_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_envelopes_notice", ["office", "notice", "version"], unique=False)

    op.create_table(
        "acks",
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["envelope"], ["envelopes.envelope"], name=op.f("fk_acks_envelope"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("envelope", "device", name=op.f("pk_acks")),
    )
    op.create_table(
        "wraps",
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("holder_kind", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("prekey", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("wrap", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("holder_kind IN (1, 2)", name=op.f("ck_wraps_holder_kind")),
        sa.ForeignKeyConstraint(
            ["envelope"], ["envelopes.envelope"], name=op.f("fk_wraps_envelope"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("envelope", "holder_kind", "holder", "prekey", name=op.f("pk_wraps")),
    )
    with op.batch_alter_table("wraps", schema=None) as batch_op:
        batch_op.create_index("ix_wraps_contact", ["office", "contact"], unique=False)
        batch_op.create_index("ix_wraps_mailbox", ["office", "holder_kind", "holder", "seq"], unique=False)
