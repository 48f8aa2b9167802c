"""How is one person asked about without planning the whole question each time?

A question has dozens of steps, and DuckDB 2.0 plans a statement that reads a table anew at every run: for one
person that takes longer than the run itself. What reads nothing but parameters and constants is planned
once. So a small statement brings the person's slice of the tables (``slice.sql``) into a variable of the
connection, the policy (``declared.sql``) becomes constants, and the question is asked of the two. The files
are the same.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import duckdb

from lineage.questions import compose

FEW: Final = 8
"""People for whom this is the faster way: a variable is built value by value."""

_TOLD: Final = re.compile(r"unnest\(\$(\w+)::(.*?), max_depth", re.DOTALL)


class Prepared:
    """One question under one policy (its digest), planned on one connection.

    The connection keeps the plan and a variable under ``name``: a second one of the name takes its place.
    ``silent``: questions below it that have no rows for those that it will be asked about.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        question: str,
        policy: str,
        silent: frozenset[str],
        name: str,
    ) -> None:
        self._connection = connection
        variable = f"{name}_slice"
        rows = compose("slice", silent=silent)
        [bring] = connection.extract_statements(f"set variable {variable} = ({rows})")
        connection.execute(bring, {each: [] for each in _parameters(rows)})
        kinds = self._kinds(f"getvariable('{variable}')")
        # A parameter that is told its type, and met with the same, gives no reason to plan again.
        given = {each: f"select unnest(${each}::{kind}, max_depth := 2)" for each, kind in kinds.items()}
        given |= self._constants(policy)
        text = re.sub(r"\$policy\b", f"'{policy}'", compose(question, tuple(given.items()), silent))
        connection.execute(f"prepare {name} as {text}")
        told = {each: kind for each, kind in _TOLD.findall(text) if each not in kinds}
        also = ", ".join(f"{each} := ${each}::{kind}" for each, kind in told.items())
        bring_all = f"set variable {variable} = (select struct_insert(slice, {also}) from ({rows}))"
        [self._slice] = connection.extract_statements(bring_all)
        self._names = _parameters(bring_all)
        values = ", ".join(f"{each} := getvariable('{variable}').{each}" for each in _parameters(text))
        [self._question] = connection.extract_statements(f"execute {name}({values})")

    def ask(self, given: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        """The rows of the question about these people; the same as those of its whole statement.

        ``given``: what its parts name as parameters.
        """
        self._connection.execute(self._slice, {name: given[name] for name in self._names})
        return self._connection.execute(self._question)

    def _constants(self, policy: str) -> dict[str, str]:
        """The relations of the policy: by name, a text that holds all their rows."""
        variable = "declared"
        [declare] = self._connection.extract_statements(f"set variable {variable} = ({compose('declared')})")
        self._connection.execute(declare, {"policy": policy})
        kinds = self._kinds(f"getvariable('{variable}')")
        rows = ", ".join(f"to_json(getvariable('{variable}').{name})::text" for name in kinds)
        [told] = self._connection.execute(f"select {rows}").fetchall()
        self._connection.execute(f"reset variable {variable}")
        return {
            name: f"select unnest({_quoted(json or '[]')}::json::{kind}, max_depth := 2)"
            for (name, kind), json in zip(kinds.items(), told, strict=True)
        }

    def _kinds(self, value: str) -> dict[str, str]:
        """The relations in a value, each with its type."""
        [(names,)] = self._connection.execute(f"select struct_keys({value})").fetchall()
        kinds = ", ".join(f"typeof({value}.{name})" for name in names)
        [told] = self._connection.execute(f"select {kinds}").fetchall()
        return dict(zip(names, told, strict=True))


def _parameters(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"\$(\w+)", text)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
