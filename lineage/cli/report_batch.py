"""`lineage report --batch`: a file of requests, a folder of reports."""

from datetime import datetime
from pathlib import Path

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.exits import STOPPED
from lineage.cli.opened import caught_up
from lineage.cli.progress import progress
from lineage.desk.desk import POSITION
from lineage.errors import Refused
from lineage.publish import pseudonymiser_of
from lineage.settings import load_settings


def answer_all(requests: Path, folder: Path | None, as_of: datetime | None) -> int:
    """Write the reports that are missing; the exit code. Raises Refused, NoPolicy."""
    from lineage.report.answering import answered, begin, decided_in
    from lineage.report.batch import read_batch
    from lineage.report.state import projected

    if folder is None:
        raise Refused("A batch writes many reports. Name their folder with -o.")
    settings = load_settings()
    pseudonymiser = pseudonymiser_of(settings)
    batch = read_batch(requests, lambda subject: pseudonymiser.token(subject)[0])
    with at_desk() as here:
        with caught_up(settings) as store:
            reader = store.cursor()
            then = begin(folder, batch, projected(reader).as_of, as_of, here.desk.positions())
            reporter = here.reporter(reader, decided_in(folder, POSITION))
            made = stopped = 0
            wrong: dict[str, str] = {}
            with progress("answering", len(batch.requests), unit="requests") as advance:
                for done in answered(reporter, batch, folder, then):
                    advance(done.written + len(done.not_in_order))
                    made, stopped = made + done.written, stopped + done.stopped
                    wrong |= done.not_in_order
        here.note("REPORT", [each.subject for each in batch.requests.values()], "BATCH")
    already = len(batch.requests) - made - len(wrong)
    click.echo(
        f"lineage: {made} reports written to {folder}, {already} were there"
        + (f"; {stopped} stopped: two accounts are one person, decide who is meant" if stopped else "")
        + (f"; {len(wrong)} not written" if wrong else ""),
        err=True,
    )
    for name, why in wrong.items():
        click.echo(f"lineage: {name}: {why}", err=True)
    return STOPPED if stopped or wrong else 0
