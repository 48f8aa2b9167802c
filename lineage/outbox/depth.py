"""What waits in an outbox for its relay?"""

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from lineage.outbox.faults import faults
from lineage.outbox.tables import outbox


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one producer. ``oldest_at``: microseconds since 1970 UTC."""

    producer: str
    records: int
    bytes: int
    oldest_at: int


def waiting(engine: Engine) -> list[Waiting]:
    """What waits in an outbox, by producer. Raises OutboxUnavailable."""
    size = func.sum(func.length(outbox.c.value) + func.length(outbox.c.key))
    asked = (
        select(outbox.c.producer, func.count(), size, func.min(outbox.c.accepted_at))
        .group_by(outbox.c.producer)
        .order_by(outbox.c.producer)
    )
    with faults(), engine.connect() as connection:
        return [
            Waiting(name, int(count), int(held), int(at))
            for name, count, held, at in connection.execute(asked)
        ]


def depth(engine: Engine) -> tuple[int, int | None]:
    """How many events wait, and when the oldest was accepted. Raises OutboxUnavailable."""
    with faults(), engine.connect() as connection:
        count, oldest = connection.execute(select(func.count(), func.min(outbox.c.accepted_at))).one()
    return int(count), oldest
