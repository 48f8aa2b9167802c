"""Is a consumer alive, how far is it, and what has it done? Told by its loop, asked by others."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from lineage import __version__
from lineage.errors import LineageError
from lineage.logs import Log
from lineage.operate.watch.numbers import Numbers
from lineage.projection.columns import Rows
from lineage.proof.checkpoint import Checkpoint

LOG = logging.getLogger(__name__)

ENDS_EVERY_SECONDS: Final = 10.0
"""How old a lag that is told may be; each look is a question to the log."""


class Watch:
    """The numbers and the pulse of one consumer. ``positions``: the next offset of each partition at first.

    Its loop calls ``stepped`` whenever it has asked the log, from one thread, and ``wrote`` after a batch.
    """

    def __init__(
        self,
        consumer: str,
        log: Log,
        positions: Mapping[int, int],
        *,
        health_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._positions = dict(positions)
        self._health_seconds = health_seconds
        self._clock = clock
        self._beat = clock()
        self._look_again = clock()
        self.numbers = numbers = Numbers()
        numbers.gauge("lineage_info", f"Which consumer, of version {__version__}.", "consumer").set(
            1, consumer
        )
        self._records = numbers.counter("lineage_records_total", "Records read and written since the start.")
        self._batches = numbers.counter("lineage_batches_total", "Batches written since the start.")
        self._seconds = numbers.counter("lineage_write_seconds_total", "Seconds spent on writing batches.")
        self._committed = numbers.gauge(
            "lineage_last_commit_timestamp_seconds", "When a batch was written last; 0: not since the start."
        )
        self._position = numbers.gauge("lineage_position_offset", "The next offset to be read.", "partition")
        self._lag = numbers.gauge(
            "lineage_lag_records", "Offsets between the position and the end.", "partition"
        )
        for part, offset in positions.items():
            self._position.set(offset, part)
        self._begin()

    def _begin(self) -> None:
        """What this sort of consumer counts besides."""

    def stepped(self, passed: Mapping[int, int] | None = None) -> None:
        """The log has answered; ``passed``: where reading goes on though there was nothing to write."""
        self._beat = self._clock()
        self._reached(passed or {})
        if self._beat >= self._look_again:
            self._look_again = self._beat + ENDS_EVERY_SECONDS
            self._tell_lag()

    def wrote(self, records: int, seconds: float, reached: Mapping[int, int]) -> None:
        """A batch stands where it belongs; ``reached``: the next offsets behind it."""
        self._records.add(records)
        self._batches.add()
        self._seconds.add(seconds)
        self._committed.set(round(time.time(), 3))
        self._reached(reached)
        LOG.debug("batch written", extra={"fields": {"records": records, "seconds": round(seconds, 3)}})

    def _reached(self, reached: Mapping[int, int]) -> None:
        self._positions |= reached
        for part, offset in reached.items():
            self._position.set(offset, part)

    def _tell_lag(self) -> None:
        try:
            bounds = self._log.bounds()
        except LineageError:
            return  # the loop will meet the same error, and decide
        for part, (first, end) in bounds.items():
            self._lag.set(max(0, end - self._positions.get(part, first)), part)

    def trouble(self) -> str | None:
        """Why this consumer is not healthy; None while it is."""
        silent = self._clock() - self._beat
        if silent <= self._health_seconds:
            return None
        return f"no step for {silent:.0f} seconds, {self._health_seconds:g} are allowed (health_seconds)"


class ProjectorWatch(Watch):
    """A watch on the projector, which tells what became of the records: see ``lineage.projector.Watcher``."""

    def _begin(self) -> None:
        self._events = self.numbers.counter("lineage_events_total", "Events accepted.")
        self._repeats = self.numbers.counter(
            "lineage_repeats_total", "Records that said again what was known."
        )
        self._parked = self.numbers.counter("lineage_parked_total", "Records refused and kept.", "reason")
        self._reports = self.numbers.counter("lineage_reports_total", "Reports of producers.")
        self._policies = self.numbers.counter("lineage_policies_total", "Policies adopted.")

    def projected(self, records: int, rows: Rows, seconds: float) -> None:
        """A batch of records has become these rows."""
        self.wrote(records, seconds, {each.partition: each.offset + 1 for each in rows.reached})
        self._events.add(len(rows.events))
        self._repeats.add(len(rows.repeats))
        self._reports.add(len(rows.reports))
        self._policies.add(len(rows.policies))
        if reasons := Counter(rows.parked["reason"].to_list()):
            for reason, count in reasons.items():
                self._parked.add(count, reason)
            LOG.warning("records were parked", extra={"fields": {"parked": dict(reasons)}})


class ArchiverWatch(Watch):
    """A watch on the archiver: its batches are segments, and it signs checkpoints."""

    def _begin(self) -> None:
        self._checkpoints = self.numbers.counter(
            "lineage_checkpoints_total", "Checkpoints signed since the start."
        )
        self._signed = self.numbers.gauge(
            "lineage_last_checkpoint_timestamp_seconds",
            "When a checkpoint was signed last; 0: not since the start.",
        )

    def signed(self, checkpoint: Checkpoint) -> None:
        """What is archived was signed."""
        self._checkpoints.add()
        self._signed.set(checkpoint.time.timestamp())
        LOG.info("checkpoint signed", extra={"fields": {"number": checkpoint.number}})
