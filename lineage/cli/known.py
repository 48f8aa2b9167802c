"""Which policy does a command check events against? The one named, else the one adopted last."""

from pathlib import Path

import click

from lineage.logs import Log
from lineage.policy import Policy, load
from lineage.publish.adopting import last_adopted


def known_policy(log: Log, folder: Path | None) -> Policy | None:
    """The policy in the folder, else the one in the log; says so when there is none."""
    if folder is not None:
        return load(folder)
    adopted = last_adopted(log)
    if adopted is None:
        click.echo(
            "lineage: no policy was adopted lately, none is named by --policy: words are not checked",
            err=True,
        )
    return adopted
