"""threads: whom an office accepts, and what went between offices and became of it"""

import sqlalchemy as sa
from alembic import op

revision = "threads"
down_revision = "buttons_duty"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("partner", sa.LargeBinary(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("office <> partner", name=op.f("ck_partners_partner")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_partners_office")),
        sa.PrimaryKeyConstraint("office", "partner", name=op.f("pk_partners")),
    )
    op.create_table(
        "missives",
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("mediated", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('sent', 'passed_on', 'held', 'returned')", name=op.f("ck_missives_state")
        ),
        sa.CheckConstraint("mediated OR state = 'sent'", name=op.f("ck_missives_mediated")),
        sa.CheckConstraint("(state = 'sent') = (decided_at IS NULL)", name=op.f("ck_missives_decided_at")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_missives_office")),
        sa.ForeignKeyConstraint(["sender"], ["offices.office"], name=op.f("fk_missives_sender")),
        sa.PrimaryKeyConstraint("envelope", name=op.f("pk_missives")),
    )
    with op.batch_alter_table("missives", schema=None) as batch_op:
        batch_op.create_index("ix_missives_office", ["office", "at"], unique=False)
        batch_op.create_index("ix_missives_sender", ["sender", "at"], unique=False)
