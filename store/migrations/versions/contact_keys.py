"""contact_keys: what backups seal a contact's rows with"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "contact_keys"
down_revision = "disclosures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    keys = op.create_table(
        "contact_keys",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_contact_keys_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "contact", name=op.f("pk_contact_keys")),
    )
    contacts = sa.table("contacts", sa.column("office"), sa.column("contact"))
    held = op.get_bind().execute(sa.select(contacts)).mappings().all()
    if held:
        op.bulk_insert(keys, [{**row, "secret": secrets.token_bytes(32)} for row in held])
