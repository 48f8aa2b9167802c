"""What does the database say, for one person or for thousands at once?

The thin edge of a report: the rows of the questions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import duckdb

from lineage.questions import statement
from lineage.questions.prepared import Prepared
from lineage.report.given import Person, Row, given_for, given_of_events, request
from lineage.report.state import State
from lineage.window import Window

LAG: Final = {"reason": "LAG", "producer": None, "system": None, "gap_from": None, "gap_to": None}
"""Of which part of the window is not known."""


def ask_for_people(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    people: Sequence[Person],
    taken_out: Sequence[tuple[UUID, UUID]],
    prepared: Prepared | None = None,
) -> list[Row]:
    """What ``answer.sql`` says of each person, in the order asked; one statement however many they are.

    ``taken_out``: subject and id of their events that do not count. ``prepared``: the same question, planned
    already; faster for a few people.
    """
    given = given_for(state, people, taken_out)
    found = (
        reader.execute(statement("answer", state.declared, silent_about(people, state)), given)
        if prepared is None
        else prepared.ask(given)
    )
    return _by_person(found, len(people))


def silent_about(people: Sequence[Person], state: State) -> frozenset[str]:
    """The questions that have no rows for these people: nobody's is in doubt, or asks for a longer period."""
    silent = set(state.silent)
    if not any(person.who.unsure for person in people):
        silent.add("unsure")
    if not any(person.window.start < person.window.base_start for person in people):
        silent.add("collected")
    return frozenset(silent)


def ask_for_silence(reader: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The questions that have no rows, whoever is asked about."""
    return frozenset(name for (name,) in reader.execute(statement("silent")).fetchall())


def ask_for_log_gaps(
    reader: duckdb.DuckDBPyConnection, state: State, windows: Sequence[Window]
) -> dict[Window, list[Row]]:
    """The rows of ``log_gap.sql`` for each window; with LAG, where the database is known to be behind.

    A record that nobody could project may tell of any time, and may be refused for good: either is a gap.
    """
    gaps: dict[Window, list[Row]] = defaultdict(list)
    given = {
        "asked": [
            {**request(number, each, state), "subject": None, "crowd_taken_out": [], "reviewed": []}
            for number, each in enumerate(windows)
        ],
        "policy": state.policy.digest,
        "as_of": state.projected.as_of,
        "is_now": state.projected.is_now,
    }
    for row in _rows(reader.execute(statement("log_gap"), given)):
        gaps[windows[row["ask"]]].append(row)
    if state.projected.is_behind:
        for each in windows:
            if not any(row["reason"] == LAG["reason"] for row in gaps[each]):
                gaps[each].append(dict(LAG))
    return {window: gaps[window] for window in windows}


def ask_for_commercial_systems(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    people: Sequence[Person],
    taken_out: Sequence[tuple[UUID, UUID]],
) -> set[str]:
    """The systems whose data these people's events show sold, shared, or used to advertise or to earn."""
    given = given_of_events(state, people, taken_out)
    return {row["system"] for row in _rows(reader.execute(statement("commercial", state.declared), given))}


def ask_for_timeline(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    person: Person,
    taken_out: Sequence[tuple[UUID, UUID]],
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of ``timeline.sql``."""
    given = given_of_events(state, [person], taken_out)
    found = reader.execute(statement("timeline", state.declared), given)
    return [column[0] for column in found.description or ()], found.fetchall()


def ask_for_customer(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    person: Person,
    taken_out: Sequence[tuple[UUID, UUID]],
    customer: str,
) -> list[Row]:
    """The rows of ``for_customer.sql``."""
    given = {**given_of_events(state, [person], taken_out), "customer": customer}
    return _rows(reader.execute(statement("for_customer", state.declared), given))


def ask_for_reasons(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    person: Person,
    taken_out: Sequence[tuple[UUID, UUID]],
) -> list[Row]:
    """The rows of ``explained.sql``."""
    given = given_of_events(state, [person], taken_out)
    return _rows(reader.execute(statement("explained", state.declared), given))


_COLUMNS = {
    "person": ("is_heard", "residency"),
    "unknown_word": (),
    "unsure": (),
    "refused": (),
    "line": (
        *("block", "category", "party", "kinds", "words", "unreviewed", "is_under_16"),
        *("first_at", "last_at", "events", "occurrences", "event_ids"),
    ),
    "holding": (
        *("element", "categories", "systems", "held_in", "is_held", "is_unknown"),
        *("is_out_of_sight", "is_collected_earlier", "is_piece"),
    ),
    "unmet": ("system",),
    "unacknowledged": ("categories",),
    "exclusion": ("reason", "subject", "event_id"),
    "review": ("event_id", "reason"),
}
"""Which columns of ``answer.sql`` have a value in each part."""


def _by_person(found: duckdb.DuckDBPyConnection, people: int) -> list[Row]:
    """The rows of ``answer.sql``, put together for each person."""
    columns = [column[0] for column in found.description or ()]
    places = {part: [(each, columns.index(each)) for each in of] for part, of in _COLUMNS.items()}
    told: list[dict[str, list[Row]]] = [defaultdict(list) for _ in range(people)]
    ask, part = columns.index("ask"), columns.index("part")
    for values in found.fetchall():
        row = {name: values[place] for name, place in places[values[part]]}
        told[values[ask]][values[part]].append(row)
    return [_person(parts) for parts in told]


def _person(parts: Mapping[str, list[Row]]) -> Row:
    [known] = parts.get("person") or [{"is_heard": False, "residency": None}]
    return {
        "is_heard": known["is_heard"],
        "residency": known["residency"],
        "has_unknown_word": "unknown_word" in parts,
        "is_unsure": "unsure" in parts,
        "has_parked": "refused" in parts,
        "lines": parts.get("line", []),
        "holdings": parts.get("holding", []),
        "unmet_systems": sorted({row["system"] for row in parts.get("unmet", [])}),
        "with_providers": {each for row in parts.get("unacknowledged", []) for each in row["categories"]},
        "exclusions": {
            (row["reason"], row["subject"], row["event_id"]) for row in parts.get("exclusion", [])
        },
        "reviews": sorted({(row["event_id"], row["reason"]) for row in parts.get("review", [])}),
    }


def _rows(found: duckdb.DuckDBPyConnection) -> list[Row]:
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, values, strict=True)) for values in found.fetchall()]
