"""How many of these records has the log confirmed? Of a sequence of them, as many as stand before the first
that it has not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event as Signal
from threading import Lock
from typing import Final, Protocol

from lineage.errors import LineageError, LogUnavailable, Refused
from lineage.logs import Log

LOOK_SECONDS: Final = 0.5
"""How long one wait for the log lasts before it is seen whether somebody wants us to stop."""


class Record(Protocol):
    """What is to be sent: to the partition of its key, or to each of them."""

    @property
    def key(self) -> bytes: ...
    @property
    def value(self) -> bytes: ...
    @property
    def everywhere(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """``confirmed`` records from the first on are in the log. ``trouble``: why not all, when the log said so.

    ``dropped``: the log gave one up after taking it; whoever sends again must use another connection, or
    what was taken after it could come first.
    """

    confirmed: int
    trouble: LineageError | None = None
    dropped: bool = False


class _Tally:
    """How many confirmations each record still needs."""

    def __init__(self, records: int) -> None:
        self._needs = [0] * records
        self._lock = Lock()
        self.out = 0
        self.dropped: LogUnavailable | None = None

    def expects(self, index: int) -> None:
        with self._lock:
            self._needs[index] += 1
            self.out += 1

    def takes_back(self, index: int) -> None:
        with self._lock:
            self.out -= 1

    def settled(self, index: int, error: LogUnavailable | None) -> None:
        with self._lock:
            self.out -= 1
            if error is None:
                self._needs[index] -= 1
            elif self.dropped is None:
                self.dropped = error

    def confirmed(self, taken: int) -> int:
        with self._lock:
            return next((i for i, needs in enumerate(self._needs[:taken]) if needs), taken)


def deliver(
    log: Log,
    records: Sequence[Record],
    stop: Signal,
    late: Callable[[LineageError], None] = lambda error: None,
) -> Delivered:
    """Send them in this order and wait until the log has settled each that it took, or ``stop`` is set.

    ``late`` hears now and then, while it waits, why the log has not.
    """
    tally = _Tally(len(records))
    taken, trouble = 0, None
    try:
        for record in records:
            _append(log, record, taken, tally)
            taken += 1
    except (LogUnavailable, Refused) as error:
        trouble = error
    while tally.out and not stop.is_set():
        try:
            log.flush(LOOK_SECONDS)
        except LogUnavailable as error:
            trouble = error
            late(error)
    if tally.dropped is None and taken == len(records) and not tally.out:
        trouble = None  # only late
    return Delivered(tally.confirmed(taken), tally.dropped or trouble, tally.dropped is not None)


def _append(log: Log, record: Record, index: int, tally: _Tally) -> None:
    for partition in log.partitions() if record.everywhere else (None,):
        tally.expects(index)
        try:
            log.append(
                record.key, record.value, partition=partition, on_delivery=partial(tally.settled, index)
            )
        except BaseException:
            tally.takes_back(index)
            raise
