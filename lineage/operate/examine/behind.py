"""How far is a reader behind the log, and since when does the first record wait for it?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lineage.logs import Log
from lineage.operate.examine.finding import Finding, fail, ok, silent, warn

LATE: Final = timedelta(minutes=15)
"""A follower is seconds behind."""

SOON: Final = 0.5
"""Which share of its days in Kafka a record may wait."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and what helps: when the log is another, when records went, when it is late, and soon."""

    what: str
    did: str
    another: str
    gone: str
    late: str
    catch_up: str
    allowed: timedelta = LATE


def behind(
    reader: Reader, log: Log, done: Mapping[int, int], now: datetime, kept: timedelta | None = None
) -> Iterator[Finding]:
    """One finding a partition. ``done``: the next offsets; ``kept``: how long the log keeps a record.

    Raises LogUnavailable, LogChanged.
    """
    for part, (first, end) in sorted(log.bounds().items()):
        what, following = f"{reader.what}: partition {part}", done.get(part, 0)
        if following > end:
            yield fail(
                what,
                f"{reader.did} up to {following}, the log ends at {end}: it is another log, or was cut off",
                reader.another,
            )
        elif following < first:
            yield fail(
                what,
                f"records {following} to {first - 1} were deleted before they were {reader.did}",
                reader.gone,
            )
        elif following == end:
            yield ok(what, f"none; {end} records")
        else:
            yield _waiting(reader, what, log, (part, following, end), now, kept)


def _waiting(
    reader: Reader,
    what: str,
    log: Log,
    place: tuple[int, int, int],
    now: datetime,
    kept: timedelta | None,
) -> Finding:
    part, following, end = place
    found = log.read({part: following}, limit=1, wait_seconds=1.0)
    if found.passed.get(part) == end:
        return ok(what, f"none; {end} records")
    if not len(found):
        return silent(what, f"{end - following} records, and the log does not hand out the next one")
    since = datetime.fromtimestamp(found.recorded_at[0] / 1e6, UTC)
    means = f"{end - following} records, the first waits since {since:%Y-%m-%d %H:%M} UTC"
    if kept is not None and now - since > SOON * kept:
        return fail(what, f"{means}; Kafka drops it after {kept.days} days", reader.catch_up)
    if now - since > reader.allowed:
        return warn(what, means, reader.late)
    return ok(what, means)
