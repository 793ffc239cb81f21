"""buttons that were pressed; officers who are off duty"""

import sqlalchemy as sa
from alembic import op

revision = "buttons_duty"
down_revision = "consents_lapse"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pressed",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_pressed")),
    )
    with op.batch_alter_table("pressed", schema=None) as batch_op:
        batch_op.create_index("ix_pressed_expires_at", ["expires_at"], unique=False)
    op.create_table(
        "off_duty",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_off_duty_office_officer"),
        ),
        sa.PrimaryKeyConstraint("office", "officer", name=op.f("pk_off_duty")),
    )
