"""attachments: sealed photographs and voice notes, in chunks"""

import sqlalchemy as sa
from alembic import op

revision = "attachments"
down_revision = "uploads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("attachment", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("chunks BETWEEN 1 AND 16", name=op.f("ck_attachments_chunks")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_attachments_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "attachment", name=op.f("pk_attachments")),
    )
    op.create_index("ix_attachments_contact", "attachments", ["office", "contact"])
    op.create_index("ix_attachments_expires_at", "attachments", ["expires_at"])
    op.create_table(
        "attachment_chunks",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("attachment", sa.LargeBinary(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "attachment"],
            ["attachments.office", "attachments.attachment"],
            name=op.f("fk_attachment_chunks_office_attachment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("office", "attachment", "n", name=op.f("pk_attachment_chunks")),
    )
