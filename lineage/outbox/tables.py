"""What stands in the service's database? The events that wait, and how far the relay has numbered them."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

metadata: Final = MetaData()
"""The two tables, for a service's migrations or ``create_all``."""

# SQLite counts up by itself only in a column of its own INTEGER.
_COUNTED = BigInteger().with_variant(Integer(), "sqlite")

outbox: Final = Table(
    "lineage_outbox",
    metadata,
    Column("id", _COUNTED, primary_key=True, autoincrement=True),
    Column("producer", Text, nullable=False),
    Column("systems", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("accepted_at", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=True, index=True),
)
"""One row per event, removed when the log has it. ``sequence``: null until the relay has given it a number;
``value`` then holds the event with it. ``accepted_at``: microseconds since 1970-01-01 UTC.
"""

life: Final = Table(
    "lineage_outbox_life",
    metadata,
    Column("producer", Text, primary_key=True),
    Column("incarnation", LargeBinary, nullable=False),
    Column("systems", Text, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("covered_until", BigInteger, nullable=False),
)
"""One row per producer: the life whose numbers its events have. It is the outbox's own, so that no death of a
relay ends it.
"""
