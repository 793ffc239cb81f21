"""proposals about departures: steps, outcomes, and what a desk signs"""

from alembic import op

revision = "proposals_departures"
down_revision = "compositions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_proposals_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposals_kind"),
            "kind IN ('invite', 'fact', 'intent', 'vet', 'assign', 'offboard', 'condition', 'status', "
            "'step', 'outcome', 'lend', 'offer', 'cancel', 'threat')",
        )
