"""uploads: envelopes that come in parts"""

import sqlalchemy as sa
from alembic import op

revision = "uploads"
down_revision = "prekeys_asked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("upload", sa.LargeBinary(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_uploads_office")),
        sa.ForeignKeyConstraint(
            ["device"], ["devices.device"], name=op.f("fk_uploads_device"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("device", "upload", "start", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_office", "uploads", ["office"])
