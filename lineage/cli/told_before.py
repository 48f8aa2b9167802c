"""May a letter tell once more what a report told? Not where it told one person of another."""

from collections.abc import Mapping
from typing import Any

import click

from lineage.cli.at_desk import AtDesk
from lineage.desk.issued import IssuedReport
from lineage.report.request import Audience


def told_before(here: AtDesk, report: IssuedReport) -> Mapping[str, Any] | None:
    """What a letter of changes may tell again; None where a report showed the person what is somebody else's.

    A line that is gone stands in the letter: of another person it must not be told a second time.
    """
    if has_shown_others(here, report):
        click.echo(
            f"lineage: report {report.id} showed events that are not the person's. The letter does not say "
            "what changed: that would show them again.",
            err=True,
        )
        return None
    return report.document


def has_shown_others(here: AtDesk, report: IssuedReport) -> bool:
    """Whether it told a person of events that are known not to be theirs now."""
    from lineage.cli.making_again import making_again

    if report.issued.request.audience is Audience.HANDLER:
        return False
    with making_again(here.settings, here.desk) as again:
        return again.showed_unlinked(report.issued)
