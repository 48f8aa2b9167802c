"""How do committed events come from a service's database into the log? Numbered, sent, then removed.

Number and event are written down together before anything is sent, so a relay that is killed sends the same
again, and an event that comes twice counts once. The numbers are the outbox's own: no death of a relay ends
that life, and its reports cover on.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Signal
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from lineage.codec import Undecodable, decode, encode
from lineage.errors import LineageError, OutboxUnavailable
from lineage.events import filled
from lineage.logs import Log
from lineage.outbox.alone import alone, committed
from lineage.outbox.tables import life, outbox
from lineage.publish.sending import Clock, addressed, now_utc, report_of
from lineage.publish.spooled import micros, moment
from lineage.spool.delivering import deliver
from lineage.spool.patience import Patience

LOG = logging.getLogger(__name__)

BATCH_RECORDS: Final = 1_000
LOOK_SECONDS: Final = 0.2
TAKE_OVER_SECONDS: Final = 1.0


class Row(NamedTuple):
    """One numbered event."""

    id: int
    key: bytes
    value: bytes
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one producer. ``oldest_at``: microseconds since 1970 UTC."""

    producer: str
    records: int
    bytes: int
    oldest_at: int


@dataclass(slots=True)
class _Mark:
    """A time, and whether all that was being written then has ended."""

    at: datetime
    is_past: Callable[[], bool]


class Relay:
    """Takes the events of an outbox to the log that ``opens`` gives, one relay at a time.

    ``heartbeat_seconds``: how often it reports, also while nothing is told. ``watched`` hears of each step.
    The log must keep trying until it is closed.
    """

    def __init__(
        self,
        engine: Engine,
        opens: Callable[[], Log],
        *,
        heartbeat_seconds: float,
        clock: Clock = now_utc,
        watched: Callable[[int], None] = lambda sent: None,
    ) -> None:
        self._engine, self._opens, self._clock, self._watched = engine, opens, clock, watched
        self._heartbeat = heartbeat_seconds
        self._log: Log | None = None
        self._patience = Patience("the outbox", LOG)
        self._report_at = 0.0
        self._mark: _Mark | None = None

    def run(self, stop: Signal, *, until_empty: bool = False) -> LineageError | None:
        """Relay until told to stop; what stands in the way, if something does.

        ``until_empty``: or until all that is committed is in the log, with a report on it, or something
        stands in the way. Another relay is waited for.
        """
        while not stop.is_set():
            mine = None
            try:
                with _faults():
                    mine = alone(self._engine)
                if mine is not None:
                    while mine.still() and not stop.is_set():
                        if self._goes_round(stop) and until_empty and self._mark is None:
                            return None
            except LineageError as error:
                self._patience.failed(error)
            except SQLAlchemyError:
                self._patience.failed(_unavailable())
            finally:
                self._let_go()
                if mine is not None:
                    with suppress(SQLAlchemyError):
                        mine.release()
            if self._patience.trouble is not None and until_empty:
                break
            stop.wait(TAKE_OVER_SECONDS if self._patience.trouble is None else self._patience.seconds())
        return self._patience.trouble

    def _goes_round(self, stop: Signal) -> bool:
        """One step; True when nothing waits."""
        with _faults():
            if self._mark is None and time.monotonic() >= self._report_at:
                self._mark = _Mark(self._clock(), committed(self._engine))
                self._report_at = time.monotonic() + self._heartbeat
            is_past = self._mark is not None and self._mark.is_past()
            numbered = self._number()
            sent = self._send(stop)
            waits = numbered or sent
            if self._mark is not None and is_past and not waits:
                self._report(self._mark.at, stop)
                self._mark = None
        self._patience.went_well()
        self._watched(sent)
        if not waits:
            stop.wait(LOOK_SECONDS)
        return not waits

    def _number(self) -> int:
        """Give the committed events their numbers, in the order of their ids; how many."""
        with self._engine.begin() as connection:
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

    def _send(self, stop: Signal) -> int:
        """Send what has a number, oldest first, and remove what the log has; how many."""
        with self._engine.connect() as connection:
            rows = [
                Row(*each)
                for each in connection.execute(
                    select(outbox.c.id, outbox.c.key, outbox.c.value)
                    .where(outbox.c.sequence.is_not(None))
                    .order_by(outbox.c.producer, outbox.c.sequence)
                    .limit(BATCH_RECORDS)
                )
            ]
        if not rows:
            return 0
        done = self._delivered(rows, stop)
        if done:
            with self._engine.begin() as connection:
                connection.execute(
                    delete(outbox).where(outbox.c.id == bindparam("row")),
                    [{"row": row.id} for row in rows[:done]],
                )
        return done

    def _report(self, until: datetime, stop: Signal) -> None:
        """Say of each producer how far its numbers go, and that all up to ``until`` was told."""
        with self._engine.connect() as connection:
            lives = connection.execute(select(life)).all()
        for each in lives:
            covered = moment(each.covered_until)
            reaches = max(until, covered)
            report = report_of(
                each.producer,
                UUID(bytes=each.incarnation),
                each.last,
                covered,
                reaches,
                systems=tuple(json.loads(each.systems)),
                closing=False,
            )
            key, everywhere = addressed(report)
            if self._delivered([Row(0, key, encode(report), everywhere)], stop):
                with self._engine.begin() as connection:
                    connection.execute(
                        update(life)
                        .where(life.c.producer == each.producer)
                        .values(covered_until=micros(reaches))
                    )

    def _delivered(self, rows: Sequence[Row], stop: Signal) -> int:
        if self._log is None:
            self._log = self._opens()
        sent = deliver(self._log, rows, stop, self._late)
        if sent.dropped:
            self._let_go()
        if sent.trouble is not None and not sent.confirmed:
            raise sent.trouble
        return sent.confirmed

    def _late(self, error: LineageError) -> None:
        self._patience.say(error)
        self._watched(0)

    def _let_go(self) -> None:
        log, self._log = self._log, None
        if log is not None:
            with suppress(LineageError):  # what it had not confirmed is still in the outbox
                log.close()


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


def waiting(engine: Engine) -> list[Waiting]:
    """What waits in an outbox, by producer. Raises OutboxUnavailable."""
    size = func.sum(func.length(outbox.c.value) + func.length(outbox.c.key))
    asked = (
        select(outbox.c.producer, func.count(), size, func.min(outbox.c.accepted_at))
        .group_by(outbox.c.producer)
        .order_by(outbox.c.producer)
    )
    with _faults(), engine.connect() as connection:
        return [
            Waiting(name, int(count), int(held), int(at))
            for name, count, held, at in connection.execute(asked)
        ]


def depth(engine: Engine) -> tuple[int, int | None]:
    """How many events wait, and when the oldest was accepted. Raises OutboxUnavailable."""
    with _faults(), engine.connect() as connection:
        count, oldest = connection.execute(select(func.count(), func.min(outbox.c.accepted_at))).one()
    return int(count), oldest


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError:
        raise _unavailable() from None  # its words may hold rows


def _unavailable() -> OutboxUnavailable:
    return OutboxUnavailable(
        "outbox: the database cannot be used. See that it runs, that outbox_url and its rights are right and "
        "that the tables lineage_outbox and lineage_outbox_life are there; then try again."
    )
