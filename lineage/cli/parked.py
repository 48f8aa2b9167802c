"""`lineage parked list`: the records that the projection refused."""

import click

from lineage.cli.opened import caught_up
from lineage.cli.output import format_option, show
from lineage.settings import load_settings

PARKED = """
select
    reason,
    producer,
    incarnation,
    sequence,
    recorded_at,
    log_partition as partition,
    log_offset as "offset",
    case
        when subjects is null then 'everybody'
        when len(subjects) = 1 then 'one person'
        else len(subjects) || ' people'
    end as concerns
from parked
where settled_at is null
order by recorded_at, log_partition, log_offset
"""


@click.group("parked")
def command() -> None:
    """The records that the projection refused, kept with the reason."""


@command.command("list")
@format_option
def list_(form: str) -> None:
    """List what is parked and not settled: why, from whom, where in the log, and whom it may concern.

    Each makes answers about whom it concerns incomplete. Keys and contents are not shown.

    \b
    Example:
      lineage parked list --format json

    Ends with 0, 4 when the log or the database cannot be used.
    """
    with caught_up(load_settings()) as store, store.cursor() as reader:
        found = reader.execute(PARKED)
        show([column[0] for column in found.description or ()], found.fetchall(), form)
