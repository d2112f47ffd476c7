"""Pauses are kept here: whether a connection rests, or a probe worked and no run has yet."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("pauses", sa.Column("resting", sa.Boolean(), nullable=False, server_default=sa.true()))
