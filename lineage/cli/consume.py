"""`lineage consume NAME`: run one of the consumers that ship with the package."""

import runpy

import click

from lineage.errors import Refused
from lineage.resources import folder


@click.command("consume")
@click.argument("name")
def command(name: str) -> None:
    """Run the consumer NAME until it is stopped: the scripts of the folder consumers/, one process each.

    \b
    Example:
      lineage consume project_lineage

    Ends with 0 when it is stopped by a signal, 1 when there is no such consumer, 3 or 4 when it has to stop.
    """
    places = {path.stem: path for path in folder("consumers").glob("[a-z]*.py")}
    if name not in places:
        raise Refused(f"no such consumer; there are: {', '.join(sorted(places))}")
    runpy.run_path(str(places[name]), run_name="__main__")
