"""`lineage demo`: the whole way once, on this machine, without a broker."""

import click


@click.command("demo")
@click.option("--people", type=click.IntRange(1), default=300, show_default=True, help="People to make.")
def command(people: int) -> None:
    """Make a year of an invented business, publish and project it, and answer one person's request to know.

    \b
    Example:
      lineage demo

    Ends with 0, or 4 when the log or the database cannot be used.
    """
    from lineage.demo import run

    run(people=people)
