"""assents: what guardians and minors said, by the minor's number in the household"""

import sqlalchemy as sa
from alembic import op

revision = "assents"
down_revision = "notices_code"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assents",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("member", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("lapses_at", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("said IN (1, 2, 3)", name=op.f("ck_assents_said")),
        sa.ForeignKeyConstraint(
            ["office", "alias", "member"],
            ["case_members.office", "case_members.alias", "case_members.member"],
            name=op.f("fk_assents_office_alias_member"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_assents_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "alias", "member", "seq", name=op.f("pk_assents")),
    )
    op.create_index("ix_assents_contact", "assents", ["office", "contact"])
    op.create_index("ix_assents_lapses_at", "assents", ["lapses_at"])
