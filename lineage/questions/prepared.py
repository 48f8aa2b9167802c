"""How is one person asked about without planning the whole question each time?

A question has dozens of steps, and DuckDB 2.0 plans a statement that reads a table anew at every run: for one
person that takes longer than the run itself. What reads nothing but parameters and constants is planned
once, and the policy is constants already. So small statements bring the person's rows of the tables into
variables of the connection, and the question is asked of those. The files are the same.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import duckdb

from lineage.questions import compose, of_one
from lineage.questions.declared import Declared, literal

FEW: Final = 8
"""People for whom this is the faster way: all that is told of them passes through one value."""

READ: Final = ("near", "crowd", "refused")
"""The questions that read tables."""

_TOLD: Final = re.compile(r"unnest\(\$(\w+)::(.*?), max_depth", re.DOTALL)


class Prepared:
    """One question under one policy, planned on one connection.

    The connection keeps the plan and variables under ``name``: a second one of the name takes its place.
    ``silent``: questions below it that have no rows for those that it will be asked about.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        question: str,
        declared: Declared,
        silent: frozenset[str],
        name: str,
    ) -> None:
        self._connection = connection
        self._name = name
        self._bring: list[tuple[duckdb.Statement, duckdb.Statement, tuple[str, ...]]] = []
        given = {}
        for each in READ:
            rows = compose(each, silent=silent)
            text = f"set variable {name}_{each} = (select list({each}) from ({rows}) as {each})"
            bring, bring_of_one = connection.extract_statements(f"{text}; {of_one(text)}")
            names = _parameters(rows)
            connection.execute(bring, {parameter: [] for parameter in names})
            [(kind,)] = connection.execute(f"select typeof(getvariable('{name}_{each}'))").fetchall()
            # A parameter that is told its type, and met with the same, gives no reason to plan again.
            given[each] = f"select unnest(${each}::{kind}, max_depth := 2)"
            if each not in silent:
                self._bring.append((bring, bring_of_one, names))
        text = compose(question, declared, tuple(given.items()), silent)
        connection.execute(f"prepare {name} as {text}")
        asked = _parameters(text)
        self._kinds = {each: kind for each, kind in _TOLD.findall(text) if each not in READ}
        self._brought = [f"{each} := getvariable('{name}_{each}')" for each in READ if each in asked]

    def ask(self, given: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        """The rows of the question about these people; the same as those of its whole statement.

        ``given``: what its parts name as parameters.
        """
        is_one = len(given["subjects"]) == 1
        for bring, bring_of_one, names in self._bring:
            self._connection.execute(bring_of_one if is_one else bring, {name: given[name] for name in names})
        told = [f"{name} := {literal(given[name])}::{kind}" for name, kind in self._kinds.items()]
        return self._connection.execute(f"execute {self._name}({', '.join([*told, *self._brought])})")


def _parameters(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"\$(\w+)", text)))
