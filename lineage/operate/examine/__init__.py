"""Is everything as it has to be, and if not, what is to be done?

Each probe asks one thing and may be kept waiting by it; none keeps the others waiting, nor a person.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any, Final

from lineage.archive import WholeLog, is_archive, manifest
from lineage.errors import LineageError, Refused, StoreInUse, StoreUnreadable
from lineage.logs import EmbeddedLog
from lineage.logs.record import Log, Records
from lineage.operate.examine import archived, configuration, database, disk
from lineage.operate.examine.finding import Finding, Level, fail, ok, silent, warn, worst
from lineage.operate.examine.waiting import spooled
from lineage.settings import Settings, load_settings
from lineage.store.opening import DATABASE

__all__ = ["PROBES", "Finding", "Level", "examine", "worst"]

PROBE_SECONDS: Final = 20.0
"""How long all probes together may take: a person waits."""

CONNECT_SECONDS: Final = 5.0
SAMPLE_RECORDS: Final = 1_000
"""From the end of each partition."""

Probe = Callable[[Settings, datetime], Iterable[Finding]]


def configured(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The secret, the desk, the ids of a schema registry, the last backup."""
    yield from configuration.secret(settings)
    yield from configuration.desk(settings)
    yield from configuration.schema_ids(settings)
    yield configuration.backed_up(settings, now)


def kept_log(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The log: its contract, and how far it is projected."""
    if settings.log == "kafka":
        yield from _topic(settings, now)
    else:
        yield from _embedded(settings, now)


def _topic(settings: Settings, now: datetime) -> Iterator[Finding]:
    from lineage.logs.kafka import KafkaLog
    from lineage.operate.examine import topic

    with KafkaLog(
        settings.kafka_bootstrap,
        settings.kafka_topic,
        client_options=settings.kafka_client_options(),
        connect_seconds=CONNECT_SECONDS,
    ) as log:
        found = log.described()
        yield from topic.judged(found, settings)
        yield topic.placed(_ends(log), len(found.partitions))
        whole = _whole(settings, log)
        try:
            done = database.positions(settings.home / DATABASE, whole.name)
        except StoreUnreadable:
            done = {}
        except StoreInUse:
            done = {part: whole.start(part) + at for part, at in log.committed().items()}
        # What is archived may wait: that it is archived in time is asked elsewhere.
        kept = None if whole.is_archived else timedelta(days=settings.kafka_retention_days)
        yield from database.lag(whole.log, done, now, kept)


@dataclass(frozen=True, slots=True)
class _Whole:
    """The log as a projector reads it: where there is an archive, by its name and offsets."""

    log: Log
    name: str
    start: Callable[[int], int] = field(default=lambda part: 0)
    is_archived: bool = False


def _whole(settings: Settings, log: Log) -> _Whole:
    """Raises ArchiveDamaged."""
    if not is_archive(settings.archive_folder):
        return _Whole(log, log.name)
    said = manifest.read(settings.archive_folder)
    return _Whole(WholeLog(settings.archive_folder, log), said.log, said.tail.start, True)


def kept_archive(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The archive: what Kafka would forget before it is archived, holes, checkpoints."""
    if settings.log == "embedded":
        file = settings.home / "log.sqlite"
        if is_archive(settings.archive_folder) and file.exists():
            with EmbeddedLog(file, name=settings.kafka_topic) as log:
                yield from archived.kept(settings, log, now, None)
        return
    from lineage.logs.kafka import KafkaLog

    with KafkaLog(
        settings.kafka_bootstrap,
        settings.kafka_topic,
        client_options=settings.kafka_client_options(),
        connect_seconds=CONNECT_SECONDS,
    ) as log:
        milliseconds = int(log.described().settings.get("retention.ms", "-1"))
        retention = timedelta(milliseconds=milliseconds) if milliseconds >= 0 else None
        yield from archived.kept(settings, log, now, retention)


def erasures(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the archive has still to forget."""
    return archived.erased(settings, settings.home / DATABASE)


def _ends(log: Log) -> Iterator[Records]:
    for part, (first, end) in log.bounds().items():
        if end > first:
            start = max(first, end - SAMPLE_RECORDS)
            yield log.read({part: start}, limit=SAMPLE_RECORDS, wait_seconds=1.0)


def _embedded(settings: Settings, now: datetime) -> Iterator[Finding]:
    what, file = "log", settings.home / "log.sqlite"
    if not file.exists():
        yield warn(
            what, f"{file}: there is none yet", "the first 'lineage publish' or 'policy adopt' makes it"
        )
        return
    with EmbeddedLog(file, name=settings.kafka_topic) as log:
        yield ok(what, f"{file}: {log.bounds()[0][1]} records; for one machine, without a second copy")
        whole = _whole(settings, log)
        try:
            done = database.positions(settings.home / DATABASE, whole.name)
        except StoreUnreadable:
            done = {}
        except StoreInUse as error:
            yield ok("lag", f"not known here: {str(error).split(';')[0]}; its metrics_port tells")
            return
        yield from database.lag(whole.log, done, now)


def projected(settings: Settings, now: datetime) -> Iterable[Finding]:
    """What the database holds."""
    return database.contents(settings.home / DATABASE, now, configuration.discarded(settings))


def room(settings: Settings, now: datetime) -> Iterable[Finding]:
    """The disks."""
    return disk.room(settings)


PROBES: Final[dict[str, Probe]] = {
    "configuration": configured,
    "log": kept_log,
    "archive": kept_archive,
    "erasures": erasures,
    "database": projected,
    "disk": room,
    "spool": spooled,
}
"""What is asked, in the order told. A further probe is one more line."""


def examine(now: datetime | None = None, seconds: float = PROBE_SECONDS, **given: Any) -> list[Finding]:
    """Everything found, in the order of ``PROBES``; ``given`` are settings that go before all others.

    Ends after ``seconds`` at the latest: what did not answer by then is told as ``SILENT``.
    """
    try:
        settings = load_settings(**given)
    except Refused as error:
        return [fail("settings", str(error), "correct lineage.toml or the environment")]
    now = now or datetime.now(UTC)
    asked = {name: _Asked(probe, settings, now) for name, probe in PROBES.items()}
    until = time.monotonic() + seconds
    found = [ok("settings", f"can be read; home is {settings.home}")]
    for name, each in asked.items():
        found += each.findings(name, until, seconds)
    return found


class _Asked:
    """One probe in a thread of its own, which ends with the process when nobody waits for it any more."""

    def __init__(self, probe: Probe, settings: Settings, now: datetime) -> None:
        self._found: list[Finding] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, args=(probe, settings, now), daemon=True)
        self._thread.start()

    def _run(self, probe: Probe, settings: Settings, now: datetime) -> None:
        try:
            for finding in probe(settings, now):
                self._found.append(finding)
        except BaseException as error:
            self._error = error

    def findings(self, name: str, until: float, seconds: float) -> list[Finding]:
        self._thread.join(max(0.0, until - time.monotonic()))
        found = list(self._found)
        if self._thread.is_alive():
            return [*found, silent(name, f"no answer within {seconds:.0f} seconds", "look at it by hand")]
        if isinstance(self._error, LineageError):
            return [*found, silent(name, str(self._error))]
        if self._error is not None:
            raise self._error
        return found
