"""What is sold and not in the backend yet, what drifted, and which listings crossdock took off sale itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IS_OPEN = "channel_status IN ('unpaid', 'held', 'open', 'cancelling', 'arranged')"


def upgrade() -> None:
    """Add the columns, and the index of open orders."""
    op.add_column("levels", sa.Column("held", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("levels", sa.Column("drifted", sa.BigInteger(), nullable=True))
    op.add_column("levels", sa.Column("as_of", sa.Double(), nullable=False, server_default="0"))
    op.add_column("listings", sa.Column("off_sale", sa.Boolean(), nullable=False, server_default=sa.false()))
    where = sa.text(_IS_OPEN)
    op.create_index("pairs_open", "pairs", ["route"], sqlite_where=where, postgresql_where=where)
