"""`lineage verify`: does the archive still hold what was archived?"""

from dataclasses import astuple
from pathlib import Path

import click

from lineage.cli.archived import archive_of
from lineage.cli.exits import STOPPED
from lineage.cli.output import format_option, show
from lineage.cli.progress import progress
from lineage.settings import load_settings

COLUMNS = ("what", "partition", "first_offset", "last_offset", "segment", "says")


@click.command("verify")
@click.option(
    "--checkpoints",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with copies of the checkpoints, in place of the one that LINEAGE_CHECKPOINTS names.",
)
@click.option(
    "--public-key",
    "public_keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of public keys to believe, in place of checkpoint-key.pub in the home folder; repeatable.",
)
@click.option(
    "--database",
    "with_database",
    is_flag=True,
    help="See, too, that each archived record came into the database in exactly one way, and nothing else.",
)
@format_option
def command(checkpoints: Path | None, public_keys: tuple[Path, ...], with_database: bool, form: str) -> None:
    """Find every record of the archive that was changed, lost, added or put elsewhere since it was archived.

    Each record is compared with its digest, and all digests with the signed checkpoints. Erased records pass:
    their digests stay. A row tells a fault and between which offsets it lies.

    \b
    Example:
      lineage verify --checkpoints /mnt/worm/checkpoints --public-key auditors-copy.pub

    Ends with 0 when the archive is whole, 1 when there is no archive, public key or database, 3 when it is
    not whole, 4 when another process has the database.
    """
    from lineage.archive.form import partitions
    from lineage.cli.opened import database
    from lineage.framing import known_ids
    from lineage.proof.believing import believed
    from lineage.proof.chain import FOLDER
    from lineage.proof.keys import PUBLIC, trusted
    from lineage.proof.projected import unmatched
    from lineage.proof.verifying import standing, verify

    settings = load_settings()
    archive, log = archive_of(settings)
    elsewhere = checkpoints or settings.checkpoints
    keys = trusted(public_keys or [settings.home / PUBLIC])
    chain, faults = believed(archive / FOLDER, [elsewhere] if elsewhere else [], keys, log)
    offsets = sum(each.span for part in partitions(archive) for each in standing(archive, part)[0])
    with progress("verifying", offsets, unit="records") as advance:
        verdict = verify(archive, chain, advance, known_ids(settings.home))
    found = [*faults, *verdict.findings]
    if with_database:
        found += unmatched(archive, database(settings))
    rows = [(each.what.value, *astuple(each)[2:], each.says) for each in found]
    show(COLUMNS, rows, form)
    click.echo(
        f"{'NOT WHOLE' if found else 'whole'}: {verdict.records} records, {verdict.erased} of them erased; "
        f"checkpoint {chain[-1].number if chain else 'none'} covers {verdict.covered}",
        err=True,
    )
    if verdict.erased_since:
        click.echo(f"{verdict.erased_since} were erased since that checkpoint: is that right?", err=True)
    if found:
        raise SystemExit(STOPPED)
