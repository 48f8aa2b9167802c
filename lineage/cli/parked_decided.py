"""`lineage parked release|discard`: what a person decides about refused records."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from lineage.cli.at_desk import AtDesk, at_desk
from lineage.cli.exits import STOPPED
from lineage.cli.opened import caught_up
from lineage.cli.output import format_option, show
from lineage.cli.places import PLACE
from lineage.desk.parked import DISCARDED, RELEASED, ParkedDecision
from lineage.errors import Refused
from lineage.projection.parking import REASONS

if TYPE_CHECKING:
    from lineage.parked.still import Still
    from lineage.store import Store

Places = Sequence[tuple[int, int]]


def which(command: Callable[..., Any]) -> Callable[..., Any]:
    """The records that are meant, and why."""
    places = click.argument("places", metavar="[PLACE]...", nargs=-1, type=PLACE)
    refused_for = click.option(
        "--refused-for", type=click.Choice(REASONS), help="All that are parked for this reason."
    )
    reason = click.option("--reason", required=True, help="Why: a code, such as SCHEMA_SHIPPED.")
    return places(refused_for(reason(command)))


@click.command("release")
@which
@format_option
@click.pass_context
def release(ctx: click.Context, places: Places, refused_for: str | None, reason: str, form: str) -> None:
    """Judge what is parked at each PLACE again, as this version of the package can read it.

    What is accepted now counts from the time at which the log recorded it, as after a rebuild. The decision
    is kept at the desk.

    \b
    Example:
      lineage parked release 3/1042 --reason SCHEMA_SHIPPED
      lineage parked release --refused-for UNKNOWN_SCHEMA --reason SCHEMA_SHIPPED

    Ends with 0, 1 when nothing is parked at a PLACE, 2 when neither places nor a reason are named, 3 when
    some stay parked (a person has to decide), 4 when the log or a store cannot be used.
    """
    from lineage.framing import known_ids
    from lineage.parked.judged_again import judge_again

    with at_desk() as here, caught_up(here.settings) as store:
        meant = _meant(here, store, places, refused_for)
        _decide(here, store, meant, RELEASED, reason)
        outcomes = judge_again(
            store, [(each.partition, each.offset) for each in meant], known_ids(here.settings.home)
        )
    show(("place", "became"), [(f"{each.partition}/{each.offset}", each.became) for each in outcomes], form)
    if any(each.is_parked for each in outcomes):
        click.echo("lineage: see lineage parked show for what helps with those that stay parked", err=True)
        ctx.exit(STOPPED)


@click.command("discard")
@which
def discard(places: Places, refused_for: str | None, reason: str) -> None:
    """Decide that what is parked at each PLACE is no event: it leaves no gap in answers any more.

    Answers as of an earlier instant keep the gap. To take it back, release the record.

    \b
    Example:
      lineage parked discard 3/1042 --reason SENT_AGAIN_UNDER_NEW_ID

    Ends with 0, 1 when nothing is parked at a PLACE, 2 when neither places nor a reason are named, 3 when
    somebody else decides at the same moment, 4 when the log or a store cannot be used.
    """
    with at_desk() as here, caught_up(here.settings) as store:
        meant = _meant(here, store, places, refused_for)
        position = _decide(here, store, meant, DISCARDED, reason)
    click.echo(f"discarded {len(meant)}; the desk is at position {position}")


def _meant(here: AtDesk, store: "Store", places: Places, refused_for: str | None) -> "list[Still]":
    from lineage.parked.still import still_refused

    if not places and refused_for is None:
        raise click.UsageError("Name a PLACE, or all of one reason with --refused-for.")
    with store.cursor() as reader:
        # A discarded record is open in the database all the same: releasing it takes that back.
        found = {(each.partition, each.offset): each for each in still_refused(reader)}
    for partition, offset in sorted(set(places) - set(found)):
        raise Refused(
            f"No open record is parked at {partition}/{offset}; nothing was decided. Run: lineage parked list"
        )
    meant = [each for place, each in found.items() if place in places or each.reason == refused_for]
    if not meant:
        raise Refused("Nothing is parked for that reason. Run: lineage parked list")
    return meant


def _decide(here: AtDesk, store: "Store", meant: "Sequence[Still]", decided: str, reason: str) -> int:
    from lineage.report.state import projected

    with store.cursor() as reader:
        as_of = projected(reader).as_of
    return here.desk.decide(
        ParkedDecision(
            places=tuple((each.partition, each.offset, each.recorded_at) for each in meant),
            decided=decided,
            as_of=as_of,
            reason=reason,
            by=here.by,
            at=here.at,
        )
    )
