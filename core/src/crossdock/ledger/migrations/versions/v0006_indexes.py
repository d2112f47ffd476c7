"""Indexes of the few rows that are asked about all the time, made so that SQLite prefers them to others."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_IS_OPEN = "channel_status IN ('unpaid', 'held', 'open', 'cancelling', 'arranged')"
_IS_NOT_DONE = "state <> 'done'"
_IS_PARKED = "parked"


def upgrade() -> None:
    """Change the indexes."""
    op.drop_index("steps_by_state", "steps")
    op.drop_index("pairs_open", "pairs")
    op.drop_index("parked_open", "parked")
    op.create_index("pairs_by_key", "pairs", ["key", "route"])
    op.create_index("parked_open", "parked", ["resolved_at", "route"])
    for name, table, columns, words in (
        ("pairs_open", "pairs", ["route", "channel_status"], _IS_OPEN),
        ("steps_not_done", "steps", ["route", "state"], _IS_NOT_DONE),
        ("pairs_parked", "pairs", ["route", "parked"], _IS_PARKED),
    ):
        where = sa.text(words)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
