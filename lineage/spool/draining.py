"""How do records come out of the spool into the log? By one drainer, oldest first, removed once confirmed.

It may be killed at any moment: what it had not removed is sent again, and an event that comes twice counts
once. While the log cannot be reached it waits, ever longer up to a bound, and everything stays where it is.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event as Signal
from threading import Thread
from typing import Final

from lineage.errors import LineageError
from lineage.logs import Log
from lineage.spool.alive import Held, drain_lock
from lineage.spool.delivering import deliver
from lineage.spool.file import SpoolFile
from lineage.spool.patience import Patience
from lineage.spool.queue import Queue

LOG = logging.getLogger(__name__)

BATCH_RECORDS: Final = 2_000
LOOK_SECONDS: Final = 0.1
"""How long a record may lie before an idle drainer sees it."""

TAKE_OVER_SECONDS: Final = 1.0
"""How soon another process drains where the one that did so has ended."""

TEND_SECONDS: Final = 2.0
_INHERITED: Final[list[Log]] = []

Tend = Callable[[Queue], None]


class Drainer:
    """Takes the spool at ``file`` to the log that ``opens`` gives, in a thread of its own or in the caller's.

    ``tend`` is called now and then by whoever drains. ``watched`` hears of every step: records removed, and
    how many wait. The log is opened when there is something to send, and must keep trying until it is closed.
    """

    def __init__(
        self,
        file: SpoolFile,
        opens: Callable[[], Log],
        *,
        tend: Tend = lambda queue: None,
        watched: Callable[[int], None] = lambda removed: None,
    ) -> None:
        self._queue = Queue(file)
        self._opens, self._tend, self._watched = opens, tend, watched
        self._log: Log | None = None
        self._stop = Signal()
        self._thread: Thread | None = None
        self._ends_when_empty = self._waits_for_others = False
        self._patience = Patience("the spool", LOG)

    def start(self) -> None:
        """Drain in the background from now on; once started, and alive in this process, it goes on."""
        if self._thread is None or not self._thread.is_alive():
            self._stop = Signal()
            if self._log is not None:  # after a fork it is the parent's: not to be touched, nor cleaned up
                _INHERITED.append(self._log)
                self._log = None
            self._thread = Thread(target=self._runs, args=(self._stop,), name="spool", daemon=True)
            self._thread.start()

    def finish(self, seconds: float) -> None:
        """Go on until the spool is empty, the log takes nothing or the time is over; then end."""
        self._ends_when_empty = True
        if self._thread is not None:
            self._thread.join(seconds)
            self._stop.set()
            self._thread.join(seconds)

    def _runs(self, stop: Signal) -> None:
        try:
            self.run(stop)
        except Exception as error:  # a thread has nobody to raise to
            LOG.critical("the spool is not drained any more: %s", type(error).__name__)

    def run(self, stop: Signal, *, until_empty: bool = False) -> LineageError | None:
        """Drain until told to stop; what stands in the way, if something does.

        ``until_empty``: or until nothing waits or the log takes nothing. Another process that drains is
        waited for.
        """
        if until_empty:
            self._ends_when_empty = self._waits_for_others = True
        while not stop.is_set():
            try:
                mine = Held(drain_lock(self._queue.file.path))
            except BlockingIOError:
                if self._ends_when_empty and (not self._waits_for_others or self._is_empty()):
                    break
                stop.wait(TAKE_OVER_SECONDS)
                continue
            except OSError as error:
                self._patience.failed(self._queue.file.fault(error))
                stop.wait(self._patience.seconds())
                continue
            try:
                self._drain(stop)
            finally:
                self._let_go()
                mine.release()
            if self._ends_when_empty:
                break
        return self._patience.trouble

    def _is_empty(self) -> bool:
        with suppress(LineageError):
            return not self._queue.depth()[0]
        return False

    def _drain(self, stop: Signal) -> None:
        tend_at = 0.0
        while not stop.is_set():
            try:
                if (now := time.monotonic()) >= tend_at:
                    self._tend(self._queue)
                    self._queue.tidy()
                    tend_at = now + TEND_SECONDS
                removed = self._step(stop)
            except LineageError as error:
                self._patience.failed(error)
                removed = 0
            if self._patience.trouble is not None:
                if self._ends_when_empty:
                    return
                stop.wait(self._patience.seconds())
            elif not removed:
                if self._ends_when_empty:
                    return
                stop.wait(LOOK_SECONDS)

    def _step(self, stop: Signal) -> int:
        rows = self._queue.oldest(BATCH_RECORDS)
        done = 0
        trouble: LineageError | None = None
        if rows:
            if self._log is None:
                self._log = self._opens()
            sent = deliver(self._log, rows, stop, self._late)
            done, trouble = sent.confirmed, sent.trouble
            if done:
                self._queue.remove(rows[done - 1].id)
                self._queue.checkpoint()
            if sent.dropped:
                self._let_go()
        if trouble is None:
            self._patience.went_well()
        else:
            self._patience.failed(trouble)
        self._watched(done)
        return done

    def _let_go(self) -> None:
        log, self._log = self._log, None
        if log is not None:
            with suppress(LineageError):  # what it had not confirmed is still here
                log.close()
        self._queue.file.close()

    def _late(self, error: LineageError) -> None:
        self._patience.say(error)
        self._watched(0)
