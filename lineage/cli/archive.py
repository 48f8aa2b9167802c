"""`lineage archive`: the log into files that stay when the broker has forgotten it."""

from datetime import UTC, datetime, timedelta

import click

from lineage.archive import Archived, Archiver, is_archive
from lineage.cli.archive_expire import command as expire
from lineage.cli.archived import archive_of
from lineage.cli.consuming import consuming, watched
from lineage.errors import Refused
from lineage.logs import Log, open_log
from lineage.operate.watch import ArchiverWatch
from lineage.proof.scheduled import Scheduled
from lineage.settings import Settings, load_settings


@click.group("archive", invoke_without_command=True)
@click.option("--once/--follow", default=False, help="Catch up with the log and end, or go on until stopped.")
@click.pass_context
def command(ctx: click.Context, once: bool) -> None:
    """Write the raw log into the archive: every record once, with its digest, in segments that stay.

    It may be stopped, or killed, at any time: it goes on where the segments end. Every
    LINEAGE_CHECKPOINT_MINUTES it signs what is new; see lineage checkpoint.

    \b
    Example:
      lineage archive --once

    Ends with 0, 3 when the log is not the one that was archived before or the archive is damaged, 4 when the
    log cannot be reached, the disk takes nothing or another process archives.
    """
    if ctx.invoked_subcommand is not None:
        return
    settings = load_settings()
    if once:
        with open_log(settings) as log:
            _say(archiver(settings, log).catch_up())
        return
    _say(follow(settings))


def _say(done: Archived) -> None:
    click.echo(f"{done.records} records archived, {done.segments} segments written")


def follow(settings: Settings) -> Archived:
    """Archive until the process is told to stop (SIGINT, SIGTERM); what was done since the start."""
    with consuming(settings, "archive_log") as stop, open_log(settings) as log:
        watch = ArchiverWatch("archive_log", log, {}, health_seconds=settings.health_seconds)
        with watched(settings, watch):
            return archiver(settings, log, watch).follow(stop)


def archiver(settings: Settings, log: Log, watch: ArchiverWatch | None = None) -> Archiver:
    """What archives this log as the settings say, and tells the watch."""
    signing = Scheduled(
        settings.archive_folder,
        settings.home,
        every=timedelta(minutes=settings.checkpoint_minutes),
        copies=settings.checkpoints,
        on_checkpoint=None if watch is None else watch.signed,
    )
    return Archiver(
        settings.archive_folder,
        log,
        records=settings.archive_records,
        seconds=settings.archive_seconds,
        watchers=(signing,) if watch is None else (watch, signing),
    )


@command.command("erase")
def erase() -> None:
    """Take the records of erased people out of the archive: for every SubjectErased of mode TOMBSTONE.

    Digest and number of each record stay, so that the log can be proven whole and nobody else gets a gap; a
    checkpoint is signed. The archiver may run meanwhile. What Kafka still keeps it forgets after its
    retention; archive that, then run this again. The database forgets with the next rebuild.

    \b
    Example:
      lineage archive erase

    Ends with 0, 3 when log or archive are not the ones known, 4 when they or the database cannot be used.
    """
    from lineage.archive.erasing import erase as take_out
    from lineage.cli.opened import caught_up, say
    from lineage.proof.keys import signer
    from lineage.proof.making import checkpoint
    from lineage.store.erasures import to_erase

    settings = load_settings()
    with caught_up(settings) as store, store.cursor() as reader:
        marks = to_erase(reader)
    count = take_out(settings.archive_folder, marks) if is_archive(settings.archive_folder) else 0
    click.echo(f"{count} records erased from the archive")
    if count:
        archive, log = archive_of(settings)
        checkpoint(archive, signer(settings.home, log), datetime.now(UTC), copies=settings.checkpoints)
        say("run 'lineage rebuild': the database forgets them, too")


@command.command("continue")
@click.argument("topic")
def go_on(topic: str) -> None:
    """Let the log go on in TOPIC: on a new cluster, in more partitions, or in Kafka after the embedded log.

    Run it while the settings name the old log, when nobody writes there any more and all of it is archived.
    Then set `kafka_topic` (and `log`) to the new one. Records keep the time at which they were recorded; the
    old topic is not needed any more.

    \b
    Example:
      lineage archive continue personal-data-events-2

    Ends with 0, 1 when not all is archived or the log was in TOPIC before, 3 when the log is not the one
    archived, 4 when it cannot be reached or an archiver runs.
    """
    from lineage.archive.migrating import go_on as change

    settings = load_settings()
    if not is_archive(settings.archive_folder):
        raise Refused(f"there is no archive in {settings.archive_folder}; run 'lineage archive --once' first")
    with open_log(settings) as log:
        starts = change(settings.archive_folder, log, topic)
    where = ", ".join(f"{part} from {offset} on" for part, offset in sorted(starts.items()))
    click.echo(f"the log goes on in {topic}: partition {where}. Set kafka_topic to it.")


command.add_command(expire)
