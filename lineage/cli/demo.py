"""`lineage demo`: the whole way once, on this machine, without a broker."""

import click

from lineage.cli.forms import give
from lineage.cli.progress import progress
from lineage.settings import load_settings


@click.command("demo")
@click.option("--people", type=click.IntRange(8), default=300, show_default=True, help="People to make.")
def command(people: int) -> None:
    """Make a year of an invented business, publish and project it, and answer one person's request to know.

    Everything lies in the folder demo of LINEAGE_HOME, which is emptied first; nothing else is touched.

    \b
    Example:
      lineage demo

    Ends with 0, or 4 when the log or the database cannot be used.
    """
    from lineage import demo
    from lineage.report.gate import released
    from lineage.report.request import Audience, Verification

    home = load_settings().home / "demo"
    with progress("publishing a year", None, unit="events") as advance:
        made = demo.run(home, people=people, advance=advance)
    give(released(made.document, Verification.V2_HIGH, audience=Audience.PERSON), "text", "en", None)
    click.echo(
        f"{made.events:,} events of {people} people were published and projected; this is one of them."
    )
    click.echo(f"The answer as JSON: {made.answer}")
    click.echo("Ask for yourself:")
    received = "2026-06-15T10:00-07:00"
    for question in (
        f"report account:participant-8 --received {received} --format text",
        f"timeline {demo.SHOWN}",
        'sql "select recipient, count(*) as times from disclosures group by all order by times desc"',
    ):
        click.echo(f"  LINEAGE_HOME={home} lineage {question}")
