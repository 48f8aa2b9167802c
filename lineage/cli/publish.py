"""`lineage publish FILE`: events written as JSON lines into the log."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import click

from lineage.cli.exits import BAD_INPUT
from lineage.cli.known import known_policy
from lineage.cli.progress import Advance, progress
from lineage.settings import load_settings


@click.command("publish")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--policy",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check against the policy in this folder. Default: the policy that was last adopted in the log.",
)
@click.option(
    "--unchecked",
    is_flag=True,
    help="Also publish words that the policy does not know. Each makes answers about its person incomplete.",
)
@click.option(
    "--keep-recorded-at",
    is_flag=True,
    help="Take recorded_at from each line, ascending: a history as it was, so its words are not checked. "
    "Embedded log only.",
)
def command(file: BinaryIO, folder: Path | None, unchecked: bool, keep_recorded_at: bool) -> None:
    """Publish the events in FILE (- for standard input), one flat JSON object a line.

    A bad line is named by its number and its fields; the rest is published. A line without producer is
    emitted by "cli", in an incarnation of its own that is closed at the end; a line with producer,
    incarnation and sequence is passed on as it is. A subject such as "email:ana@example.com" becomes a
    pseudonym here.

    \b
    Example:
      lineage publish events.jsonl --policy policy

    A line is, for instance:

    \b
      {"event": "Collected", "subject": "account:42", "occurred_at": "2026-06-01T09:30:00Z",
       "elements": ["email_address"], "source": "customer", "purposes": ["keep_account"], "system": "shop"}

    Ends with 0, 1 when lines were refused, 4 when the log cannot be used: publish the file again then.
    """
    from lineage.framing import known_ids
    from lineage.logs import open_log
    from lineage.publish import pseudonymiser_of
    from lineage.publish.checking import check_of
    from lineage.publish.lines import LinePublisher

    settings = load_settings()
    if keep_recorded_at and settings.log != "embedded":
        raise click.UsageError("--keep-recorded-at is for the embedded log; Kafka stamps records itself.")
    pseudonymiser = pseudonymiser_of(settings)
    with open_log(settings) as log:
        # A history is older than the policy that was adopted last, and may come before any policy.
        ids = known_ids(settings.home)
        policy = None if keep_recorded_at and folder is None else known_policy(log, folder, ids)
        publisher = LinePublisher(
            log,
            pseudonymiser,
            check_of(policy, words=not unchecked),
            lambda number, reason: click.echo(f"line {number}: {reason}", err=True),
            policy=policy,
            keep_recorded_at=keep_recorded_at,
        )
        with progress("publishing", size_of(file), unit="bytes") as advance:
            done = publisher.publish(read_with_progress(file, advance))
    click.echo(f"published {done.sent}, refused {done.refused}", err=True)
    if done.refused:
        raise SystemExit(BAD_INPUT)


def size_of(file: BinaryIO) -> int | None:
    try:
        return os.fstat(file.fileno()).st_size or None
    except OSError:
        return None


def read_with_progress(lines: Iterable[bytes], advance: Advance) -> Iterator[bytes]:
    for line in lines:
        yield line
        advance(len(line))
