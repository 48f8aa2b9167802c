"""`lineage report --batch`: a file of requests, a folder of reports."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.exits import STOPPED
from lineage.cli.opened import for_reading
from lineage.cli.progress import progress
from lineage.desk.desk import POSITION
from lineage.errors import Refused
from lineage.publish import pseudonymiser_of
from lineage.report.request import Audience
from lineage.settings import load_settings

SUFFIXES: Final = {"text": "txt", "csv": "csv", "html": "html", "pdf": "pdf"}


def answer_all(requests: Path, folder: Path | None, as_of: datetime | None, form: str, language: str) -> int:
    """Write the reports that are missing, each as JSON and in its form; the exit code. A line that names no
    audience asks for the handler's copy as JSON, and for the person's in every other form.

    Raises Refused, NoPolicy.
    """
    from lineage.forms import Form, made
    from lineage.report.answering import answered, begin, decided_in
    from lineage.report.batch import read_batch
    from lineage.report.state import projected

    if folder is None:
        raise Refused("A batch writes many reports. Name their folder with -o.")
    settings = load_settings()
    pseudonymiser = pseudonymiser_of(settings)
    audience = Audience.HANDLER if form == "json" else Audience.PERSON
    batch = read_batch(requests, lambda subject: pseudonymiser.token(subject)[0], audience)
    forms = {} if form == "json" else {SUFFIXES[form]: partial(made, form=Form(form), language=language)}
    with at_desk() as here:
        with for_reading(settings) as store:
            reader = store.cursor()
            then = begin(folder, batch, projected(reader).as_of, as_of, here.desk.positions())
            reporter = here.reporter(store, decided_in(folder, POSITION))
            written = stopped = 0
            wrong: dict[str, str] = {}
            with progress("answering", len(batch.requests), unit="requests") as advance:
                for done in answered(reporter, batch, folder, then, forms=forms):
                    advance(done.written + len(done.not_in_order))
                    written, stopped = written + done.written, stopped + done.stopped
                    wrong |= done.not_in_order
        here.note("REPORT", [each.subject for each in batch.requests.values()], "BATCH")
    already = len(batch.requests) - written - len(wrong)
    click.echo(
        f"lineage: {written} reports written to {folder}, {already} were there"
        + (f"; {stopped} stopped: two accounts are one person, decide who is meant" if stopped else "")
        + (f"; {len(wrong)} not written" if wrong else ""),
        err=True,
    )
    for name, why in wrong.items():
        click.echo(f"lineage: {name}: {why}", err=True)
    return STOPPED if stopped or wrong else 0
