"""The first tables: what `metadata.create_all` makes for a new ledger of this version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _buffers()
    _cursors()
    _levels()
    _messages()
    _listings()
    _pairs()
    _parked()
    _returns()
    _snapshots()
    _steps()
    _timeline()
    _vault()


def _buffers() -> None:
    op.create_table(
        "buffers",
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("sku", sa.String(length=100), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("route", "sku"),
    )


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _levels() -> None:
    op.create_table(
        "levels",
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("sku", sa.String(length=100), nullable=False),
        sa.Column("location", sa.String(length=100), nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("available", sa.Text(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.BigInteger(), nullable=True),
        sa.Column("doubt_until", sa.Double(), nullable=True),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("route", "sku", "location"),
    )
    op.create_index("levels_by_cause", "levels", ["route", "cause"])
    op.create_index("levels_by_due", "levels", ["route", "due_at"])


def _listings() -> None:
    op.create_table(
        "listings",
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("listed_id", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("done", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("doubt_until", sa.Double(), nullable=True),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.Column("overrides", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("route", "key"),
    )
    op.create_index("listings_by_cause", "listings", ["route", "cause"])
    op.create_index("listings_by_due", "listings", ["route", "due_at"])
    op.create_index("listings_by_listed", "listings", ["route", "listed_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("connection", sa.String(length=100), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "id"),
    )
    op.create_index("messages_by_age", "messages", ["received_at"])


def _pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("document_id", sa.String(length=100), nullable=False),
        sa.Column("document_gone", sa.Boolean(), nullable=False),
        sa.Column("channel_status", sa.String(length=40), nullable=False),
        sa.Column("document_status", sa.String(length=40), nullable=False),
        sa.Column("first_status", sa.String(length=40), nullable=False),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("look_at", sa.Double(), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("route", "key"),
    )
    op.create_index("pairs_by_document", "pairs", ["route", "document_id"])
    op.create_index("pairs_by_look", "pairs", ["route", "look_at"])


def _parked() -> None:
    op.create_table(
        "parked",
        sa.Column("id", _row_number, nullable=False),
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("parked_at", sa.Double(), nullable=False),
        sa.Column("resolved_at", sa.Double(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("parked_by_pair", "parked", ["route", "key"])
    op.create_index("parked_open", "parked", ["resolved_at"])


def _returns() -> None:
    op.create_table(
        "returns",
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("route", "id"),
    )
    op.create_index("returns_by_pair", "returns", ["route", "key"])


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("route", "key", "side"),
    )


def _steps() -> None:
    op.create_table(
        "steps",
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("intended_at", sa.Double(), nullable=False),
        sa.Column("concluded_at", sa.Double(), nullable=True),
        sa.Column("retry_at", sa.Double(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("route", "key", "kind", "reference"),
    )
    op.create_index("steps_by_state", "steps", ["route", "state"])


def _timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("id", _row_number, nullable=False),
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("timeline_by_pair", "timeline", ["route", "key"])


def _vault() -> None:
    op.create_table(
        "vault",
        sa.Column("connection", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "key"),
    )
