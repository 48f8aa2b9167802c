"""How is one person asked about without planning the whole question each time?

A question has dozens of steps, and DuckDB 2.0 plans a statement that reads a table anew at every run: for one
person that takes longer than the run itself. What reads nothing but parameters is planned once. So a small
statement brings the person's slice of the tables (``slice.sql``) into a variable of the connection, the
policy stands in another (``declared.sql``), and the question is asked of the two. The files are the same.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import duckdb

from lineage.questions import compose

FEW: Final = 8
"""People for whom this is the faster way: a variable is built value by value."""

_NOBODY: Final[Mapping[str, Any]] = {"asked": [], "members": [], "taken_out": [], "doubtful": []}


class Prepared:
    """One question under one policy (its digest), planned on one connection.

    The connection keeps the plan and the variables under the question's name: a second one takes its place.
    ``silent``: questions below it that have no rows, whoever is asked about.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, question: str, policy: str, silent: frozenset[str]
    ) -> None:
        self._connection = connection
        slice_, declared = f"{question}_slice", f"{question}_declared"
        [declare] = connection.extract_statements(f"set variable {declared} = ({compose('declared')})")
        [self._slice] = connection.extract_statements(
            f"set variable {slice_} = ({compose('slice', silent=silent)})"
        )
        connection.execute(declare, {"policy": policy})
        connection.execute(self._slice, _NOBODY)
        kinds = self._relations(slice_) | self._relations(declared)
        # A parameter that is told its type, and met with the same, gives no reason to plan again.
        given = {name: f"select unnest(${name}::{kind}, max_depth := 2)" for name, (_, kind) in kinds.items()}
        text = re.sub(r"\$policy\b", f"'{policy}'", compose(question, tuple(given.items()), silent))
        connection.execute(f"prepare {question} as {text}")
        values = ", ".join(f"{name} := {value}" for name, (value, _) in kinds.items())
        [self._question] = connection.extract_statements(f"execute {question}({values})")

    def ask(self, given: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        """The rows of the question about these people; the same as those of its whole statement.

        ``given``: what the questions ``asked``, ``member``, ``taken_out`` and ``doubtful`` are told.
        """
        self._connection.execute(self._slice, given)
        return self._connection.execute(self._question)

    def _relations(self, variable: str) -> dict[str, tuple[str, str]]:
        """The relations in a variable: by name, how to read the value and what type it has."""
        [(names,)] = self._connection.execute(f"select struct_keys(getvariable('{variable}'))").fetchall()
        values = {name: f"getvariable('{variable}').{name}" for name in names}
        kinds = ", ".join(f"typeof({value})" for value in values.values())
        [told] = self._connection.execute(f"select {kinds}").fetchall()
        return {name: (value, kind) for (name, value), kind in zip(values.items(), told, strict=True)}
