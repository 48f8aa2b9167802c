"""`lineage snapshot FOLDER`: one state of all views for analysts."""

from pathlib import Path

import click

from lineage.cli.opened import for_reading
from lineage.errors import StoreInUse
from lineage.settings import load_settings


@click.command("snapshot")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "duckdb"]),
    default="parquet",
    show_default=True,
    help="A Parquet file for each view, or one DuckDB file.",
)
def command(folder: Path, form: str) -> None:
    """Write one state of events, facts, disclosures, subjects, coverage and parked into a new FOLDER.

    A running projector takes it itself and goes on; without one, the database is caught up first.

    \b
    Example:
      lineage snapshot /analysts/2026-06-01 --format duckdb

    Ends with 0, 1 when the folder is not empty or cannot be written, 4 when log or database cannot be used.
    """
    from lineage.operate.snapshot import as_database, ask, take

    settings = load_settings()
    try:
        with for_reading(settings) as store, store.cursor() as reader:
            take(reader, folder)
    except StoreInUse as owner:
        ask(settings.home, folder, owner=owner)
    if form == "duckdb":
        as_database(folder)
    click.echo(f"{folder}: {', '.join(sorted(path.name for path in folder.iterdir()))}")
