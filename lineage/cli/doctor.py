"""`lineage doctor`: is everything as it has to be?"""

import click

from lineage.cli.exits import ENVIRONMENT, STOPPED
from lineage.cli.output import format_option, show


@click.command("doctor")
@format_option
def command(form: str) -> None:
    """Look at settings, secret, desk, topic, lag, archive, database and disks; tell what to do.

    Coverage, checkpoints, erasures that wait and the last backup are looked at, too. Changes nothing.

    Each line is OK, WARN (works; look at it), FAIL (somebody has to act) or SILENT (could not be asked). It
    takes 20 seconds at most.

    \b
    Example:
      lineage doctor --format json

    Ends with 0, 3 when something is FAIL, 4 when nothing is but something could not be asked.
    """
    from lineage.operate.examine import Level, examine, worst

    found = examine()
    columns = ("what", "level", "means", "remedy")
    show(columns, ([each.what, str(each.level), each.means, each.remedy] for each in found), form)
    match worst(found):
        case Level.FAIL:
            raise SystemExit(STOPPED)
        case Level.SILENT:
            raise SystemExit(ENVIRONMENT)
