"""`lineage access-log`: who read whom."""

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.output import format_option, show


@click.command("access-log")
@click.option("--subject", help="Only readings of this person, such as account:42, or a subject token.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, the latest.")
@format_option
def command(subject: str | None, limit: int, form: str) -> None:
    """List who read whom: each report, timeline and question about one person, the latest first.

    \b
    Example:
      lineage access-log --subject account:42 --format csv

    Ends with 0, 1 when --subject cannot be read, 4 when the desk store cannot be used.
    """
    with at_desk() as here:
        tokens = here.tokens(subject) if subject else [None]
        read = [access for token in tokens for access in here.desk.accesses(token, limit)]
        found = sorted(read, key=lambda each: each.at, reverse=True)[:limit] if len(tokens) > 1 else read
    rows = [(each.at, each.actor, each.kind, each.subject, each.reason) for each in found]
    show(("at", "actor", "kind", "subject", "reason"), rows, form)
