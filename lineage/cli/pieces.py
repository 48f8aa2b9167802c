"""`lineage pieces`: the copy of specific pieces, from the systems of record to the person."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.output import format_option, show
from lineage.desk.handovers import hand_over, handovers
from lineage.errors import Refused
from lineage.settings import load_settings

if TYPE_CHECKING:
    from lineage.pieces import Safe

F = TypeVar("F", bound=Callable[..., Any])


def keys_option(command: F) -> F:
    return click.option(
        "--keys",
        envvar="LINEAGE_PIECES_KEYS",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of the attachments' keys, best on another disk. [default: LINEAGE_HOME/attachment-keys]",
    )(command)


@click.group("pieces")
def command() -> None:
    """Copies of specific pieces: gathered from the systems of record, sealed, delivered once, destroyed.

    No value is ever shown, logged or kept in the clear, but by review (to read free content) and deliver.
    """


@command.command("seal")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report with the attachment's digest to this new file.",
)
@keys_option
def seal(report: Path, output: Path, keys: Path | None) -> None:
    """Ask the systems of record for the pieces of REPORT (the handler's JSON) and seal them.

    What the law withholds is not asked for. Addresses of the systems are read from the environment variables
    that the policy names.

    \b
    Example:
      lineage pieces seal answer.json -o with-pieces.json

    Ends with 0, 1 when the report is refused or something could not be read (it is named; the rest is
    sealed), 3 when no policy was adopted, 4 when the log or the database cannot be used.
    """
    from lineage.cli.opened import for_reading
    from lineage.pieces import attach
    from lineage.report.canonical import canonical
    from lineage.report.state import policy_in_force

    settings = load_settings()
    if output.exists():
        raise Refused(f"{output}: is there already. Name a new file.")
    try:
        document = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise Refused(f"{report}: is no report in JSON.") from None
    with for_reading(settings) as store:
        policy = policy_in_force(store.cursor())
    with at_desk() as here:
        made, kept, gathered = attach(document, policy, os.environ, _safe(keys), here.at)
        about = {"report": made["digest"], "case": made["request"]["id"]}
        hand_over(here.desk, kept.digest, "SEALED", **about, by=here.by, at=here.at)
    output.write_bytes(canonical(made) + b"\n")
    click.echo(f"sealed: {len(gathered.pieces)} elements, attachment {kept.digest}")
    if kept.for_review:
        click.echo(f"to be read before release: {', '.join(kept.for_review)}")
    for missing in gathered.missing:
        click.echo(f"missing: {missing.element} in {missing.system or '(unknown)'}: {missing.cause}")
    if gathered.missing:
        raise Refused("The copy is incomplete. Mend what is named above and seal anew, or deliver it so.")


@command.command("list")
@format_option
@keys_option
def listed(form: str, keys: Path | None) -> None:
    """Name every attachment: when it was sealed, delivered and destroyed, and what has to be read first.

    \b
    Example:
      lineage pieces list --format json

    Ends with 0.
    """
    from dataclasses import asdict, fields

    from lineage.pieces import Kept

    columns = [each.name for each in fields(Kept)]
    show(columns, [list(asdict(each).values()) for each in _safe(keys).all()], form)


@command.command("review")
@click.argument("digest")
@keys_option
def review(digest: str, keys: Path | None) -> None:
    """Print the free content of the attachment DIGEST, to be read before it is released.

    It may tell of other people, or hold what the law forbids to show: leave such elements out of the copy.

    \b
    Example:
      lineage pieces review 5f1c…

    Ends with 0, 1 when there is no such attachment, 3 when it does not open, 4 when the desk store cannot be
    used.
    """
    safe = _safe(keys)
    kept = safe.kept(digest)
    with at_desk() as here:
        hand_over(here.desk, digest, "OPENED", by=here.by, at=here.at)
    copy = json.loads(safe.read(digest))
    free = [each for each in copy["pieces"] if each["element"] in kept.for_review]
    click.echo(json.dumps(free, ensure_ascii=False, indent=2))


@command.command("deliver")
@click.argument("digest")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Hand the copy over in this new file, readable by its owner alone.",
)
@click.option("--reviewed-by", help="The role or id of who has read the free content.")
@click.option("--leave-out", multiple=True, help="An element that shows another person's data. Repeatable.")
@keys_option
def deliver(
    digest: str, output: Path, reviewed_by: str | None, leave_out: tuple[str, ...], keys: Path | None
) -> None:
    """Open the attachment DIGEST once, hand the copy over, and destroy the attachment and its key.

    \b
    Example:
      lineage pieces deliver 5f1c… -o copy.json --reviewed-by privacy-desk

    Ends with 0, 1 when there is none, or its free content was not read, 3 when it does not open, 4 when the
    desk store cannot be used.
    """
    from lineage.pieces.safe import write

    if output.exists():
        raise Refused(f"{output}: is there already. Name a new file.")
    safe = _safe(keys)
    safe.kept(digest)
    with at_desk() as here:
        # Before it is opened: who holds a copy in the clear is known, whatever happens next.
        hand_over(here.desk, digest, "OPENED", by=here.by, at=here.at)
        safe.deliver(
            digest,
            lambda copy: write(output, copy),
            here.at,
            reviewed_by=reviewed_by,
            left_out=leave_out,
        )
        hand_over(here.desk, digest, "DELIVERED", "DESTROYED", by=here.by, at=here.at)
    click.echo("delivered, and the attachment destroyed. Delete the file once the person has it.")


@command.command("destroy")
@click.argument("digest")
@keys_option
def destroy(digest: str, keys: Path | None) -> None:
    """Destroy the attachment DIGEST and its key without delivering it.

    \b
    Example:
      lineage pieces destroy 5f1c…

    Ends with 0, 1 when there is no such attachment, 4 when the desk store cannot be used.
    """
    safe = _safe(keys)
    safe.kept(digest)
    with at_desk() as here:
        safe.destroy(digest, here.at)
        hand_over(here.desk, digest, "DESTROYED", by=here.by, at=here.at)
    click.echo("destroyed.")


@command.command("history")
@click.argument("digest")
@format_option
def history(digest: str, form: str) -> None:
    """List who sealed, opened, delivered and destroyed the attachment DIGEST, when, and for which case.

    \b
    Example:
      lineage pieces history 5f1c… --format json

    Ends with 0, 4 when the desk store cannot be used.
    """
    with at_desk() as here:
        steps = handovers(here.desk, digest)
    rows = [(each.at, each.step, each.by, each.case, each.report) for each in steps]
    show(("at", "step", "by", "case", "report"), rows, form)


def _safe(keys: Path | None) -> "Safe":
    from lineage.pieces import Safe

    home = load_settings().home
    return Safe(home / "attachments", keys or home / "attachment-keys")
