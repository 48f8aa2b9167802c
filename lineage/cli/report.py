"""`lineage report`: the answer to one person's request to know."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.forms import form_of_answer, give, language_option, refuse_in_vain
from lineage.cli.instants import INSTANT
from lineage.cli.opened import for_reading
from lineage.cli.report_batch import answer_all
from lineage.cli.report_case import answer_case
from lineage.cli.report_options import refusal_of, refuse_others
from lineage.cli.report_stopped import two_accounts
from lineage.publish import pseudonymiser_of
from lineage.report.refusal import Reason
from lineage.report.request import BLOCKS, Audience, Request, Verification, blocks_of
from lineage.settings import load_settings

BESIDE_CUSTOMER: Final = frozenset(
    {"subject", "received", "since", "everything", "as_of", "for_customer", "output", "reason", "form"}
)
BESIDE_BATCH: Final = frozenset({"batch", "output", "as_of", "form", "language"})
BESIDE_CASE: Final = frozenset(
    {"case_id", "output", "as_of", "audience", "form", "language", "refuse", "facts"}
)
FOR_HANDLERS: Final = frozenset({"json", "text"})
"""Forms that are the handler's copy unless the person's is asked for (design, section 7)."""


@click.command("report")
@click.argument("subject", required=False)
@click.option(
    "--received",
    help="When the request reached the business: a day (2026-06-15) or an instant (2026-06-15T10:00-07:00).",
)
@click.option("--from", "since", metavar="DAY", help="Answer from this day on, not before 2022.")
@click.option("--everything", is_flag=True, help="Answer for all since 1 January 2022.")
@click.option("--blocks", help=f"What is asked for, with commas or spaces between: {','.join(BLOCKS)}.")
@click.option(
    "--as-of", type=INSTANT, help="Answer as the log knew it then (default: everything it knows now)."
)
@click.option(
    "--verification",
    type=click.Choice([each.value for each in Verification]),
    default=Verification.V0_NONE.value,
    show_default=True,
    help="How sure you are of who asks.",
)
@click.option(
    "--audience",
    type=click.Choice([each.value for each in Audience]),
    help="The handler's copy tells everything; the person's what their verification releases. "
    "By default json and text are for the handler, the other forms for the person.",
)
@form_of_answer
@language_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write it to this file (a batch: this folder)."
)
@click.option(
    "--batch",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Answer every line of this CSV file (id, subject, received, …) into the folder of -o.",
)
@click.option(
    "--for-customer",
    metavar="CUSTOMER",
    help="Instead of our answer, what this customer needs for its own: its events as JSON, nobody else's.",
)
@click.option("--case", "case_id", type=click.UUID, help="Answer this case, at the level that it shows.")
@click.option(
    "--refuse",
    type=click.Choice(list(Reason)),
    help="Answer the twelve months in place of the longer period asked for. Needs --facts.",
)
@click.option("--facts", help="What makes the longer period impossible or too much; the person is told so.")
@click.option("--reason", default="NOT_STATED", show_default=True, help="Why you read; for the access log.")
@click.pass_context
def command(
    ctx: click.Context,
    subject: str | None,
    received: str | None,
    since: str | None,
    everything: bool,
    blocks: str | None,
    as_of: datetime | None,
    verification: str,
    audience: str | None,
    form: str,
    language: str,
    output: Path | None,
    batch: Path | None,
    for_customer: str | None,
    case_id: UUID | None,
    refuse: str | None,
    facts: str | None,
    reason: str,
) -> None:
    """What was collected of a person, from whom, why, and to whom it went, before a request.

    The twelve months before it, unless more is asked for.

    SUBJECT is an identifier with its namespace, such as account:42 or email:ana@example.com, or a
    subject token. What verified links tie to it belongs to the answer.
    Without a case the report is stamped not for release.

    \b
    Example:
      lineage report account:42 --received 2026-06-15T10:00-07:00 -o answer.json
      lineage report account:42 --received 2026-06-15 --everything --refuse DISPROPORTIONATE --facts "…"
      lineage report --case 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11 --audience person -o answer.json
      lineage report --case 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11 --format pdf --language es -o letter.pdf
      lineage report --batch requests.csv -o answers/
      lineage report account:42 --received 2026-06-15 --for-customer HOSPITAL -o for-hospital.json

    Ends with 0, 1 when SUBJECT or an option cannot be read, 2 when options do not go together, 3 when no
    policy was adopted, two accounts turn out to be one person or a report is not in order (a person has to
    decide), 4 when the log or the database cannot be used.
    """
    from lineage.window import day
    from lineage.window import received as receipt

    then = None if as_of is None else as_of.astimezone(UTC)
    refuse_in_vain(form, language, output)
    if batch is not None:
        refuse_others(ctx, "--batch", "its file, line by line", BESIDE_BATCH)
        ctx.exit(answer_all(batch, output, then, form, language))
    whose = Audience.HANDLER if form in FOR_HANDLERS else Audience.PERSON
    if audience is not None:
        whose = Audience(audience)
    if for_customer is not None:
        refuse_others(ctx, "--for-customer", "the customer's own answer", BESIDE_CUSTOMER)
        if form != "json":
            raise click.UsageError(f"--format {form}: a customer's part comes as JSON, for its own answer.")
    refusal = refusal_of(refuse, facts)
    if case_id is not None:
        refuse_others(ctx, "--case", "the case", BESIDE_CASE)
        document, behind = answer_case(case_id, whose, then, refusal, explain=form != "json")
        give(document, form, language, output, behind)
        if "stopped" in document:
            two_accounts(ctx)
        return
    if subject is None or received is None:
        raise click.UsageError("Name a SUBJECT and its --received, or a --case, or a file with --batch.")
    settings = load_settings()
    token, _ = pseudonymiser_of(settings).token(subject)
    request = Request(
        subject=token,
        received=receipt(received),
        since=None if since is None else day(since),
        everything=everything,
        blocks=BLOCKS if blocks is None else blocks_of(blocks),
        verification=Verification(verification),
        audience=whose,
    )
    if refusal is not None:
        request = request.refusing(refusal)
    with at_desk() as here:
        with for_reading(settings) as store:
            reporter = here.reporter(store)
            document = (
                reporter.report([request], as_of=then)[0]
                if for_customer is None
                else reporter.for_customer(request, for_customer, as_of=then)
            )
            behind = None
            if form != "json" and whose is Audience.HANDLER and "stopped" not in document:
                behind = reporter.explain_lines(request, document, as_of=then)
        here.note("REPORT", [token], reason)
    give(document, form, language, output, behind)
    if "stopped" in document:
        two_accounts(ctx)
