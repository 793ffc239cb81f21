"""invitations: which device made a letter, so that it ends with the device's removal"""

import sqlalchemy as sa
from alembic import op

revision = "people_invitation_issuer"
down_revision = "delivery_uncertain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("issuer", sa.LargeBinary(), nullable=True))
