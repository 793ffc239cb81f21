"""partial indexes: SQLite's in the words that queries use, so that it looks rows up by them"""

import sqlalchemy as sa
from alembic import op

revision = "partial_indexes"
down_revision = "leases_not_before"
branch_labels = None
depends_on = None

INDEXES = (
    ("uq_doorbells_visible", "doorbells", ["account"], "visible = 1"),
    ("uq_case_members_contact", "case_members", ["office", "contact"], "live = 1 AND contact IS NOT NULL"),
    ("uq_officers_role_code", "officers", ["office", "role_code"], "active = 1"),
    (
        "uq_consents_newest",
        "consents",
        ["office", "contact", "purpose", "recipient", "fields"],
        "newest = 1",
    ),
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name, table, columns, where in INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where))
