"""chat and delivery"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doorbells",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("rung_at", sa.BigInteger(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_doorbells_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doorbells")),
    )
    with op.batch_alter_table("doorbells", schema=None) as batch_op:
        batch_op.create_index("ix_doorbells_rung_at", ["visible", "rung_at"], unique=False)
        batch_op.create_index(
            "uq_doorbells_visible",
            ["account"],
            unique=True,
            sqlite_where=sa.text("visible"),
            postgresql_where=sa.text("visible"),
        )

    op.create_table(
        "inbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_inbox_account")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("update_id", name=op.f("uq_inbox_update_id")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_done", ["done", "seq"], unique=False)

    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "link_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_link_codes_office_officer"),
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_link_codes")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("officer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(contact IS NULL) <> (officer IS NULL)", name=op.f("ck_links_owner")),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_links_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_links_office_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_links_office_officer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index("ix_links_account", ["account"], unique=False)
        batch_op.create_index(
            "uq_links_contact",
            ["office", "contact"],
            unique=True,
            sqlite_where=sa.text("contact IS NOT NULL"),
            postgresql_where=sa.text("contact IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_links_officer",
            ["office", "officer"],
            unique=True,
            sqlite_where=sa.text("officer IS NOT NULL"),
            postgresql_where=sa.text("officer IS NOT NULL"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dedupe", sa.String(), nullable=True),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("params", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("callback_id", sa.String(), nullable=False),
        sa.Column("vanish_seconds", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name=op.f("ck_outbox_lease")),
        sa.CheckConstraint(
            "kind IN ('ring', 'reply', 'delete', 'answer_callback')", name=op.f("ck_outbox_kind")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'dropped', 'gone', 'refused', 'uncertain')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_outbox_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_outbox_dedupe")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_account", ["account", "state"], unique=False)
        batch_op.create_index("ix_outbox_due", ["state", "priority", "due_at", "id"], unique=False)
        batch_op.create_index(
            "uq_outbox_ring",
            ["account"],
            unique=True,
            sqlite_where=sa.text("kind = 'ring' AND state = 'waiting'"),
            postgresql_where=sa.text("kind = 'ring' AND state = 'waiting'"),
        )

    op.create_table(
        "proposals",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("proposal", sa.LargeBinary(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('invite')", name=op.f("ck_proposals_kind")),
        sa.CheckConstraint("state IN ('open', 'confirmed', 'rejected')", name=op.f("ck_proposals_state")),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_proposals_office_officer"),
        ),
        sa.PrimaryKeyConstraint("office", "proposal", name=op.f("pk_proposals")),
    )
