"""notices: which route a threat alert is about"""

import sqlalchemy as sa
from alembic import op

revision = "notices_route"
down_revision = "proposals_departures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("route", sa.Integer(), nullable=True))
