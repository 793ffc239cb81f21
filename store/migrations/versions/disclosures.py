"""consents by recipient and fields; what was passed on to other offices"""

import sqlalchemy as sa
from alembic import op

revision = "disclosures"
down_revision = "marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recipient", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("fields", sa.String(), nullable=True))
    op.execute("UPDATE consents SET recipient = office, fields = 'all'")
    op.drop_index("uq_consents_newest", table_name="consents")
    whole = ["office", "contact", "purpose", "recipient", "fields"]
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.alter_column("recipient", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("fields", existing_type=sa.String(), nullable=False)
        batch_op.drop_constraint(op.f("pk_consents"), type_="primary")
        batch_op.create_primary_key(op.f("pk_consents"), [*whole, "device", "counter"])
    op.create_index(
        "uq_consents_newest",
        "consents",
        whole,
        unique=True,
        sqlite_where=sa.text("newest"),
        postgresql_where=sa.text("newest"),
    )
    op.create_table(
        "disclosures",
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=True),
        sa.Column("acknowledgement", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('standing', 'withdrawn', 'acknowledged')", name=op.f("ck_disclosures_state")
        ),
        sa.CheckConstraint("reason IN ('withdrawn', 'lapsed', 'erased')", name=op.f("ck_disclosures_reason")),
        sa.CheckConstraint("(state = 'standing') = (reason IS NULL)", name=op.f("ck_disclosures_withdrawn")),
        sa.CheckConstraint(
            "(state = 'standing') = (withdrawn_at IS NULL)", name=op.f("ck_disclosures_withdrawn_at")
        ),
        sa.CheckConstraint(
            "(state = 'acknowledged') = (acknowledgement IS NOT NULL)",
            name=op.f("ck_disclosures_acknowledged"),
        ),
        sa.CheckConstraint("contact IS NOT NULL OR reason = 'erased'", name=op.f("ck_disclosures_contact")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_disclosures_office")),
        sa.ForeignKeyConstraint(["recipient"], ["offices.office"], name=op.f("fk_disclosures_recipient")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_disclosures_office_contact"),
        ),
        sa.PrimaryKeyConstraint("envelope", "fields", name=op.f("pk_disclosures")),
    )
    op.create_index("ix_disclosures_contact", "disclosures", ["office", "contact"])
    op.create_index("ix_disclosures_recipient", "disclosures", ["recipient", "state"])
