"""`lineage backfill MAPPING…`: what a business already has, turned into events."""

from pathlib import Path

import click

from lineage.cli.exits import BAD_INPUT
from lineage.cli.known import known_policy
from lineage.cli.progress import progress
from lineage.settings import load_settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("backfill")
@click.argument(
    "mappings", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--data", required=True, type=FOLDER, help="The folder with the CSV, Parquet or JSON files.")
@click.option("--producer", required=True, help="The producer of these events, as the policy names it.")
@click.option(
    "--policy",
    "folder",
    type=FOLDER,
    help="Check against the policy in this folder. Default: the policy that was last adopted in the log.",
)
@click.option("--dry-run", is_flag=True, help="Check every row, count the events, send nothing.")
def command(
    mappings: tuple[Path, ...], data: Path, producer: str, folder: Path | None, dry_run: bool
) -> None:
    """Turn rows of files into events, by MAPPINGS: one .sql file for each sort of event.

    Every row is checked before anything is sent; problems are named by row and field. Running it again adds
    nothing. docs/backfill.md tells how a mapping is written.

    \b
    Example:
      lineage backfill examples/marketplace/mappings/*.sql --data orders \\
        --producer marketplace_orders --policy examples/marketplace/policy

    Ends with 0, 1 when rows or mappings are not in order (nothing is sent), 4 when the log cannot be used.
    """
    from lineage.backfill import Backfill, BackfillRefused
    from lineage.backfill.mapping import read_mapping
    from lineage.framing import known_ids
    from lineage.logs import open_log
    from lineage.publish import pseudonymiser_of
    from lineage.publish.checking import check_of

    settings = load_settings()
    read = [read_mapping(path) for path in mappings]
    pseudonymiser = pseudonymiser_of(settings)
    with open_log(settings) as log:
        policy = known_policy(log, folder, known_ids(settings.home))
        backfill = Backfill(log, pseudonymiser, check_of(policy), producer, data)
        try:
            with progress("checking", None, unit="rows") as advance:
                backfill.on_row = lambda mapping, number: advance(1)
                counts = backfill.checked(read)
        except BackfillRefused as refused:
            for problem in refused.problems:
                click.echo(problem, err=True)
            click.echo(f"lineage: {refused.count} rows are not in order; nothing was sent.", err=True)
            raise SystemExit(BAD_INPUT) from None
        for name, count in counts.items():
            click.echo(f"{name}: {count}")
        if dry_run:
            return
        with progress("sending", sum(counts.values()), unit="events") as advance:
            backfill.on_row = lambda mapping, number: advance(1)
            sent = backfill.send(read)
    click.echo(f"sent {sent}", err=True)
