"""`lineage coverage`: what of the log is known to be complete, and what is missing."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.instants import INSTANT
from lineage.cli.opened import for_reading
from lineage.cli.output import format_option, plain, show
from lineage.coverage.parts import COLUMNS


@click.command("coverage")
@click.option("--part", type=click.Choice(tuple(COLUMNS)), help="Only this part; CSV needs one.")
@click.option(
    "--received",
    help="Of the window that a request received then asks about: a day, or an instant. Default: how far the "
    "log is read.",
)
@click.option("--from", "since", metavar="DAY", help="The window begins on this day, not before 2022.")
@click.option("--everything", is_flag=True, help="The window begins with 2022.")
@click.option("--as-of", type=INSTANT, help="As the log knew it then (default: everything it knows now).")
@format_option
def command(
    part: str | None,
    received: str | None,
    since: str | None,
    everything: bool,
    as_of: datetime | None,
    form: str,
) -> None:
    """What is known and what is missing, by producer and system; the gaps that every answer has.

    Producers with their incarnations, missing numbers, holes and silence; systems with who tells of them, who
    attests them and when they were last reconciled; parked records by reason; who tells events for a system
    that is not its own; for what somebody vouches.

    \b
    Example:
      lineage coverage
      lineage coverage --part producers --format csv
      lineage coverage --received 2026-06-15 --everything --format json

    Ends with 0, 1 when a day cannot be read, 2 when options do not go together, 3 when no policy was adopted,
    4 when the log or a store cannot be used.
    """
    from lineage.coverage.document import coverage
    from lineage.window import day
    from lineage.window import received as receipt

    if form == "csv" and part is None:
        raise click.UsageError(f"--format csv shows one part; choose one with --part: {', '.join(COLUMNS)}.")
    if everything and since is not None:
        raise click.UsageError("--everything and --from do not go together; choose one.")
    with at_desk() as here, for_reading(here.settings) as store, store.cursor() as reader:
        found = coverage(
            reader,
            received=None if received is None else receipt(received),
            since=None if since is None else day(since),
            everything=everything,
            as_of=None if as_of is None else as_of.astimezone(UTC),
            now=here.at,
            discarded=here.desk.discarded(),
            reconciled={name: asdict(each) for name, each in here.desk.reconciled().items()},
            is_behind=store.is_behind,
        )
    if form == "json":
        told = found if part is None else found[part]
        click.echo(json.dumps(plain(told), ensure_ascii=False, indent=2))
        return
    if part is not None:
        show(COLUMNS[part], _values(part, found), form)
        return
    window = found["window"]
    click.echo(f"as of {plain(found['as_of'])}, for {plain(window['from'])} to {plain(window['to'])}")
    for name, columns in COLUMNS.items():
        click.echo(click.style(f"\n{name}", bold=True) + ("" if found[name] else ": none"))
        if found[name]:
            show(columns, _values(name, found), form)


def _values(part: str, found: Mapping[str, Any]) -> list[list[Any]]:
    return [[row[column] for column in COLUMNS[part]] for row in found[part]]
