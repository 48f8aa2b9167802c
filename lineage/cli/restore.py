"""`lineage restore FOLDER`: a backup becomes an installation again."""

from pathlib import Path

import click

from lineage.cli.opened import say
from lineage.settings import load_settings


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Put the backup in FOLDER into an empty home folder and make the database from it.

    Every file is compared with its digest before anything is written. The secret has to be the one that the
    backup was made with.

    \b
    Example:
      LINEAGE_HOME=/srv/lineage lineage restore /backups/2026-06-01

    Ends with 0, 1 when the home folder is not empty, a file was changed or the secret is another, 3 when the
    log has lost its beginning, 4 when it cannot be used.
    """
    from lineage.cli.rebuild import command as rebuild
    from lineage.operate.backup import restore

    done = restore(load_settings(), folder)
    click.echo(f"{len(done.files)} files restored, made {done.made_at:%Y-%m-%d %H:%M} UTC")
    if done.desk == "postgresql":
        say(f"the desk lay in PostgreSQL, {done.desk_entries} entries: bring it back with pg_restore")
    ctx.invoke(rebuild)
