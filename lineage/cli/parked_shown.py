"""`lineage parked show`: what one refused record is, and its contents for who may see them."""

from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.opened import for_reading
from lineage.cli.output import format_option, show
from lineage.cli.places import PLACE

ANYBODY = UUID(int=0)
"""Under whom a reading of a record is noted that does not tell its person."""


@click.command("show")
@click.argument("place", type=PLACE)
@click.option(
    "--contents", is_flag=True, help="Show key, value and event, too; it is noted in the access log."
)
@click.option("--reason", default="NOT_STATED", show_default=True, help="Why you read the contents.")
@format_option
def show_(place: tuple[int, int], contents: bool, reason: str, form: str) -> None:
    """Show what is parked at PLACE, a partition and offset: which check it failed, and what helps.

    Schema and lengths are shown; with --contents also what it says, which may be about a person.

    \b
    Example:
      lineage parked show 3/1042
      lineage parked show 3/1042 --contents --reason WRONG_KEY_LOOKED_AT --format json

    Ends with 0, 1 when nothing is parked there, 3 when the log does not hold its bytes any more, 4 when the
    log or a store cannot be used.
    """
    from lineage.archive import open_whole_log
    from lineage.framing import known_ids
    from lineage.parked.described import described

    with at_desk() as here:
        ids = known_ids(here.settings.home)
        with (
            for_reading(here.settings) as store,
            store.cursor() as reader,
            open_whole_log(here.settings) as log,
        ):
            found = described(reader, log, *place, here.desk.discarded(), ids)
        told = found.told()
        if contents:
            here.note("PARKED", list(found.concerns or (ANYBODY,)), reason)
            told |= found.contents(ids)
    if form == "table":
        show(("what", "is"), told.items(), form)
    else:
        show(tuple(told), [tuple(told.values())], form)
