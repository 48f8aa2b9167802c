"""How does a person go on though many records are refused? By a decision that stands at the desk."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from lineage.cli.at_desk import at_desk
from lineage.projection.limits import Acceptance


def accepting_parked(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --accept-parked and --reason."""
    reason = click.option("--reason", help="Why, with --accept-parked: a code, such as OLD_APP_RETIRED.")
    accept = click.option(
        "--accept-parked",
        type=click.IntRange(1),
        metavar="COUNT",
        help="Decide that up to so many of the records that are in the log now may be parked; for all time.",
    )
    return accept(reason(command))


def note_accepted(most: int, offsets: Mapping[int, tuple[int, int]], reason: str | None) -> None:
    """Keep the decision. ``offsets``: per partition the next offset to read, and the end of the log now.

    Raises Refused, DeskUnavailable; click's UsageError without a reason.
    """
    if reason is None:
        raise click.UsageError("--accept-parked is a decision: say why with --reason CODE.")
    covered = {part: (first, end - 1) for part, (first, end) in offsets.items() if end > first}
    with at_desk() as here:
        here.desk.accept_parked(Acceptance(most, covered), reason=reason, by=here.by, at=here.at)
