"""Do records wait in front of the log, how many, and since when? Told by who takes them there."""

import time
from collections.abc import Callable
from typing import Final

from lineage import __version__
from lineage.errors import LineageError
from lineage.operate.watch.numbers import Numbers

LOOK_EVERY_SECONDS: Final = 5.0


class WaitingWatch:
    """The numbers and the pulse of what empties a spool or an outbox.

    ``waiting`` gives how many records wait, and when the oldest was accepted (microseconds since 1970 UTC).
    """

    def __init__(
        self,
        consumer: str,
        waiting: Callable[[], tuple[int, int | None]],
        *,
        health_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._waiting, self._health_seconds, self._clock = waiting, health_seconds, clock
        self._beat = self._look_again = clock()
        self.numbers = numbers = Numbers()
        numbers.gauge("lineage_info", f"Which consumer, of version {__version__}.", "consumer").set(
            1, consumer
        )
        self._sent = numbers.counter("lineage_records_total", "Records that the log has confirmed.")
        self._depth = numbers.gauge("lineage_waiting_records", "Records that wait for the log.")
        self._age = numbers.gauge("lineage_waiting_oldest_seconds", "Age of the oldest of them; 0: none.")

    def stepped(self, sent: int) -> None:
        """It has looked for records, and the log has confirmed so many."""
        self._beat = self._clock()
        self._sent.add(sent)
        if self._beat >= self._look_again:
            self._look_again = self._beat + LOOK_EVERY_SECONDS
            self._tell()

    def _tell(self) -> None:
        try:
            records, oldest = self._waiting()
        except LineageError:
            return  # the loop meets the same error, and says so
        self._depth.set(records)
        # A clock that was put back makes nothing younger than now.
        self._age.set(0 if oldest is None else max(0.0, round(time.time() - oldest / 1e6, 3)))

    def trouble(self) -> str | None:
        """Why it is not healthy; None while it is."""
        silent = self._clock() - self._beat
        if silent <= self._health_seconds:
            return None
        return f"no step for {silent:.0f} seconds, {self._health_seconds:g} are allowed (health_seconds)"
