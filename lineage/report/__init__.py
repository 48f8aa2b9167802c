"""Reports: what a person is owed, computed from what happened to them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import duckdb

from lineage.policy import Policy
from lineage.questions.prepared import FEW, Prepared
from lineage.report.asking import (
    NoPolicy,
    Projected,
    Row,
    ask_for_log_gaps,
    ask_for_people,
    policy_in_force,
    projected,
)
from lineage.report.know import Request, document
from lineage.window import Window, twelve_months

__all__ = ["NoPolicy", "Reporter", "report"]


class Reporter:
    """Answers requests to know from one database, for one person or thousands at once.

    What is the same for everybody (the policy, the gaps of the log in a window) is asked once and kept until
    the projection moves on. ``reader`` is a cursor of the store.
    """

    def __init__(self, reader: duckdb.DuckDBPyConnection) -> None:
        self._reader = reader
        self._reached: Projected | None = None
        self._policy: Policy | None = None
        self._asked_under: str | None = None
        self._prepared: Prepared | None = None
        self._log_gaps: dict[Window, list[Row]] = {}

    def report(self, people: Sequence[tuple[UUID, date | datetime]]) -> list[dict[str, Any]]:
        """The twelve-month answer of each: (subject token, receipt) in, ``ccpa.know/1`` documents out.

        Receipts are a day, or an aware instant.

        Raises:
            NoPolicy: no policy that can be read was ever adopted.
        """
        with self._one_moment():
            policy, reached = self._in_force()
            requests = [
                Request(subject, received, twelve_months(received, policy.business.time_zone))
                for subject, received in people
            ]
            new = list(dict.fromkeys(each.window for each in requests if each.window not in self._log_gaps))
            if new:
                self._log_gaps |= ask_for_log_gaps(self._reader, policy, new)
            prepared = self._planned(policy) if len(requests) <= FEW else None
            asked = [(each.subject, each.window) for each in requests]
            rows = ask_for_people(self._reader, policy, asked, prepared)
        return [
            document(request, row, self._log_gaps[request.window], policy, reached)
            for request, row in zip(requests, rows, strict=True)
        ]

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        """What is read inside is of one state of the database: the rows are those of the positions."""
        self._reader.begin()
        try:
            yield
        finally:
            self._reader.rollback()  # nothing was written

    def _in_force(self) -> tuple[Policy, Projected]:
        reached = projected(self._reader)
        if self._policy is None or reached != self._reached:
            self._policy = policy_in_force(self._reader)
            self._reached, self._log_gaps = reached, {}
        return self._policy, reached

    def _planned(self, policy: Policy) -> Prepared | None:
        """None for the first question under a policy: a plan to keep pays from the second one on."""
        if self._asked_under != policy.digest:
            self._asked_under, self._prepared = policy.digest, None
        elif self._prepared is None:
            self._prepared = Prepared(self._reader, "answer", policy.digest)
        return self._prepared


def report(
    reader: duckdb.DuckDBPyConnection, people: Sequence[tuple[UUID, date | datetime]]
) -> list[dict[str, Any]]:
    """The answers of a :class:`Reporter` that is used once."""
    return Reporter(reader).report(people)
