"""Does the database know what the log knows, and can it judge by a policy?

The file is read as it lies there. A projector that owns it is not disturbed: how far it has come, Kafka
knows, for it is told after each batch.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from lineage.errors import StoreInUse, StoreUnreadable
from lineage.logs import Log
from lineage.operate.examine.behind import Reader, behind
from lineage.operate.examine.covered import covered
from lineage.operate.examine.finding import Finding, Level, fail, ok, warn
from lineage.parked.still import still_refused
from lineage.report.state import Discarded
from lineage.store.reading import reading

PROJECTOR: Final = Reader(
    what="lag",
    did="projected",
    another="correct kafka_topic, or run 'lineage rebuild'",
    gone="bring them back from the archive, or 'lineage rebuild --accept-missing-start'",
    late="see that 'lineage project --follow' runs; without it each command catches up",
    catch_up="run 'lineage project' now",
)


def positions(path: Path, topic: str) -> dict[int, int]:
    """The next offset of each partition, by the database. Raises StoreInUse, StoreUnreadable."""
    with reading(path) as connection:
        rows = connection.execute(
            "select tracking_name, max(position) from position group by tracking_name"
        ).fetchall()
    return {
        int(name.removeprefix(f"{topic}/")): position + 1
        for name, position in rows
        if name.startswith(f"{topic}/")
    }


def lag(log: Log, done: Mapping[int, int], now: datetime, kept: timedelta | None = None) -> Iterator[Finding]:
    """How far is each partition behind, and since when? ``kept``: how long the log keeps a record.

    Raises LogUnavailable, LogChanged.
    """
    return behind(PROJECTOR, log, done, now, kept)


def contents(path: Path, now: datetime, discarded: Sequence[Discarded] = ()) -> Iterator[Finding]:
    """What the database knows: a policy in force, refused records, how much the producers have told.

    ``discarded``: refused records that are no events, by the desk.
    """
    what = "database"
    try:
        with reading(path) as connection:
            size = path.stat().st_size >> 20
            yield ok(what, f"{path.name}: {size} MiB")
            yield (policy := _policy(connection))
            yield _parked(connection, discarded)
            if policy.level is Level.OK:
                yield from covered(connection, now, discarded)
    except StoreInUse as error:
        yield ok(what, f"in use ({str(error).split(';')[0]}): its contents are not looked at")
    except StoreUnreadable as error:
        yield (fail if path.exists() else warn)(what, str(error), "lineage project")
    except duckdb.Error as error:
        yield fail(what, f"{path.name} is damaged ({type(error).__name__})", "lineage rebuild")


def _policy(connection: duckdb.DuckDBPyConnection) -> Finding:
    what = "policy"
    found = connection.execute(
        """
        select policy, recorded_at, problem
        from adopted_policy
        order by recorded_at desc, log_partition desc, log_offset desc
        limit 1
        """
    ).fetchone()
    if found is None:
        return fail(what, "none was adopted: no request can be answered", "lineage policy adopt FOLDER")
    policy, recorded_at, problem = found
    if problem is not None:
        return fail(
            what, "the one adopted last cannot be read", "correct it, then: lineage policy adopt FOLDER"
        )
    return ok(what, f"adopted {recorded_at:%Y-%m-%d %H:%M} UTC, digest {str(policy)[:12]}")


def _parked(connection: duckdb.DuckDBPyConnection, discarded: Sequence[Discarded]) -> Finding:
    what = "parked"
    found = Counter(each.reason for each in still_refused(connection, discarded))
    if not found:
        return ok(what, "no record waits for a decision")
    said = ", ".join(f"{count} {reason}" for reason, count in found.most_common())
    return warn(what, f"{said}: answers about whom they may concern are incomplete", "lineage parked list")
