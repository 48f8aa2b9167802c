"""Where does a projection resume, and is this the log that was projected so far?"""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lineage.errors import LogChanged, LogUnavailable
from lineage.logs import Log, Records
from lineage.projection.columns import microseconds
from lineage.projection.project import digest_of
from lineage.store import Position

REBUILD = "If this is the log you mean, run 'lineage rebuild'; if not, correct the settings."


@dataclass(frozen=True, slots=True)
class Resumed:
    """Where a partition goes on, and the greatest record time so far in microseconds; None: nothing yet."""

    offset: int
    recorded_at: int | None


@dataclass(frozen=True, slots=True)
class Resuming:
    """How a log is looked at before its records are projected.

    ``accept_missing_start``: go on though the log no longer has the records that come next.
    """

    log: Log
    accept_missing_start: bool
    wait_seconds: float
    patience_seconds: float

    def partitions(
        self, bounds: Mapping[int, tuple[int, int]], projected: Mapping[int, Position], known: Collection[int]
    ) -> Iterator[tuple[int, Resumed]]:
        """Each partition of ``bounds`` but the ``known``, beside what was projected of it.

        Raises LogChanged when this is not the log projected so far, LogUnavailable.
        """
        for part in sorted(projected.keys() - bounds.keys()):
            raise LogChanged(
                f"{self.log.name}/{part} was projected and is not in the log any more. {REBUILD}"
            )
        for part in sorted(bounds.keys() - known):
            position = projected.get(part)
            offset = self._checked(part, *bounds[part], position)
            told = position.recorded_at if position is not None else None
            yield part, Resumed(offset, microseconds(told) if told is not None else None)

    def _checked(self, part: int, first: int, end: int, position: Position | None) -> int:
        """The next offset to read of a partition. Raises LogChanged."""
        where = f"{self.log.name}/{part}"
        following = 0 if position is None else position.offset + 1
        if following > end:
            raise LogChanged(
                f"{where} ends before {end} but was projected up to {following - 1}: the topic was made anew "
                f"or cut off. {REBUILD}"
            )
        if first > following:
            if not self.accept_missing_start:
                raise LogChanged(
                    f"{where} begins at {first}, the next record would be {following}: the records between "
                    "were deleted before they were projected. Bring them back from an archive, or accept the "
                    "loss; it then stays a gap in every answer."
                )
            return first
        if position is not None and first <= position.offset and position.digest is not None:
            self._know_again(part, position)
        return following

    def _know_again(self, part: int, position: Position) -> None:
        """Raises LogChanged when another record stands where the last projected one stood."""
        until = time.monotonic() + self.patience_seconds
        records = Records()
        while not len(records):
            if time.monotonic() > until:
                raise LogUnavailable(
                    f"{self.log.name}/{part} does not hand out record {position.offset}; try again"
                )
            records = self.log.read({part: position.offset}, limit=1, wait_seconds=self.wait_seconds)
        if records.offset[0] != position.offset or digest_of(records, 0) != position.digest:
            raise LogChanged(
                f"{self.log.name}/{part} has another record at {position.offset} than the one projected: "
                f"the topic was made anew. {REBUILD}"
            )
