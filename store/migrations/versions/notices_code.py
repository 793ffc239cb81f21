"""notices: the number by which people ask whether a version still counts"""

import sqlalchemy as sa
from alembic import op

from crypto.notice import verification_code

revision = "notices_code"
down_revision = "devices_roles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("code", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    hashes = connection.execute(sa.text("SELECT DISTINCT content_hash FROM notices")).scalars().all()
    for content_hash in hashes:
        code = verification_code(bytes(content_hash))
        values = {"code": code, "hash": content_hash}
        connection.execute(sa.text("UPDATE notices SET code = :code WHERE content_hash = :hash"), values)
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.alter_column("code", server_default=None)
    op.create_index("ix_notices_code", "notices", ["code"])
