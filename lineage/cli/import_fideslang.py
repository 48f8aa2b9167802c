"""`lineage policy import-fideslang`: a draft of a policy from what a team has tagged already."""

from pathlib import Path

import click

from lineage.cli.exits import STOPPED
from lineage.cli.output import format_option, show


@click.command("import-fideslang")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the draft; none of its files may be there yet.",
)
@format_option
@click.pass_context
def import_fideslang(ctx: click.Context, files: tuple[Path, ...], folder: Path, form: str) -> None:
    """Draft a policy from fideslang manifests (YAML or JSON): elements, purposes, systems and parties.

    Known keys become elements and purposes by a table of this package, read for the worst case. Everything
    else is listed: what a person has to CHOOSE in the draft, and what a policy has no row for. `lineage
    policy check` refuses the draft until all is chosen.

    Needs fideslang: pip install 'personal-data-lineage[fideslang]'.

    \b
    Example:
      lineage policy import-fideslang .fides/systems.yml .fides/datasets.yml -o draft

    Ends with 0, 1 when a file is no manifest or the folder holds a policy (nothing is written), 3 when
    something has to be chosen.
    """
    from lineage.fides.counterparts import counterparts
    from lineage.fides.drafting import draft
    from lineage.fides.manifests import read
    from lineage.fides.tagged import tagged
    from lineage.fides.written import texts, write
    from lineage.policy import statute

    made = draft(tagged(read(files)), counterparts())
    written = texts(made, statute())
    write(written, folder)
    listed = [("CHOOSE", each) for each in made.to_choose] + [("NO_ROW", each) for each in made.leftovers]
    show(
        ("becomes", "kind", "key", "files", "hint"),
        [(becomes, each.kind, each.key, list(each.files), each.hint) for becomes, each in listed],
        form,
    )
    click.echo(f"drafted: {len(written)} files, {len(made.to_choose)} things to choose", err=True)
    if made.to_choose:
        ctx.exit(STOPPED)
