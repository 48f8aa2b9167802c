"""`lineage secret rotate`: the tokens of a retired secret, tied to those of the new one."""

from typing import BinaryIO

import click

from lineage.cli.exits import BAD_INPUT
from lineage.cli.progress import progress
from lineage.cli.publish import read_with_progress, size_of
from lineage.errors import Refused
from lineage.settings import load_settings


@click.group("secret")
def command() -> None:
    """The secret that every subject token is made with."""


@command.command("rotate")
@click.argument("identifiers", type=click.File("rb"))
def rotate(identifiers: BinaryIO) -> None:
    """Tie the tokens of IDENTIFIERS (- for standard input) under the retired secret to those under the new.

    One identifier a line, such as account:42. The secret in use is the new one; LINEAGE_SECRET_RETIRED holds
    the old one. A wrong line is named by its number only; to run it again adds nothing.

    \b
    Example:
      lineage secret rotate identifiers.txt

    Ends with 0, 1 when lines were refused or no retired secret is set, 4 when the log cannot be used: run it
    again then.
    """
    from lineage.identity.rotating import rotate
    from lineage.logs import open_log
    from lineage.publish import retired_secret_of, secret_of

    settings = load_settings()
    if (retired := retired_secret_of(settings)) is None:
        raise Refused("There is no retired secret. Set LINEAGE_SECRET_RETIRED to the one in use before.")
    with open_log(settings) as log, progress("rotating", size_of(identifiers), unit="bytes") as advance:
        sent, refused = rotate(
            log,
            secret_of(settings),
            retired,
            read_with_progress(identifiers, advance),
            lambda number, reason: click.echo(f"line {number}: {reason}", err=True),
        )
    click.echo(f"tied {sent}, refused {refused}", err=True)
    if refused:
        raise SystemExit(BAD_INPUT)
