"""Can this process read what it is told to use: the settings, the secret, the desk store?

Looking makes nothing: no secret, no folder, no desk.
"""

import sqlite3
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from lineage.desk.opening import FILE, open_desk
from lineage.errors import LineageError, Refused
from lineage.framing import known_ids
from lineage.framing.kept import FILE as SCHEMA_IDS
from lineage.operate.backup.trace import last_backup
from lineage.operate.examine.finding import Finding, fail, ok, silent, warn
from lineage.publish import retired_secret_of, secret_of
from lineage.report.state import Discarded
from lineage.settings import Settings

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO

BACKUP_AGE = timedelta(days=7)


def secret(settings: Settings) -> Iterator[Finding]:
    """Is there a secret that can be read, by its owner alone?"""
    what = "secret"
    file = None if settings.secret is not None else settings.secret_file or settings.home / "secret"
    if file is not None and file == settings.home / "secret" and not file.exists():
        yield warn(
            what,
            "there is none yet",
            "the first publisher makes one; give one to all machines that publish (secret, secret_file)",
        )
        return
    try:
        secret_of(settings)
    except Refused as error:
        yield fail(what, str(error), "see that the file can be read here, or that LINEAGE_SECRET is whole")
        return
    if file is not None and (told := open_to_others(file)):
        yield fail(what, f"{file} {told}: they can find out who a token is", f"chmod 600 {file}")
        return
    yield ok(what, "from the environment" if file is None else f"{file}, readable by its owner alone")
    try:
        if retired_secret_of(settings) is not None:
            yield warn(
                "retired secret",
                "it is still set: whoever reads the environment has both",
                "take it out when 'lineage secret rotate' is through",
            )
    except Refused as error:
        yield fail("retired secret", str(error), "correct LINEAGE_SECRET_RETIRED, or take it out")


def desk(settings: Settings) -> Iterator[Finding]:
    """Does the desk store answer?"""
    what, file = "desk", settings.home / FILE
    if settings.desk_url is None and not file.exists():
        yield ok(what, f"{file}: not used yet")
        return
    if settings.desk_url is None:
        if told := open_to_others(file):
            yield fail(what, f"{file} {told}: it tells who asked and who was read", f"chmod 600 {file}")
            return
        try:
            readable(file)
        except sqlite3.Error:
            yield fail(what, f"{file} is damaged", "bring it back from a backup: lineage restore FOLDER")
            return
    try:
        with open_desk(settings) as opened:
            count = opened.recorder.max_notification_id() or 0
    except LineageError as error:
        yield silent(what, str(error))
        return
    where = file if settings.desk_url is None else "PostgreSQL"
    yield ok(what, f"{where}: {count} entries")


def schema_ids(settings: Settings) -> Iterator[Finding]:
    """Where a schema registry is used: is it known what its ids mean?"""
    what = "schema ids"
    writes = settings.wire_format == "confluent"
    try:
        count = len(known_ids(settings.home).meant)
    except Refused as error:
        yield fail(what, str(error), f"bring {SCHEMA_IDS} back from a backup, or lineage schemas learn")
        return
    if count:
        yield ok(what, f"{count} ids of a schema registry are known")
    elif writes:
        yield fail(
            what,
            "wire_format is confluent and no id is known: nothing can be published",
            "lineage schemas push",
        )
    elif settings.schema_registry is not None:
        yield warn(
            what,
            "schema_registry is set and no id is known: what others write by its ids is parked",
            "lineage schemas learn",
        )


def discarded(settings: Settings) -> Sequence[Discarded]:
    """The refused records that are no events, by the desk; none where it cannot be asked."""
    file = settings.home / FILE
    if settings.desk_url is None and not file.exists():
        return ()
    try:
        if settings.desk_url is None:
            readable(file)
        with open_desk(settings) as opened:
            return opened.discarded()
    except (LineageError, sqlite3.Error):
        return ()  # told by the desk's own finding


def backed_up(settings: Settings, now: datetime) -> Finding:
    """When was the last backup taken from here?"""
    what = "backup"
    last = last_backup(settings.home)
    remedy = "lineage backup FOLDER, each night"
    if last is None:
        return warn(what, "none was taken from this home folder", remedy)
    if now - last > BACKUP_AGE:
        return warn(what, f"the last one is of {last:%Y-%m-%d %H:%M} UTC", remedy)
    return ok(what, f"the last one is of {last:%Y-%m-%d %H:%M} UTC")


def readable(file: Path) -> None:
    """Raises sqlite3.Error when the file is no whole SQLite database."""
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        [found] = connection.execute("pragma quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    finally:
        connection.close()


def open_to_others(file: Path) -> str:
    """Says so when more than the owner may read the file; empty otherwise."""
    mode = stat.S_IMODE(file.stat().st_mode)
    return f"can be read by others than its owner (mode {mode:o})" if mode & FOR_OTHERS else ""
