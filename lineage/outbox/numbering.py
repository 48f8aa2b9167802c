"""Which number does a committed event get? The next of its producer's life, which no relay's death ends."""

from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from lineage.codec import Undecodable, decode, encode
from lineage.errors import OutboxUnavailable
from lineage.events import filled
from lineage.outbox.tables import life, outbox

BATCH_RECORDS: Final = 1_000


def number(engine: Engine) -> int:
    """Give the committed events their numbers, in the order of their ids; how many."""
    with engine.begin() as connection:
        found = connection.execute(
            select(outbox.c.id, outbox.c.producer, outbox.c.systems, outbox.c.value, outbox.c.accepted_at)
            .where(outbox.c.sequence.is_(None))
            .order_by(outbox.c.id)
            .limit(BATCH_RECORDS)
            .with_for_update(skip_locked=True)
        ).all()
        lives: dict[str, list[Any]] = {}
        for row in found:
            if row.producer not in lives:
                lives[row.producer] = _life(connection, row)
        numbered = [_numbered(row, lives[row.producer]) for row in found]
        if numbered:
            connection.execute(
                update(outbox)
                .where(outbox.c.id == bindparam("row"))
                .values(value=bindparam("told"), sequence=bindparam("number")),
                numbered,
            )
        for producer, (_, last) in lives.items():
            connection.execute(update(life).where(life.c.producer == producer).values(last=last))
    return len(numbered)


def _life(connection: Connection, row: Any) -> list[Any]:
    """The incarnation of a producer and its last number; begun with its first event."""
    known = connection.execute(
        select(life.c.incarnation, life.c.last).where(life.c.producer == row.producer).with_for_update()
    ).one_or_none()
    if known is not None:
        connection.execute(update(life).where(life.c.producer == row.producer).values(systems=row.systems))
        return [UUID(bytes=known.incarnation), known.last]
    begun = uuid4()
    connection.execute(
        insert(life).values(
            producer=row.producer,
            incarnation=begun.bytes,
            systems=row.systems,
            last=0,
            covered_until=row.accepted_at,
        )
    )
    return [begun, 0]


def _numbered(row: Any, of: list[Any]) -> dict[str, Any]:
    of[1] += 1
    try:
        event = decode(row.value)
    except Undecodable:
        raise OutboxUnavailable(
            f"outbox: the event with id {row.id} was written by a version that this one does not know; run a "
            "relay of the same version or a later one"
        ) from None
    told = encode(filled(event, {"incarnation": of[0], "sequence": of[1]}))
    return {"row": row.id, "told": told, "number": of[1]}
