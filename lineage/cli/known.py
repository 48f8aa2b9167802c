"""Which policy does a command check events against? The one named, else the one adopted last."""

from pathlib import Path

import click

from lineage.framing import SchemaIds
from lineage.logs import Log
from lineage.policy import Policy, load
from lineage.publish.adopting import last_adopted


def known_policy(log: Log, folder: Path | None, ids: SchemaIds) -> Policy | None:
    """The policy in the folder, else the one in the log; says so when there is none. ``ids``: what a schema
    registry's ids mean.
    """
    if folder is not None:
        return load(folder)
    adopted = last_adopted(log, ids)
    if adopted is None:
        click.echo(
            "lineage: no policy was adopted lately, none is named by --policy: words are not checked",
            err=True,
        )
    return adopted
