"""compositions: of whom a movement was made up, in numbers alone"""

import sqlalchemy as sa
from alembic import op

revision = "compositions"
down_revision = "outcomes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compositions",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stage IN ('planned', 'boarded', 'arrived')", name=op.f("ck_compositions_stage")),
        sa.CheckConstraint("people >= 0", name=op.f("ck_compositions_people")),
        sa.CheckConstraint("people IS NOT NULL OR NOT approximate", name=op.f("ck_compositions_approximate")),
        sa.ForeignKeyConstraint(
            ["office", "movement"],
            ["allotments.office", "allotments.movement"],
            name=op.f("fk_compositions_office_movement"),
        ),
        sa.PrimaryKeyConstraint("office", "movement", "seq", name=op.f("pk_compositions")),
    )
