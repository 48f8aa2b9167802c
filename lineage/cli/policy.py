"""`lineage policy adopt|check|import-fideslang`: the business's declared side."""

from datetime import datetime
from pathlib import Path

import click

from lineage.cli.import_fideslang import import_fideslang
from lineage.cli.instants import INSTANT
from lineage.settings import load_settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("policy")
def command() -> None:
    """The business's policy: what it declares about data, parties, purposes and contracts."""


@command.command("check")
@click.argument("folder", type=FOLDER)
def check(folder: Path) -> None:
    """Read the policy in FOLDER and name every problem by file, line and key. Writes nothing.

    \b
    Example:
      lineage policy check examples/marketplace/policy

    Ends with 0 when it is in order, 1 when it is not.
    """
    from lineage.policy import load

    policy = load(folder)
    click.echo(f"in order: {len(policy.files)} files, digest {policy.digest}")


@command.command("adopt")
@click.argument("folder", type=FOLDER)
@click.option(
    "--recorded-at",
    type=INSTANT,
    help="When the log shall say it was adopted, such as 2026-01-01T00:00Z; not before its last record. "
    "Embedded log only: for tests and for moving a history.",
)
def adopt(folder: Path, recorded_at: datetime | None) -> None:
    """Write the policy in FOLDER into the log: from now on it judges all facts, past ones by its dated rows.

    \b
    Example:
      lineage policy adopt examples/marketplace/policy

    Ends with 0, 1 when the policy is not in order (nothing is written), 4 when the log cannot be used.
    """
    from lineage.logs import open_log
    from lineage.policy import load
    from lineage.publish.adopting import adopt as write_into

    settings = load_settings()
    if recorded_at is not None and settings.log != "embedded":
        raise click.UsageError("--recorded-at is for the embedded log; Kafka stamps records itself.")
    policy = load(folder)
    with open_log(settings) as log:
        write_into(policy, log, recorded_at=recorded_at)
    click.echo(f"adopted: {len(policy.files)} files, digest {policy.digest}")


command.add_command(import_fideslang)
