"""What does the database know of producers, systems and refused records? The thin edge of coverage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from lineage.policy import Policy
from lineage.questions import statement
from lineage.report.asking import ask_for_log_gaps
from lineage.report.given import Row, request
from lineage.report.state import Discarded, State, parsed
from lineage.window import Window


class Asking:
    """Asks one database, as of one moment, about one window."""

    def __init__(self, reader: duckdb.DuckDBPyConnection, state: State, window: Window) -> None:
        self._reader, self._state, self._window = reader, state, window
        self._known = {
            "policy": state.policy.digest,
            "as_of": state.projected.as_of,
            "is_now": state.projected.is_now,
        }

    def gaps(self) -> list[Row]:
        """The gaps of the log, as every answer about this window has them."""
        return ask_for_log_gaps(self._reader, self._state, [self._window])[self._window]

    def incarnations(self) -> list[Row]:
        """The lives of all producers."""
        found = self._rows("incarnation", "policy", "as_of", "is_now")
        return sorted(found, key=lambda each: (each["producer"], str(each["incarnation"])))

    def lost(self) -> set[tuple[str, Any]]:
        """The lives, as producer and incarnation, whose missing numbers are gaps in this window."""
        asked = {**request(0, self._window, self._state), "subject": None}
        given = {"asked": [asked | {"crowd_taken_out": [], "reviewed": []}]}
        found = self._rows("lost_number", "policy", "as_of", "is_now", **given)
        return {(each["producer"], each["incarnation"]) for each in found}

    def missing(self) -> list[Row]:
        """The ranges of missing numbers."""
        return self._rows("missing_number", "policy", "as_of", "is_now")

    def spans(self) -> dict[str, Row]:
        """By producer, from when until when it is told."""
        return {each["producer"]: each for each in self._rows("told_span", "policy", "as_of")}

    def emitted(self) -> list[Row]:
        """Which producer told how many events for which system."""
        return self._rows("emitted", "as_of")

    def refused(self, discarded: Sequence[Discarded]) -> list[Row]:
        """The open refused records by reason."""
        return self._rows("refused_by_reason", "as_of", discarded=[each._asdict() for each in discarded])

    def adopted(self) -> list[tuple[datetime, Policy]]:
        """The policies in the order of their adoption, the one in force last."""
        found = self._reader.execute(
            """
            select recorded_at, files
            from adopted_policy
            where problem is null and recorded_at <= $as_of
            order by recorded_at, log_partition, log_offset
            """,
            {"as_of": self._known["as_of"]},
        ).fetchall()
        return [(recorded_at, parsed(files)) for recorded_at, files in found]

    def _rows(self, question: str, *known: str, **given: Any) -> list[Row]:
        parameters = {name: self._known[name] for name in known} | given
        found = self._reader.execute(statement(question), parameters)
        columns = [column[0] for column in found.description or ()]
        return [dict(zip(columns, values, strict=True)) for values in found.fetchall()]
