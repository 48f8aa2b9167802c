"""`lineage reconcile SYSTEM`: a system's own counts by day beside the events of the log."""

import os
from datetime import date
from hashlib import sha256
from pathlib import Path

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.exits import STOPPED
from lineage.cli.opened import caught_up
from lineage.cli.output import format_option, show
from lineage.desk.operating import Reconciliation
from lineage.errors import Refused

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("reconcile")
@click.argument("system")
@click.option(
    "--query",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the SQL that gives two columns, a day and how many there were: one row a day.",
)
@click.option(
    "--url",
    help="Where the system's database lies, such as sqlite:///orders.db. Default: the variable that its "
    "connector in the policy names; with a password in it that is the better way.",
)
@click.option("--event", "events", multiple=True, help="Count this kind of event only; may be repeated.")
@click.option("--from", "since", type=DAY, metavar="DAY", help="The first day to compare.")
@click.option(
    "--until", type=DAY, metavar="DAY", help="The day after the last. Default: the day the log is read to."
)
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    system: str,
    query: Path,
    url: str | None,
    events: tuple[str, ...],
    since: date | None,
    until: date | None,
    form: str,
) -> None:
    """Compare what SYSTEM itself counts by day with what the log tells of it.

    Days are those of the business's time zone, by when things happened. Events that were replaced or
    retracted do not count; one that stands for several occurrences counts as many. What came of it is kept
    at the desk, and lineage coverage shows the latest.

    \b
    Example:
      lineage reconcile shop --query orders_by_day.sql --event Collected --from 2026-01-01
      lineage reconcile shop --query orders_by_day.sql --url sqlite:///orders.db --format json

    Ends with 0 when both agree on every day, 1 when the system or what the query gives cannot be used, 2 when
    an option cannot be read, 3 when they differ (a person has to look), 4 when the log, a store or the
    system's database cannot be used.
    """
    from lineage.reconcile.making import reconcile

    first, last = (None if each is None else date(each.year, each.month, each.day) for each in (since, until))
    try:
        text = query.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{query}: is not UTF-8; save it as UTF-8") from None
    with at_desk() as here:
        with caught_up(here.settings) as store, store.cursor() as reader:
            found = reconcile(reader, system, text, url, os.environ, events=events, since=first, until=last)
        here.desk.reconcile(
            Reconciliation(
                system=system,
                events=events,
                query=sha256(text.encode()).hexdigest(),
                since=first,
                until=found.until,
                days=len(found.days),
                days_differing=len(found.differing),
                at_source=sum(each.at_source for each in found.days),
                in_log=sum(each.in_log for each in found.days),
                as_of=found.as_of,
                by=here.by,
                at=here.at,
            )
        )
    rows = [(each.day, each.at_source, each.in_log, each.difference) for each in found.days]
    show(("day", "at_source", "in_log", "difference"), rows, form)
    if found.differing:
        click.echo(f"lineage: {len(found.differing)} of {len(rows)} days differ", err=True)
        ctx.exit(STOPPED)
