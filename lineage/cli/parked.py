"""`lineage parked list|show|release|discard`: the records that the projection refused."""

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.opened import for_reading
from lineage.cli.output import format_option, show
from lineage.cli.parked_decided import discard, release
from lineage.cli.parked_shown import show_


@click.group("parked")
def command() -> None:
    """The records that the projection refused, kept with the reason."""


@command.command("list")
@format_option
def list_(form: str) -> None:
    """List what is parked and not settled: why, from whom, where in the log, and whom it may concern.

    Each makes answers about whom it concerns incomplete, until the same content is accepted under its id, it
    is released or discarded. Keys and contents are not shown.

    \b
    Example:
      lineage parked list --format json

    Ends with 0, 3 when so much would be parked that the projector stops, 4 when the log or a store cannot be
    used.
    """
    from lineage.parked.still import COLUMNS, still_refused

    with at_desk() as here, for_reading(here.settings) as store, store.cursor() as reader:
        rows = [each.row() for each in still_refused(reader, here.desk.discarded())]
    show(COLUMNS, rows, form)


for _each in (show_, release, discard):
    command.add_command(_each)
