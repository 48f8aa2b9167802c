"""`lineage checkpoint`: sign what stands in the archive now."""

from datetime import UTC, datetime

import click

from lineage.cli.archived import archive_of
from lineage.settings import load_settings


@click.command("checkpoint")
def command() -> None:
    """Sign how far the archive is and what stands in it, and copy that to where LINEAGE_CHECKPOINTS says.

    The archiver does so on its own, every LINEAGE_CHECKPOINT_MINUTES. The key lies in the home folder, made
    on first use; `checkpoint-key.pub` beside it is what others verify with.

    \b
    Example:
      lineage checkpoint

    Ends with 0 (also where nothing changed since the last one), 1 when there is no archive or no key can be
    read, 3 when the archive did not grow out of its last checkpoint, 4 when a folder cannot be written.
    """
    from lineage.proof.keys import signer
    from lineage.proof.making import checkpoint

    settings = load_settings()
    archive, log = archive_of(settings)
    made = checkpoint(archive, signer(settings.home, log), datetime.now(UTC), copies=settings.checkpoints)
    if made is None:
        click.echo("nothing was archived or erased since the last checkpoint", err=True)
        return
    records = sum(head.size for head in made.heads.values())
    click.echo(f"checkpoint {made.number} of {records} records: {made.digest}")
