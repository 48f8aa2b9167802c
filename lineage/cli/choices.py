"""`lineage choices`: what services ask before they sell or share."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import click

from lineage.cli.consuming import consuming
from lineage.cli.opened import caught_up
from lineage.errors import LineageError, StoreInUse
from lineage.operate.choices.exporting import Exported
from lineage.settings import Settings, load_settings

LOG = logging.getLogger(__name__)


@click.group("choices")
def command() -> None:
    """What people chose, for the services that sell or share data."""


@command.command("export")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. Default: the one that the setting `choices` names.",
)
@click.option(
    "--every",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MINUTES",
    help="Go on, and write it anew so often.",
)
def export(output: Path | None, every: float | None) -> None:
    """Write the signed snapshot of choices that publisher.may_share relies on.

    It holds the tokens of everybody who opted out or in, set a limit, gave or withdrew consent, is known to
    be under 16, or was erased; and of those who were said to be the same person. A running projector makes it
    itself and goes on; without one, the database is caught up first. Needs the secret of the tokens.

    \b
    Example:
      lineage choices export
      lineage choices export -o /srv/choices.signed --every 15

    Ends with 0, 2 when an option cannot be read, 3 when no policy was adopted or the projector is stopped
    (a person has to decide), 4 when log, database or desk cannot be used or the file cannot be written.
    """
    settings = load_settings()
    path = output or settings.choices_path
    if every is None:
        told = exported(settings, path)
        click.echo(f"{path}: {told.people} people, all that was recorded before {told.until.isoformat()}")
        return
    with consuming(settings, "choices_export") as stop:
        while not stop.is_set():
            try:
                told = exported(settings, path)
                LOG.info("%d people, all that was recorded before %s", told.people, told.until.isoformat())
            except (LineageError, OSError):
                # The file that is there serves until it is too old, and then nothing is permitted.
                LOG.exception("no snapshot of choices; tried again in %g minutes", every)
            stop.wait(every * 60)


def exported(settings: Settings, path: Path) -> Exported:
    """Make the snapshot, or have it made by whoever owns the database."""
    from lineage.choices.permissions import CHECK
    from lineage.choices.snapshot import Snapshot
    from lineage.operate.choices import export_here
    from lineage.operate.snapshot import ask_for_choices
    from lineage.proof.keys import PUBLIC, trusted
    from lineage.publish import pseudonymiser_of

    secret = str(pseudonymiser_of(settings).token(CHECK)[0])
    began = datetime.now(UTC)
    try:
        with caught_up(settings) as store, store.cursor() as reader:
            return export_here(reader, settings, path, secret, caught_up_at=began)
    except StoreInUse as owner:
        ask_for_choices(settings.home, path, secret, owner=owner)
    with Snapshot(path, trusted([settings.home / PUBLIC])) as made:
        return Exported(made.head.people, made.head.until)
