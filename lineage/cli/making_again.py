"""How does a command make a report again? As it was made: from the database, through the gate."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from lineage.cli.opened import caught_up
from lineage.desk.again import MakeAgain
from lineage.desk.desk import POSITION, Desk
from lineage.desk.issued import Issued
from lineage.report import Reporter
from lineage.report.gate import released
from lineage.report.request import Audience
from lineage.settings import Settings


@contextmanager
def making_again(settings: Settings, desk: Desk) -> Iterator[MakeAgain]:
    """A way to make any issued report again, from a database that has caught up with the log.

    Raises what ``caught_up`` raises, and NoPolicy.
    """
    with caught_up(settings) as store:
        reporter = Reporter(store.cursor())

        def again(
            issued: Issued, as_of: datetime | None, audience: Audience | None = None
        ) -> Mapping[str, Any]:
            request = issued.request
            [document] = reporter.report([replace(request, audience=Audience.HANDLER)], as_of=as_of)
            position = desk.positions() if as_of is None else {POSITION: issued.positions.get(POSITION, 0)}
            return released(
                document,
                request.verification,
                request.blocks,
                audience or request.audience,
                issued.case,
                because=issued.because,
                supplement_of=issued.supplement_of,
                desk=position,
            )

        yield again
