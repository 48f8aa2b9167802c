"""Which publisher does a process use, from its first event to its end? One of its own, opened when needed.

A server forks, starts late and ends by a signal. So each process opens a publisher when something is first
to be told, in a thread that also does what a quiet service must do: send what waits, report that it lives,
tell yesterday's counts, and try again where the log could not be reached. The thread ends, and closes the
publisher, with :meth:`Living.close` or with the main thread; that is before Python ends what a log needs. In
the child of a fork there is no such thread, and the parent's publisher is left to the parent.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from threading import Event as Signal
from threading import Lock, Thread, main_thread
from typing import Final

from lineage.errors import LogUnavailable
from lineage.publish import Publisher
from lineage.publish.sending import FLUSH_SECONDS, DeliveryFailed
from lineage.service.failures import Failures, said
from lineage.service.rollup import Rollup

LOG: Final = logging.getLogger("lineage.service")
BEAT_SECONDS: Final = 0.5  # so long may an event wait before it is sent on, and a day be over
CONFIRM_SECONDS: Final = 1.0  # a log that needs longer is late
OPEN_SECONDS: Final = 5.0  # so long may the first request wait for a publisher
RETRY_SECONDS: Final = 5.0

Opened = Callable[[], AbstractContextManager[Publisher]]
Rolled = Callable[[Publisher], Rollup]


class _Life:
    """One publisher, from opening to closing; a new one where that failed."""

    def __init__(self, opened: Opened, rolled: Rolled, failures: Failures, report_seconds: float) -> None:
        self.pid = os.getpid()
        self.rollup: Rollup | None = None
        self._opened, self._rolled, self._failures = opened, rolled, failures
        self._report_seconds = report_seconds
        self._tried = Signal()
        self._stop = Signal()
        self._waits_until = time.monotonic() + OPEN_SECONDS
        self._is_late = False
        self._thread = Thread(target=self._run, name="lineage", daemon=False)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                self._live()
            except DeliveryFailed:
                pass  # each of them was told when it failed
            except Exception as error:
                self._failures.tell("publisher", error)
            finally:
                self.rollup = None
                self._tried.set()
            begun = time.monotonic()
            while time.monotonic() < begun + RETRY_SECONDS:
                if self._is_over():
                    return

    def _live(self) -> None:
        failures = self._failures.count
        with self._opened() as publisher:
            rollup = self.rollup = self._rolled(publisher)
            if self._failures.count != failures:  # while it was being opened
                publisher.miss(publisher.covered_until)
            self._tried.set()
            report_at = time.monotonic() + self._report_seconds
            while not self._is_over():
                # A failure is reported soon: whoever takes over from a killed process cannot know of it.
                due = time.monotonic() >= report_at or self._failures.count != failures
                failures = self._failures.count
                self._beat(rollup, with_report=due)
                if due:
                    report_at = time.monotonic() + self._report_seconds
            rollup.close()

    def _is_over(self) -> bool:
        """Wait for a beat; is that the end?"""
        return self._stop.wait(BEAT_SECONDS) or not main_thread().is_alive()

    def _beat(self, rollup: Rollup, *, with_report: bool) -> None:
        try:
            rollup.turn()
            if with_report:
                rollup.publisher.report()
            rollup.publisher.flush(CONFIRM_SECONDS)
        except DeliveryFailed:
            pass
        except LogUnavailable as error:  # nothing is known to be lost; said once, not at every beat
            if not self._is_late:
                LOG.warning("the log does not confirm: %s", said(error))
            self._is_late = True
        else:
            self._is_late = False

    def opened(self) -> Rollup:
        """The publisher, once there is one. Raises LogUnavailable."""
        self._tried.wait(max(0.0, self._waits_until - time.monotonic()))
        if self.rollup is None:
            raise LogUnavailable("there is no publisher now; it is opened again within seconds")
        return self.rollup

    def end(self) -> None:
        self._stop.set()
        self._thread.join(FLUSH_SECONDS + OPEN_SECONDS)


class Living:
    """The publisher of this process. Thread-safe; ``opened`` may be called again in a forked process."""

    def __init__(self, opened: Opened, rolled: Rolled, failures: Failures, report_seconds: float) -> None:
        self._begun = partial(_Life, opened, rolled, failures, report_seconds)
        self._life: _Life | None = None
        self._lock = Lock()

    def publisher(self) -> Rollup:
        """The publisher with its counts. Raises LogUnavailable while there is none."""
        life = self._life
        if life is None or life.pid != os.getpid():
            life = self._begin()
        return life.opened()

    def _begin(self) -> _Life:
        with self._lock:
            if self._life is None or self._life.pid != os.getpid():
                self._life = self._begun()
            return self._life

    def miss(self, since: datetime) -> None:
        """What happened since then could not be told: while there is no publisher, nothing is covered."""
        life = self._life
        rollup = life.rollup if life is not None and life.pid == os.getpid() else None
        if rollup is not None:
            rollup.publisher.miss(since)

    def close(self) -> None:
        """Tell what was counted, report the end, wait for the log. The next use opens anew."""
        with self._lock:
            life, self._life = self._life, None
        if life is not None and life.pid == os.getpid():
            life.end()
