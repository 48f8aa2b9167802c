"""`lineage reviews list|decide|link`: what the rules alone cannot judge."""

from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.output import format_option, show
from lineage.desk.parked import ParkedDecision
from lineage.desk.records import KINDS, LINKS, Decision, LinkDecision, Review
from lineage.errors import Refused


@click.group("reviews")
def command() -> None:
    """Disclosures, claims and links that a person has to judge."""


@command.command("list")
@click.option("--decided", is_flag=True, help="What was decided, in its order, instead of what is open.")
@format_option
def list_(decided: bool, form: str) -> None:
    """List the events that issued reports leave open, or the decisions.

    \b
    Example:
      lineage reviews list --decided --format json

    Ends with 0, 4 when the desk store cannot be used.
    """
    with at_desk() as here:
        if decided:
            rows = [
                (number, *_about(each), each.decided, each.reason, each.by, each.at)
                for number, each in enumerate(here.desk.decisions(), 1)
            ]
            show(("position", "about", "event", "decided", "reason", "by", "at"), rows, form)
            return
        done = here.desk.reviews()
        open_ = {
            (event["event_id"], event["reason"]): each.id
            for each in here.desk.reports()
            for event in each.for_review
            if (each.request.subject, UUID(event["event_id"])) not in done
        }
    show(("event", "reason", "report"), [(*event, report) for event, report in open_.items()], form)


def _about(decision: Decision) -> tuple[str, UUID | None]:
    match decision:
        case Review():
            return "EVENT", decision.event_id
        case LinkDecision():
            return "LINK", None
        case ParkedDecision():
            return "PARKED", None


@command.command("decide")
@click.argument("event_id", metavar="EVENT", type=click.UUID)
@click.option("--report", "report_id", type=click.UUID, required=True, help="The report that leaves it open.")
@click.option("--kind", required=True, type=click.Choice(sorted(KINDS)), help="What it is decided to be.")
@click.option("--reason", required=True, help="A code, such as CONTRACT_FOUND.")
def decide(event_id: UUID, report_id: UUID, kind: str, reason: str) -> None:
    """Decide what EVENT, which a report leaves open, is.

    \b
    Example:
      lineage reviews decide 0190b6f0-0000-7000-8000-00000000a1b2 \\
        --report 0f9d3c1e-7a64-4b0e-9a3c-2f6a1de0c7b5 --kind BP_THIRD_PARTY --reason CONTRACT_FOUND

    Ends with 0, 1 when the report leaves no such event open, 3 when somebody else decides at the same moment,
    4 when the desk store cannot be used.
    """
    with at_desk() as here:
        issued = here.desk.report(report_id).issued
        if str(event_id) not in {each["event_id"] for each in issued.for_review}:
            raise Refused("The report leaves no such event open. Run: lineage reviews list")
        subject = issued.request.subject
        review = Review(
            subject=subject, event_id=event_id, decided=kind, reason=reason, by=here.by, at=here.at
        )
        position = here.desk.decide(review)
    click.echo(f"decided {kind}; the desk is at position {position}")


@command.command("link")
@click.argument("subject")
@click.argument("other")
@click.option("--decided", "decided", required=True, type=click.Choice(sorted(LINKS)))
@click.option("--reason", required=True, help="A code, such as SHOWN_BY_BOTH_LOGINS.")
def link(subject: str, other: str, decided: str, reason: str) -> None:
    """Decide whether SUBJECT and OTHER, whose link is unsure or stops an answer, are one person.

    \b
    Example:
      lineage reviews link account:42 account:77 --decided DIFFERENT_PEOPLE --reason SHARED_DEVICE

    Ends with 0, 1 when a person cannot be read, 3 when somebody else decides at the same moment, 4 when the
    desk store cannot be used.
    """
    from lineage.publish import pseudonymiser_of

    with at_desk() as here:
        pseudonymiser = pseudonymiser_of(here.settings)
        (one, _), (another, _) = pseudonymiser.token(subject), pseudonymiser.token(other)
        if one == another:
            raise Refused("Both are the same token. Name the two that are to be told apart.")
        decision = LinkDecision(
            subject=one, other=another, decided=decided, reason=reason, by=here.by, at=here.at
        )
        position = here.desk.decide(decision)
    click.echo(f"decided {decided}; the desk is at position {position}")
