"""movements and notices"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("notice", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device", "counter", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index("ix_answers_notice", ["office", "notice", "version", "contact"], unique=False)

    op.create_table(
        "approvals",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("notice", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("wire", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office", "notice", "version", "device", name=op.f("pk_approvals")),
    )
    op.create_table(
        "movements",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("route", sa.Integer(), nullable=False),
        sa.Column("departs_at", sa.BigInteger(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'called', 'cancelled')", name=op.f("ck_movements_state")),
        sa.CheckConstraint(
            "held >= 0 AND confirmed >= 0 AND held + confirmed <= seats", name=op.f("ck_movements_seats")
        ),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_movements_office")),
        sa.PrimaryKeyConstraint("office", "movement", name=op.f("pk_movements")),
        sa.UniqueConstraint("office", "code", name=op.f("uq_movements_office_code")),
    )
    op.create_table(
        "notices",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("notice", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=True),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.Column("answer_by", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('scheduled', 'released', 'cancelled', 'replaced', 'expired')",
            name=op.f("ck_notices_state"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "movement"],
            ["movements.office", "movements.movement"],
            name=op.f("fk_notices_office_movement"),
        ),
        sa.PrimaryKeyConstraint("office", "notice", "version", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_due", ["state", "release_at"], unique=False)
        batch_op.create_index(
            "uq_notices_live",
            ["office", "notice"],
            unique=True,
            sqlite_where=sa.text("state IN ('scheduled', 'released')"),
            postgresql_where=sa.text("state IN ('scheduled', 'released')"),
        )

    op.create_table(
        "offers",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("offer", sa.LargeBinary(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("notice", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('held', 'accepted', 'declined', 'expired', 'withdrawn')", name=op.f("ck_offers_state")
        ),
        sa.CheckConstraint("party >= 1", name=op.f("ck_offers_party")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_offers_office_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "movement"],
            ["movements.office", "movements.movement"],
            name=op.f("fk_offers_office_movement"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "notice", "version"],
            ["notices.office", "notices.notice", "notices.version"],
            name=op.f("fk_offers_office_notice_version"),
        ),
        sa.PrimaryKeyConstraint("office", "offer", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index("ix_offers_notice", ["office", "notice", "version"], unique=False)
        batch_op.create_index(
            "uq_offers_live",
            ["office", "movement", "contact"],
            unique=True,
            sqlite_where=sa.text("state IN ('held', 'accepted')"),
            postgresql_where=sa.text("state IN ('held', 'accepted')"),
        )

    op.create_table(
        "recipients",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("notice", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("offer", sa.LargeBinary(), nullable=True),
        sa.Column("rung_at", sa.BigInteger(), nullable=True),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("answer IN (1, 2, 3)", name=op.f("ck_recipients_answer")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_recipients_office_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "notice", "version"],
            ["notices.office", "notices.notice", "notices.version"],
            name=op.f("fk_recipients_office_notice_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("office", "notice", "version", "contact", name=op.f("pk_recipients")),
    )
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.create_index("ix_recipients_contact", ["office", "contact"], unique=False)
