"""How does a publisher's event get into the spool, and who speaks for a life that was killed?

Between the call and the log stands a file: `publish` returns when the event is kept there. The numbers belong
to a life in the file, so its last number is known however it ends.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from lineage.codec import encode
from lineage.errors import LogUnavailable
from lineage.events import Event, ProducerReported
from lineage.logs import open_log
from lineage.logs.record import check_record
from lineage.publish.sending import Clock, addressed, now_utc, report_of
from lineage.settings import Settings
from lineage.spool import Drainer, Left, Life, Queue, SpoolFile

LOG = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.02
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Spool:
    """A publisher's way into the log by a file in between. ``drainer`` runs while a life is open, if given.

    ``resumes``: the service promises that it deals with personal data only while it has its publisher open,
    and that it records each activity before it does it. Then a new life covers the time since the last one
    ended, and the life of a killed process is closed with what it told. Without the promise a killed life
    stays open, as without a spool, and answers say so.
    """

    file: SpoolFile
    resumes: bool = False
    drainer: Drainer | None = None

    def covers_from(self, producer: str, now: datetime) -> datetime:
        """From when on a new life can speak. Raises SpoolUnavailable."""
        if not self.resumes:
            return now
        covered = Queue(self.file).covered_until(producer)
        # A time in the future was told by a clock that was wrong.
        return now if covered is None else min(moment(covered), now)

    def life(self, producer: str, systems: tuple[str, ...], covered_until: datetime) -> Life:
        """A life for one publisher, which begins when it has something to say."""
        begun: Callable[[], None] = (lambda: None) if self.drainer is None else self.drainer.start
        return Life(
            self.file,
            producer,
            systems=json.dumps(systems),
            resumes=self.resumes,
            covered_until=micros(covered_until),
            on_begin=begun,
        )


class Spooled:
    """Takes the finished events of one life: what ``Sender`` is without a spool."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def send(self, event: Event) -> None:
        """Keep one finished event. Raises Refused, SpoolFull, SpoolUnavailable: nothing of it was taken."""
        value = encode(event)
        key, everywhere = addressed(event)
        check_record(key, value)
        life, now = self._life, time.time_ns() // 1000
        if everywhere and isinstance(event, ProducerReported) and event.incarnation == life.id:
            life.report(key, value, now, micros(event.covers_until), closing=event.closing)
        else:
            own = event.sequence if event.incarnation is life.id else None
            life.take(key, value, now, own, everywhere=everywhere)

    def flush(self, timeout_seconds: float) -> None:
        """Wait until the log has all of this life. Raises LogUnavailable; nothing is lost then."""
        until = time.monotonic() + timeout_seconds
        while self._life.waits():
            if time.monotonic() > until:
                raise LogUnavailable(
                    f"not all is in the log after {timeout_seconds:g} s. Nothing is lost: it waits in the "
                    f"spool {self._life.file.path}; 'lineage spool status' tells how much."
                )
            time.sleep(LOOK_SECONDS)

    def finish(self, timeout_seconds: float) -> None:
        """The life is over; what it put in stays until the log has it."""
        self._life.end()


def spool_at(path: Path, settings: Settings, *, resumes: bool = False, drains: bool = True) -> Spool:
    """The spool in a file, as durable and as large as the settings say, and what drains it meanwhile."""
    return Spool(spool_file(path, settings), resumes, drainer_of(path, settings) if drains else None)


def spool_file(path: Path, settings: Settings) -> SpoolFile:
    """The file as the settings want it."""
    return SpoolFile(path, durability=settings.spool_durability, max_bytes=settings.spool_max_mb << 20)


def drainer_of(
    path: Path, settings: Settings, watched: Callable[[int], None] = lambda removed: None
) -> Drainer:
    """What takes the records of a spool to the log that the settings name."""

    def tend(queue: Queue) -> None:
        speak_for_the_dead(queue, now_utc)

    # A file of its own: what is sent must not keep anybody waiting who records.
    return Drainer(
        spool_file(path, settings),
        lambda: open_log(settings, until_closed=True),
        tend=tend,
        watched=watched,
    )


def speak_for_the_dead(queue: Queue, clock: Clock) -> None:
    """Close each life whose process is gone, if its service promised that it told all it did.

    All its numbers are known, and a process that is gone does nothing: so its last report may cover up to
    now. Raises SpoolUnavailable.
    """
    for life in queue.abandoned():
        if life.resumes:
            _close(queue, life, clock())
            LOG.info("closed a life of %s that was killed, at number %d", life.producer, life.last)
        else:
            queue.leave_open(life)
            LOG.warning(
                "a life of %s was killed and stays open: incarnation %s, last number %d. Who knows that it "
                "told all it did says so in the policy (producers, closed).",
                life.producer,
                life.incarnation,
                life.last,
            )


def _close(queue: Queue, life: Left, now: datetime) -> None:
    covered = moment(life.covered_until)
    until = max(now, covered)
    report = report_of(
        life.producer,
        life.incarnation,
        life.last,
        covered,
        until,
        systems=tuple(json.loads(life.systems)),
        closing=True,
    )
    key, _ = addressed(report)
    queue.close(life, key, encode(report), micros(until))


def micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def moment(found: int) -> datetime:
    """The instant of so many microseconds since 1970-01-01 UTC."""
    return _EPOCH + found * _MICROSECOND
