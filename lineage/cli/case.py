"""`lineage case open|authority|verify|reauthenticate|extend|hold`: what is decided about a request."""

from datetime import datetime
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk, happened_option
from lineage.cli.case_shown import list_, show_
from lineage.desk.case import Case
from lineage.desk.proof import AUTHORITY, CHANNELS, EXTENSION_REASONS, Method, RequestedBy
from lineage.report.request import BLOCKS


@click.group("case")
def command() -> None:
    """Requests to know: who asked, how sure we are of that, and until when to answer."""


@command.command("open")
@click.argument("subject")
@click.option("--received", required=True, help="A day (2026-06-15) or an instant (2026-06-15T10:00-07:00).")
@click.option("--via", required=True, type=click.Choice(sorted(CHANNELS)), help="The way it arrived.")
@click.option(
    "--requested-by", type=click.Choice(list(RequestedBy)), default=RequestedBy.SELF, show_default=True
)
@click.option("--blocks", default=",".join(BLOCKS), help="The parts asked for, with commas. Default: all.")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="The first day of a longer period.")
@click.option("--everything", is_flag=True, help="Everything since 2022.")
@happened_option
def open_(
    subject: str,
    received: str,
    via: str,
    requested_by: str,
    blocks: str,
    since: datetime | None,
    everything: bool,
    at: datetime | None,
) -> None:
    """Open a case for SUBJECT's request and print its id and dates.

    The dates are reckoned by the time zone and the calendars of the policy that was adopted last.

    \b
    Example:
      lineage case open account:42 --received 2026-06-15T10:00-07:00 --via FORM

    Ends with 0, 1 when something is not in order, 3 when no policy was adopted, 4 when a store cannot be
    used.
    """
    from lineage.cli.opened import for_reading
    from lineage.desk.clocks import calendars_of
    from lineage.publish import pseudonymiser_of
    from lineage.report.request import Request
    from lineage.report.state import policy_in_force
    from lineage.window import received as receipt

    with at_desk(at) as here:
        token, _ = pseudonymiser_of(here.settings).token(subject)
        request = Request(
            subject=token,
            received=receipt(received),
            since=since.date() if since else None,
            everything=everything,
            blocks=tuple(blocks.split(",")),
        )
        with for_reading(here.settings) as store, store.cursor() as reader:
            business = policy_in_force(reader).business
        case = Case.open(
            request,
            via=via,
            requested_by=RequestedBy(requested_by),
            time_zone=business.time_zone,
            calendars=calendars_of(business.calendars),
            by=here.by,
            at=here.at,
        )
        here.desk.open_case(case)
    click.echo(f"opened {case.id}: acknowledge by {case.deadlines.acknowledge}, answer by {case.due}")


@command.command("authority")
@click.argument("case_id", metavar="CASE", type=click.UUID)
@click.argument("kind", type=click.Choice(sorted(set().union(*AUTHORITY.values()))))
@click.option("--document", required=True, help="Where the proof is kept: one word, no personal data.")
@happened_option
def authority(case_id: UUID, kind: str, document: str, at: datetime | None) -> None:
    """Enter what shows that the agent or parent of CASE may ask for the person.

    \b
    Example:
      lineage case authority 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11 POWER_OF_ATTORNEY --document vault/19

    Ends with 0, 1 when it is no such proof, 4 when the desk store cannot be used.
    """
    with at_desk(at) as here, here.desk.changing(case_id) as case:
        case.show_authority(kind, document=document, by=here.by, at=here.at)
    say(case)


@command.command("verify")
@click.argument("case_id", metavar="CASE", type=click.UUID)
@click.option("--method", required=True, type=click.Choice(list(Method)))
@click.option("--declaration", help="Where the signed declaration is kept: one word, no personal data.")
@happened_option
def verify(case_id: UUID, method: str, declaration: str | None, at: datetime | None) -> None:
    """Enter how the identity of CASE's requester was verified. What was compared is not kept.

    \b
    Example:
      lineage case verify 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11 --method TWO_DATA_POINTS

    Ends with 0, 1 when a declaration is missing, 4 when the desk store cannot be used.
    """
    with at_desk(at) as here, here.desk.changing(case_id) as case:
        case.verify(Method(method), declaration=declaration, by=here.by, at=here.at)
    say(case)


@command.command("reauthenticate")
@click.argument("case_id", metavar="CASE", type=click.UUID)
@happened_option
def reauthenticate(case_id: UUID, at: datetime | None) -> None:
    """Enter that the holder of the account logged in anew since the request of CASE was received.

    \b
    Example:
      lineage case reauthenticate 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11

    Ends with 0, 1 when the login is older than the request, 4 when the desk store cannot be used.
    """
    with at_desk(at) as here, here.desk.changing(case_id) as case:
        case.reauthenticate(by=here.by, at=here.at)
    say(case)


@command.command("extend")
@click.argument("case_id", metavar="CASE", type=click.UUID)
@click.option("--reason", required=True, type=click.Choice(sorted(EXTENSION_REASONS)))
@happened_option
def extend(case_id: UUID, reason: str, at: datetime | None) -> None:
    """Enter that the notice of CASE's one extension was sent, with its reason, within the first 45 days.

    \b
    Example:
      lineage case extend 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11 --reason COMPLEXITY

    Ends with 0, 1 when it is the second one or too late, 4 when the desk store cannot be used.
    """
    with at_desk(at) as here, here.desk.changing(case_id) as case:
        case.extend(reason, by=here.by, at=here.at)
    say(case)


@command.command("hold")
@click.argument("case_id", metavar="CASE", type=click.UUID)
@click.option("--reason", required=True, help="A code, such as ACCOUNT_TAKEOVER.")
@happened_option
def hold(case_id: UUID, reason: str, at: datetime | None) -> None:
    """Enter that somebody else may be using the account of CASE. The clock runs on.

    From then on only three data points with a declaration release anything.

    \b
    Example:
      lineage case hold 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11 --reason ACCOUNT_TAKEOVER

    Ends with 0, 1 when it is held already, 4 when the desk store cannot be used.
    """
    with at_desk(at) as here, here.desk.changing(case_id) as case:
        case.hold(reason, by=here.by, at=here.at)
    say(case)


def say(case: Case) -> None:
    """What the case shows now."""
    lacks = f"; ask for {case.standing.lacks}" if case.standing.lacks else ""
    click.echo(f"{case.id}: {case.level}{lacks}; answer by {case.due}")


command.add_command(list_)
command.add_command(show_)
