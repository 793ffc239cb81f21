"""devices: roles of each officer's device, which may be one that only confirms"""

import sqlalchemy as sa
from alembic import op

revision = "devices_roles"
down_revision = "conditions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("officers", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_officers_roles"), type_="check")
        batch_op.create_check_constraint(op.f("ck_officers_roles"), "roles BETWEEN 1 AND 32")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roles", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE devices SET roles = (SELECT officers.roles FROM officers"
        " WHERE officers.office = devices.office AND officers.officer = devices.officer)"
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_devices_roles"), "(officer IS NULL) = (roles IS NULL)")
