"""conditions: a movement's go/no-go list, and the board of routes; proposals about both"""

import sqlalchemy as sa
from alembic import op

revision = "conditions"
down_revision = "sponsors"
branch_labels = None
depends_on = None

GRADES = "'official', 'partner', 'media', 'rumour'"


def upgrade() -> None:
    op.create_table(
        "conditions",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('green', 'red')", name=op.f("ck_conditions_state")),
        sa.CheckConstraint(f"grade IN ({GRADES})", name=op.f("ck_conditions_grade")),
        sa.CheckConstraint("(state = 'green') = (expires_at IS NOT NULL)", name=op.f("ck_conditions_expiry")),
        sa.ForeignKeyConstraint(
            ["office", "movement"],
            ["movements.office", "movements.movement"],
            name=op.f("fk_conditions_office_movement"),
        ),
        sa.PrimaryKeyConstraint("office", "movement", "seq", name=op.f("pk_conditions")),
    )
    op.create_table(
        "statuses",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("route", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('discussion', 'technical', 'limited', 'open', 'closed')",
            name=op.f("ck_statuses_status"),
        ),
        sa.CheckConstraint(f"grade IN ({GRADES})", name=op.f("ck_statuses_grade")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_statuses_office")),
        sa.PrimaryKeyConstraint("office", "seq", name=op.f("pk_statuses")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_proposals_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposals_kind"),
            "kind IN ('invite', 'fact', 'intent', 'vet', 'assign', 'offboard', 'condition', 'status')",
        )
