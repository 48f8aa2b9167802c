"""How is a table shown? To a person as a table, to a program as CSV or JSON."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lineage.printable import printable

FORMATS = ("table", "csv", "json")

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="A table to read, CSV, or JSON (a list of objects).",
)


def show(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> None:
    """Print the rows to standard output in one of FORMATS."""
    if form == "json":
        found = [dict(zip(columns, map(plain, row), strict=True)) for row in rows]
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([word(value) for value in row] for row in rows)
    else:
        _show_table(columns, rows)


def _show_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(Text(printable(column)), overflow="fold")
    count = 0
    for row in rows:
        count += 1
        table.add_row(*(Text(printable(word(value))) for value in row))
    # Into a pipe nothing may be cut to the width of a terminal that is not there.
    console = Console(width=None if sys.stdout.isatty() else 100_000)
    console.print(table, soft_wrap=not sys.stdout.isatty())
    if sys.stdout.isatty():
        click.echo(f"{count} row{'s'[: count != 1]}", err=True)


def plain(value: Any) -> Any:
    """A value of the database as JSON has it: instants in UTC with six digits and Z, ids as text."""
    match value:
        case datetime():
            if value.tzinfo is not None:
                value = value.astimezone(UTC)
            return value.isoformat(timespec="microseconds").replace("+00:00", "Z")
        case date() | time() | UUID() | timedelta():
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else str(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case list() | tuple():
            return [plain(each) for each in value]
        case dict():
            return {str(name): plain(each) for name, each in value.items()}
    return value


def word(value: Any) -> str:
    """A value in one cell; nothing for null, JSON for lists."""
    made = plain(value)
    if made is None:
        return ""
    if isinstance(made, str):
        return made
    return json.dumps(made, ensure_ascii=False)
