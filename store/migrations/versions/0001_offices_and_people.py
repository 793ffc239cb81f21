"""offices and people"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("blind", name=op.f("uq_accounts_blind")),
    )
    op.create_table(
        "admission_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("office", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_admission_codes")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_office", ["office", "id"], unique=False)

    op.create_table(
        "nonces",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device", "nonce", name=op.f("pk_nonces")),
    )
    with op.batch_alter_table("nonces", schema=None) as batch_op:
        batch_op.create_index("ix_nonces_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "offices",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("pin", sa.LargeBinary(), nullable=False),
        sa.Column("mail_seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_offices")),
    )
    op.create_table(
        "contacts",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('invited', 'pending', 'frozen', 'enrolled', 'wiped')", name=op.f("ck_contacts_state")
        ),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_contacts_office")),
        sa.PrimaryKeyConstraint("office", "contact", name=op.f("pk_contacts")),
        sa.UniqueConstraint("office", "alias", name=op.f("uq_contacts_office_alias")),
    )
    op.create_table(
        "epochs",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("seal_until", sa.BigInteger(), nullable=False),
        sa.Column("delete_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_epochs_office")),
        sa.PrimaryKeyConstraint("office", "epoch", name=op.f("pk_epochs")),
    )
    op.create_table(
        "officers",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("roles", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("roles BETWEEN 1 AND 31", name=op.f("ck_officers_roles")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_officers_office")),
        sa.PrimaryKeyConstraint("office", "officer", name=op.f("pk_officers")),
    )
    with op.batch_alter_table("officers", schema=None) as batch_op:
        batch_op.create_index(
            "uq_officers_role_code",
            ["office", "role_code"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "rosters",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("wire", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rosters_version")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_rosters_office")),
        sa.PrimaryKeyConstraint("office", "version", name=op.f("pk_rosters")),
    )
    op.create_table(
        "cards",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("certifier", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("wire", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_cards_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "contact", "serial", name=op.f("pk_cards")),
        sa.UniqueConstraint("office", "certifier", "counter", name=op.f("uq_cards_office_certifier_counter")),
    )
    op.create_table(
        "consents",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_consents_office_contact"),
        ),
        sa.PrimaryKeyConstraint(
            "office", "contact", "purpose", "device", "counter", name=op.f("pk_consents")
        ),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            "uq_consents_newest",
            ["office", "contact", "purpose"],
            unique=True,
            sqlite_where=sa.text("newest"),
            postgresql_where=sa.text("newest"),
        )

    op.create_table(
        "devices",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("officer", sa.LargeBinary(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("sign_pk", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("not_after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'frozen', 'refused', 'enrolled', 'wiped', 'standing', 'removed')",
            name=op.f("ck_devices_state"),
        ),
        sa.CheckConstraint("(contact IS NULL) <> (officer IS NULL)", name=op.f("ck_devices_owner")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_devices_office_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_devices_office_officer"),
        ),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_devices")),
        sa.UniqueConstraint("office", "device", name=op.f("uq_devices_office_device")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index("ix_devices_contact", ["office", "contact"], unique=False)
        batch_op.create_index("ix_devices_officer", ["office", "officer"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("invitation", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("admit_hash", sa.LargeBinary(), nullable=True),
        sa.Column("slip", sa.LargeBinary(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (admit_hash IS NOT NULL)", name=op.f("ck_invitations_admit_hash")
        ),
        sa.CheckConstraint("state IN ('open', 'used', 'void')", name=op.f("ck_invitations_state")),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_invitations_office_contact"),
        ),
        sa.PrimaryKeyConstraint("invitation", name=op.f("pk_invitations")),
    )
    op.create_table(
        "enrolments",
        sa.Column("invitation", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("roster_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'frozen', 'refused', 'enrolled', 'wiped')", name=op.f("ck_enrolments_state")
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_enrolments_account")),
        sa.ForeignKeyConstraint(["device"], ["devices.device"], name=op.f("fk_enrolments_device")),
        sa.ForeignKeyConstraint(
            ["invitation"], ["invitations.invitation"], name=op.f("fk_enrolments_invitation")
        ),
        sa.PrimaryKeyConstraint("invitation", "device", name=op.f("pk_enrolments")),
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index(
            "uq_enrolments_pending",
            ["invitation"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "prekeys",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("prekey", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("seal_until", sa.BigInteger(), nullable=False),
        sa.Column("delete_at", sa.BigInteger(), nullable=False),
        sa.Column("wire", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device"], ["devices.device"], name=op.f("fk_prekeys_device"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("device", "prekey", name=op.f("pk_prekeys")),
        sa.UniqueConstraint("device", "sequence", name=op.f("uq_prekeys_device_sequence")),
    )
    with op.batch_alter_table("prekeys", schema=None) as batch_op:
        batch_op.create_index("ix_prekeys_delete_at", ["delete_at"], unique=False)
