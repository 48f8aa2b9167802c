"""How does a command make a report again? As it was made: from the database, through the gate."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from lineage.cli.opened import caught_up
from lineage.desk.desk import POSITION, Desk
from lineage.desk.issued import Issued
from lineage.desk.unlinked import showed_unlinked
from lineage.report import Reporter
from lineage.report.gate import released
from lineage.report.request import Audience
from lineage.settings import Settings


class MakingAgain:
    """Makes any issued report again, from one database."""

    def __init__(self, reader: DuckDBPyConnection, desk: Desk) -> None:
        self._reader, self._desk = reader, desk
        self._reporter = Reporter(reader)

    def __call__(
        self, issued: Issued, as_of: datetime | None, audience: Audience | None = None
    ) -> Mapping[str, Any]:
        """As of an instant, or of now, by the decisions of then; see ``lineage.desk.again.MakeAgain``."""
        request = issued.request
        position = self._desk.positions()[POSITION] if as_of is None else _position(issued)
        self._reporter.decided = self._desk.verdicts(position)
        self._reporter.reviews = self._desk.reviewed(position)
        self._reporter.discarded = self._desk.discarded(position)
        [document] = self._reporter.report([replace(request, audience=Audience.HANDLER)], as_of=as_of)
        return released(
            document,
            request.verification,
            request.blocks,
            audience or request.audience,
            issued.case,
            because=issued.because,
            supplement_of=issued.supplement_of,
            checkpoint=issued.checkpoint,
            # Of then, whatever the log has brought since: a handler's copy names how far it was read.
            desk={POSITION: position} if as_of is None else issued.positions,
        )

    def showed_unlinked(self, issued: Issued) -> bool:
        """Whether it showed events that are not the person's any more."""
        then, now = self._desk.verdicts(_position(issued)), self._desk.verdicts()
        return showed_unlinked(self._reader, issued, then, now)


@contextmanager
def making_again(settings: Settings, desk: Desk) -> Iterator[MakingAgain]:
    """A way to make any issued report again, from a database that has caught up with the log.

    Raises what ``caught_up`` raises, and NoPolicy.
    """
    with caught_up(settings) as store:
        yield MakingAgain(store.cursor(), desk)


def _position(issued: Issued) -> int:
    return issued.positions.get(POSITION, 0)
