"""How do committed events come from a service's database into the log? Numbered, sent, then removed.

Number and event are written down together before anything is sent, so a relay that is killed sends the same
again, and an event that comes twice counts once. The numbers are the outbox's own: no death of a relay ends
that life, and its reports cover on.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Signal
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Engine, bindparam, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from lineage.codec import encode
from lineage.errors import LineageError
from lineage.logs import Log
from lineage.outbox.alone import alone, committed
from lineage.outbox.faults import faults, unavailable
from lineage.outbox.numbering import BATCH_RECORDS, number
from lineage.outbox.tables import life, outbox
from lineage.publish.sending import Clock, addressed, now_utc, report_of
from lineage.publish.spooled import micros, moment
from lineage.spool.delivering import deliver
from lineage.spool.patience import Patience

LOG = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.2
TAKE_OVER_SECONDS: Final = 1.0


class Row(NamedTuple):
    """One numbered event."""

    id: int
    key: bytes
    value: bytes
    everywhere: bool = False


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
                with faults():
                    mine = alone(self._engine)
                if mine is not None:
                    while mine.still() and not stop.is_set():
                        if self._goes_round(stop) and until_empty and self._mark is None:
                            return None
            except LineageError as error:
                self._patience.failed(error)
            except SQLAlchemyError:
                self._patience.failed(unavailable())
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
        with faults():
            if self._mark is None and time.monotonic() >= self._report_at:
                self._mark = _Mark(self._clock(), committed(self._engine))
                self._report_at = time.monotonic() + self._heartbeat
            is_past = self._mark is not None and self._mark.is_past()
            numbered = number(self._engine)
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
