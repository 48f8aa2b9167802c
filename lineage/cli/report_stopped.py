"""How does a command end when two accounts turn out to be one person? (rulings.md 18)"""

from typing import NoReturn

import click

from lineage.cli.exits import STOPPED


def two_accounts(ctx: click.Context) -> NoReturn:
    """Say so, and leave it to a person."""
    click.echo(
        "lineage: two accounts are linked as one person at one time; undo the wrong link, or decide who is "
        "meant, then ask again",
        err=True,
    )
    ctx.exit(STOPPED)
