"""`lineage backup FOLDER`: what must not be lost, copied while everything goes on."""

from pathlib import Path

import click

from lineage.cli.opened import say
from lineage.settings import load_settings


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--with-secret",
    is_flag=True,
    help="Copy the home folder's secret and checkpoint key, too: keep the folder locked.",
)
def command(folder: Path, with_secret: bool) -> None:
    """Copy archive, embedded log and desk into a new FOLDER, with digests, positions and word of the secret.

    Services go on publishing and the projector projecting. The database is not copied: it is made again. A
    desk in PostgreSQL is only named: pg_dump copies it. Without --with-secret keep the secret elsewhere.

    \b
    Example:
      lineage backup /backups/2026-06-01

    Ends with 0, 1 when the folder is not empty or nothing is there, 4 when the desk does not answer.
    """
    from lineage.operate.backup import backup

    made = backup(load_settings(), folder, with_secret=with_secret)
    size = sum(each.size for each in made.files.values())
    if made.desk == "postgresql":
        say(f"the desk lies in PostgreSQL, {made.desk_entries} entries: copy it with pg_dump")
    if made.log == "kafka" and not made.positions:
        say("there is no archive: the records stand in Kafka alone")
    if made.secret and not with_secret:
        say("the secret is not in it: without that nobody is found again. Keep it in another place")
    click.echo(f"{folder}: {len(made.files)} files, {size} bytes")
