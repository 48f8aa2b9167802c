"""Is everything kept that Kafka will forget: archived in time, without a hole, signed, erased where it must?

The files are looked at as they lie there; no lock is asked for.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from lineage.archive import manifest
from lineage.archive.erasing import left_to_erase
from lineage.archive.form import ends
from lineage.archive.manifest import is_archive
from lineage.errors import ArchiveDamaged, StoreInUse, StoreUnreadable
from lineage.logs import Log
from lineage.operate.examine.behind import LATE, Reader, behind
from lineage.operate.examine.finding import Finding, Level, fail, ok, warn
from lineage.proof.chain import FOLDER, latest, numbers
from lineage.settings import Settings
from lineage.store.erasures import to_erase
from lineage.store.reading import reading

WHAT: Final = "archive"
RESTORE: Final = "bring back what is missing from a backup; see 'lineage verify'"


def kept(settings: Settings, log: Log, now: datetime, retention: timedelta | None) -> Iterator[Finding]:
    """Is what stands in the log archived? ``retention``: how long the log keeps a record; None: for ever.

    Raises LogUnavailable, LogChanged.
    """
    folder = settings.archive_folder
    done: dict[int, int] = {}
    if is_archive(folder):
        try:
            said, reached = manifest.read(folder), ends(folder)
        except ArchiveDamaged as error:
            yield fail(WHAT, str(error), RESTORE)
            return
        if said.tail.topic != log.name:
            yield fail(
                WHAT,
                f"it is of the topic {said.tail.topic}, the settings name {log.name}",
                "correct kafka_topic; where the log goes on in a new one: lineage archive continue",
            )
            return
        done = {part: end - said.tail.start(part) for part, end in reached.items()}
        yield ok(WHAT, f"{folder}: {sum(reached.values())} offsets, without a hole")
        yield signed(folder, now, timedelta(minutes=settings.checkpoint_minutes), reached)
    elif retention is None:
        yield ok(WHAT, "there is none; the log forgets nothing")
        return
    else:
        yield warn(
            WHAT,
            f"there is none, and Kafka forgets a record after {retention.days} days",
            "run 'lineage consume archive_log' all the time",
        )
    archiver = Reader(
        what="not archived",
        did="archived",
        another="correct kafka_topic and archive",
        gone="put the archive aside and begin a new one with what is left (docs/archive.md)",
        late="see that 'lineage consume archive_log' runs",
        catch_up="run 'lineage archive --once' now",
        allowed=LATE + timedelta(seconds=settings.archive_seconds),
    )
    for each in behind(archiver, log, done, now, retention):
        embedded = retention is None and each.level is Level.WARN
        yield ok(each.what, f"{each.means}; this log forgets nothing") if embedded else each


def signed(folder: Path, now: datetime, every: timedelta, reached: dict[int, int]) -> Finding:
    """How old is the last checkpoint, where something was archived since?"""
    what, notes = "checkpoint", folder / FOLDER
    last = latest(notes)
    if last is None:
        if numbers(notes):
            return fail(what, "the last one is no checkpoint any more", "bring it back from its copy")
        return warn(what, "none was signed yet", "lineage checkpoint; the archiver signs by itself")
    said = f"number {last.number} of {last.time:%Y-%m-%d %H:%M} UTC"
    is_behind = any(
        end > last.heads[part].last + 1 if part in last.heads else end for part, end in reached.items()
    )
    if is_behind and now - last.time > 2 * every + LATE:
        return warn(
            what,
            f"{said}; what was archived since is not signed",
            "see that 'lineage consume archive_log' runs, or run 'lineage checkpoint'",
        )
    return ok(what, said)


def erased(settings: Settings, database: Path) -> Iterator[Finding]:
    """Does the archive still hold records that erasures in the log take out?

    Raises ArchiveDamaged.
    """
    what = "erased from the archive"
    if not is_archive(settings.archive_folder):
        return
    try:
        with reading(database) as connection:
            marks = to_erase(connection)
    except StoreInUse as error:
        yield ok(what, f"not looked at: {str(error).split(';')[0]}")
        return
    except StoreUnreadable:
        return  # told by the database's own finding
    left = left_to_erase(settings.archive_folder, marks)
    if left:
        yield warn(
            what,
            f"{left} records of erased people still stand in it",
            "lineage archive erase, then lineage rebuild",
        )
    else:
        yield ok(what, "nothing is left to be taken out")
