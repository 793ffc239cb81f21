"""assignments; proposals to assign and to off-board"""

import sqlalchemy as sa
from alembic import op

revision = "assignments"
down_revision = "referrals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_assignments_office_officer"),
        ),
        sa.PrimaryKeyConstraint("office", "alias", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_proposals_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposals_kind"), "kind IN ('invite', 'fact', 'intent', 'vet', 'assign', 'offboard')"
        )
