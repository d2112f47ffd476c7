"""The tables. Moments are seconds since the epoch, UTC; payloads stand apart from states, which change more often."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
    true,
)

VERSION = "0006"
"""The migration that this code needs."""

metadata = MetaData()
IS_OPEN = "channel_status IN ('unpaid', 'held', 'open', 'cancelling', 'arranged')"
"""Which orders are still on their way through the backend; word for word in queries, so that their index is used."""
IS_NOT_DONE = "state <> 'done'"
"""Which steps are not over for good, a few of many; word for word in queries as well."""
IS_PARKED = "parked"
"""Of which orders an item waits for a person; word for word in queries as well."""
_row_number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows only in a column of type INTEGER

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
    Column("moved_at", Double, nullable=False),
)

pairs = Table(
    "pairs",
    metadata,
    Column("route", String(100), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("document_id", String(100), nullable=False, default=""),
    Column("document_gone", Boolean, nullable=False, default=False),
    Column("channel_status", String(40), nullable=False, default=""),
    Column("document_status", String(40), nullable=False, default=""),
    Column("first_status", String(40), nullable=False, default=""),
    Column("historical", Boolean, nullable=False, default=False),
    Column("parked", Boolean, nullable=False, default=False),
    Column("look_at", Double),
    Column("looks", Integer, nullable=False, default=0),
    Column("ship_by", Double),
    Index("pairs_by_look", "route", "look_at"),
    Index("pairs_by_document", "route", "document_id"),
    Index("pairs_by_key", "key", "route"),
    Index("pairs_open", "route", "channel_status", sqlite_where=text(IS_OPEN)),
    Index("pairs_parked", "route", "parked", sqlite_where=text(IS_PARKED)),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("route", String(100), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("side", String(10), primary_key=True),
    Column("fingerprint", String(32), nullable=False),
    Column("seen_at", Double, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("route", String(100), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("reference", String(200), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=1),
    Column("intended_at", Double, nullable=False),
    Column("concluded_at", Double),
    Column("retry_at", Double),
    Column("result", Text, nullable=False, default=""),
    Index("steps_not_done", "route", "state", sqlite_where=text(IS_NOT_DONE)),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", _row_number, primary_key=True),
    Column("route", String(100), nullable=False),
    Column("key", String(100), nullable=False),
    Column("at", Double, nullable=False),
    Column("what", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Index("timeline_by_pair", "route", "key"),
)

parked = Table(
    "parked",
    metadata,
    Column("id", _row_number, primary_key=True),
    Column("route", String(100), nullable=False),
    Column("key", String(100), nullable=False),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("step", Text, nullable=False, default=""),
    Column("facts", Text, nullable=False, default="{}"),
    Column("raw", LargeBinary, nullable=False, default=b""),
    Column("parked_at", Double, nullable=False),
    Column("resolved_at", Double),
    Column("resolution", Text, nullable=False, default=""),
    Index("parked_by_pair", "route", "key"),
    Index("parked_open", "resolved_at", "route"),
)

returns = Table(
    "returns",
    metadata,
    Column("route", String(100), primary_key=True),
    Column("id", String(100), primary_key=True),
    Column("key", String(100), nullable=False),
    Column("fingerprint", String(32), nullable=False),
    Column("closed", Boolean, nullable=False, default=False),
    Column("due_at", Double),
    Column("body", LargeBinary, nullable=False),
    Index("returns_by_pair", "route", "key"),
)

levels = Table(
    "levels",
    metadata,
    Column("route", String(100), primary_key=True),
    Column("sku", String(100), primary_key=True),
    Column("location", String(100), primary_key=True),
    Column("product_id", String(100), nullable=False, default=""),
    Column("version", BigInteger, nullable=False, default=0),
    Column("available", Text, nullable=False, default="0"),
    Column("wanted", BigInteger, nullable=False, default=0),
    Column("shown", BigInteger),
    Column("held", BigInteger, nullable=False, default=0, server_default="0"),
    Column("drifted", BigInteger),
    Column("as_of", Double, nullable=False, default=0.0, server_default="0"),
    Column("doubt_until", Double),
    Column("due_at", Double),
    Column("attempts", Integer, nullable=False, default=0),
    Column("cause", String(200), nullable=False, default=""),
    Column("problem", Text, nullable=False, default=""),
    Column("seen_at", Double, nullable=False),
    Index("levels_by_due", "route", "due_at"),
    Index("levels_by_cause", "route", "cause"),
)

listings = Table(
    "listings",
    metadata,
    Column("route", String(100), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("listed_id", String(100), nullable=False, default=""),
    Column("fingerprint", String(32), nullable=False, default=""),
    Column("done", String(32), nullable=False, default=""),
    Column("kind", String(40), nullable=False, default=""),
    Column("off_sale", Boolean, nullable=False, default=False, server_default=false()),
    Column("doubt_until", Double),
    Column("due_at", Double),
    Column("attempts", Integer, nullable=False, default=0),
    Column("cause", String(200), nullable=False, default=""),
    Column("problem", Text, nullable=False, default=""),
    Column("prices", Text, nullable=False, default="{}"),
    Column("overrides", Text, nullable=False, default="{}"),
    Column("body", LargeBinary, nullable=False),
    Index("listings_by_due", "route", "due_at"),
    Index("listings_by_cause", "route", "cause"),
    Index("listings_by_listed", "route", "listed_id"),
)

buffers = Table(
    "buffers",
    metadata,
    Column("route", String(100), primary_key=True),
    Column("sku", String(100), primary_key=True),
    Column("quantity", Integer, nullable=False),
)

vault = Table(
    "vault",
    metadata,
    Column("connection", String(100), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("written_at", Double, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("connection", String(100), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("received_at", Double, nullable=False),
    Index("messages_by_age", "received_at"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("due_at", Double, nullable=False, default=0.0),
    Column("not_before", Double, nullable=False, default=0.0),
    Column("failures", Integer, nullable=False, default=0),
    Column("asked", BigInteger, nullable=False, default=0),
    Column("answered", BigInteger, nullable=False, default=0),
    Column("asked_whole", BigInteger, nullable=False, default=0),
    Column("answered_whole", BigInteger, nullable=False, default=0),
    Column("causes", Text, nullable=False, default=""),
    Column("done_at", Double),
    Column("error", Text, nullable=False, default=""),
)

limits = Table(
    "limits",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("tokens", Double, nullable=False),
    Column("rate", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("not_before", Double, nullable=False),
    Column("cut_at", Double, nullable=False),
)

pauses = Table(
    "pauses",
    metadata,
    Column("connection", String(100), primary_key=True),
    Column("since", Double, nullable=False),
    Column("probe_at", Double, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("resting", Boolean, nullable=False, server_default=true()),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("made_at", Double, nullable=False),
    Column("used_at", Double),
    Index("api_tokens_by_digest", "digest", unique=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _row_number, primary_key=True),
    Column("at", Double, nullable=False),
    Column("who", String(100), nullable=False),
    Column("what", String(60), nullable=False),
    Column("target", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
)


def for_postgresql() -> None:
    """Make partial indexes partial there too. Only now: to name PostgreSQL loads all that SQLAlchemy has of it."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if (where := index.dialect_options["sqlite"]["where"]) is not None:
                index.dialect_kwargs["postgresql_where"] = where


version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
