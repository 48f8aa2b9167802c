"""`lineage archive expire`: facts that are older than the policy wants them leave the archive."""

from functools import partial

import click

from lineage.cli.at_desk import AtDesk, at_desk
from lineage.cli.opened import caught_up, say
from lineage.cli.output import format_option, show
from lineage.errors import Refused

COLUMNS = ("year", "regimes", "what", "records")


@click.command("expire")
@click.option("--dry-run", is_flag=True, help="Only show what would go.")
@format_option
def command(dry_run: bool, form: str) -> None:
    """Take old facts out of the archive, as `archive` in retention.yaml of the adopted policy says.

    Old is what was over and recorded more days ago than that. A table tells by year and regime how many such
    records go, and for what the others stay; docs/archive.md has the words. Digest and number of each record
    stay, so that the log can be proven whole; a checkpoint is signed. From the next rebuild on every answer
    that reaches further back says so. Who did it, when and by which policy is kept in the archive.

    \b
    Example:
      lineage archive expire --dry-run

    Ends with 0, 1 when the policy names no age or there is no archive, 3 when no policy is adopted or log or
    archive are not the ones known, 4 when they, the desk or the database cannot be used.
    """
    with at_desk() as here:
        count = _expire(here, dry_run, form)
    if not dry_run:
        say(f"{count} records taken out of the archive")
    if count:
        say("run 'lineage rebuild': the database lets them go, too")


def _expire(here: AtDesk, dry_run: bool, form: str) -> int:
    from lineage.archive.expiring import Expiry, expire
    from lineage.archive.form import ends
    from lineage.cli.archived import archive_of
    from lineage.proof.keys import signer
    from lineage.proof.making import checkpoint
    from lineage.report.state import policy_in_force
    from lineage.store.expired import Decided, Expired, age

    settings = here.settings
    archive, log = archive_of(settings)
    with caught_up(settings) as store, store.cursor() as reader:
        policy = policy_in_force(reader)
        if policy.archive is None:
            raise Refused(
                "The adopted policy names no age, so nothing was taken out. To have one, write 'archive: "
                "{days: 1096}' into its retention.yaml and adopt it."
            )
        old = age(policy.archive, here.at)
        decided = Decided([each.event_id for each in here.desk.reviews().values()], [*here.desk.verdicts()])
        expired = Expired(reader, policy, old, ends(archive), decided)
        show(COLUMNS, expired.counts(), form)
        if dry_run or not expired.records():
            return 0
        act = Expiry(here.at, here.by, policy.digest, old.before, policy.archive.days, policy.archive.regimes)
        count = expire(archive, act, partial(expired.marks, act.id.bytes))
    checkpoint(archive, signer(settings.home, log), here.at, copies=settings.checkpoints)
    return count
