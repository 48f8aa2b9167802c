"""`lineage explain`: why a line stands in a report."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.opened import for_reading
from lineage.cli.output import format_option, show
from lineage.desk.desk import POSITION
from lineage.errors import Refused
from lineage.settings import load_settings

COLUMNS = [
    "from",
    "event_id",
    "recipient",
    "elements",
    "purposes",
    "kinds",
    "steps",
    "contracts",
    "unreviewed",
]


@click.command("explain")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("line")
@format_option
def command(report: Path, line: str, form: str) -> None:
    """The events behind LINE of REPORT, and for each the rule and the contract that decided.

    REPORT is the JSON of a handler's copy. LINE is a list and a number, counted from 0: disclosed/0,
    sold_or_shared/2, third_parties/0, under_order/1. It is computed again, as of the report's own instant.

    \b
    Example:
      lineage explain answer.json sold_or_shared/0

    Ends with 0, 1 when the report or the line cannot be read, 3 when no policy was adopted by then, 4 when
    the log or the database cannot be used.
    """
    from lineage.report.request import request_of

    try:
        document = json.loads(report.read_text(encoding="utf-8"))
        request, as_of = request_of(document), datetime.fromisoformat(document["as_of"]).astimezone(UTC)
        position = int(document["positions"].get(POSITION, 0))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        raise Refused(f"{report.name} is not the JSON of a handler's copy.") from None
    settings = load_settings()
    with at_desk() as here:
        with for_reading(settings) as store:
            found = here.reporter(store, position).explain(request, line, as_of=as_of)
        here.note("QUERY", [request.subject], "EXPLAIN")
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for each in found:
            each["steps"] = [step["step"] for step in each["steps"]]
        rows = [tuple(each[name] for name in COLUMNS) for each in found]
        show(COLUMNS, rows, form)
