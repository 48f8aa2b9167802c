"""What does the database say, for one person or for thousands at once?

The thin edge of a report: which policy judges, how far the log is projected, and the rows of the questions.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import duckdb

from lineage.errors import LineageError
from lineage.identity import Who, crowd_taken_out
from lineage.identity.intervals import Intervals
from lineage.policy import Policy, parse
from lineage.questions import statement
from lineage.questions.declared import Declared, declared
from lineage.questions.prepared import Prepared
from lineage.window import Window

Row = dict[str, Any]


class NoPolicy(LineageError):
    """Nothing says by which rules the facts are to be judged."""


@dataclass(frozen=True, slots=True)
class Projected:
    """How far the log is projected: the offset in each partition, and the instant this is an answer as of.

    ``is_now``: everything projected counts. ``provisional``: a partition may still bring what was recorded by
    then.
    """

    positions: dict[str, int]
    as_of: datetime
    provisional: bool
    is_now: bool = True


def projected(reader: duckdb.DuckDBPyConnection, as_of: datetime | None = None) -> Projected:
    """What the database has seen of the log, and as of when it is asked (rulings.md 8).

    Raises:
        NoPolicy: nothing at all was projected.
    """
    rows = sorted(reader.execute("select tracking_name, position, recorded_at from position").fetchall())
    if not rows:
        raise NoPolicy("The log is empty, so no policy has been adopted. Run: lineage policy adopt FOLDER")
    positions = {name: position for name, position, _ in rows}
    reached: dict[str, datetime] = {}
    for name, _, recorded_at in rows:
        reached[name] = max(recorded_at, reached.get(name, recorded_at))
    latest = max(reached.values())
    then = latest if as_of is None else as_of
    return Projected(
        positions=positions,
        as_of=then,
        provisional=min(reached.values()) < then,
        is_now=then >= latest,
    )


def policy_in_force(reader: duckdb.DuckDBPyConnection, as_of: datetime | None = None) -> Policy:
    """The policy adopted last, as far as was known then (rulings.md 9).

    Raises:
        NoPolicy: none was adopted, or the one adopted cannot be read.
    """
    found = reader.execute(
        """
        select files, problem
        from adopted_policy
        where $as_of is null or recorded_at <= $as_of
        order by recorded_at desc, log_partition desc, log_offset desc
        limit 1
        """,
        {"as_of": as_of},
    ).fetchone()
    if found is None:
        raise NoPolicy(
            "No policy has been adopted, so nothing can be judged. Run: lineage policy adopt FOLDER"
            if as_of is None
            else "No policy had been adopted by then, so nothing can be judged. Choose a later --as-of."
        )
    files, problem = found
    if problem is not None:
        raise NoPolicy(
            "The policy adopted last cannot be read. Run lineage policy check on its folder and adopt again."
        )
    return _parsed(files)


@lru_cache(maxsize=8)
def _parsed(files: str) -> Policy:
    return parse(json.loads(files))


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked about, and for which window.

    ``reviewed``: what a person decided that an event is. ``asked_for``: the token that was given.
    """

    who: Who
    window: Window
    reviewed: tuple[tuple[UUID, str], ...] = ()
    asked_for: UUID | None = None


Reviews = Mapping[UUID, Sequence[tuple[UUID, str]]]
"""By token, the events that a person looked at, each with what it was decided to be."""

NOT_REVIEWED: Reviews = {}


def reviewed(who: Who, reviews: Reviews) -> tuple[tuple[UUID, str], ...]:
    """What was decided about this person's events, whichever of their tokens was asked for then."""
    return tuple(each for member in who.members for each in reviews.get(member.subject, ()))


@dataclass(frozen=True, slots=True)
class State:
    """What holds for everybody asked at one moment: the policy, how far the log is read, what was taken back.

    ``unsearched``: systems left out of a search for pieces. ``silent``: questions that have no rows, whoever
    is asked about.
    """

    policy: Policy
    declared: Declared
    projected: Projected
    crowd_taken_out: Sequence[UUID] = ()
    unsearched: Sequence[str] = ()
    silent: frozenset[str] = frozenset()


def state_of(reader: duckdb.DuckDBPyConnection, reached: Projected, as_of: datetime | None = None) -> State:
    """The state as of an instant, by the policy that was in force then.

    Raises:
        NoPolicy: none was adopted by then, or the one adopted cannot be read.
    """
    policy = policy_in_force(reader, as_of)
    taken_out = crowd_taken_out(reader, reached.as_of)
    return State(policy, declared(policy), reached, taken_out)


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
    given = _given(state, people, taken_out)
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
    """The rows of ``log_gap.sql`` for each window."""
    gaps: dict[Window, list[Row]] = defaultdict(list)
    given = {
        "asked": [
            {**_asked(number, each, state), "subject": None, "crowd_taken_out": [], "reviewed": []}
            for number, each in enumerate(windows)
        ],
        "policy": state.policy.digest,
        "as_of": state.projected.as_of,
        "is_now": state.projected.is_now,
    }
    for row in _rows(reader.execute(statement("log_gap"), given)):
        gaps[windows[row["ask"]]].append(row)
    return {window: gaps[window] for window in windows}


def ask_for_commercial_systems(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    people: Sequence[Person],
    taken_out: Sequence[tuple[UUID, UUID]],
) -> set[str]:
    """The systems whose data these people's events show sold, shared, or used to advertise or to earn."""
    given = _given_of_events(state, people, taken_out)
    return {row["system"] for row in _rows(reader.execute(statement("commercial", state.declared), given))}


def ask_for_timeline(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    person: Person,
    taken_out: Sequence[tuple[UUID, UUID]],
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of ``timeline.sql``."""
    given = _given_of_events(state, [person], taken_out)
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
    given = {**_given_of_events(state, [person], taken_out), "customer": customer}
    return _rows(reader.execute(statement("for_customer", state.declared), given))


def ask_for_reasons(
    reader: duckdb.DuckDBPyConnection,
    state: State,
    person: Person,
    taken_out: Sequence[tuple[UUID, UUID]],
) -> list[Row]:
    """The rows of ``explained.sql``."""
    given = _given_of_events(state, [person], taken_out)
    return _rows(reader.execute(statement("explained", state.declared), given))


def _given_of_events(
    state: State, people: Sequence[Person], taken_out: Sequence[tuple[UUID, UUID]]
) -> dict[str, Any]:
    """For questions about events alone, in which nobody's doubt has a part."""
    given = _given(state, people, taken_out)
    del given["doubtful"]
    return given


def _given(state: State, people: Sequence[Person], taken_out: Sequence[tuple[UUID, UUID]]) -> dict[str, Any]:
    out: dict[UUID, list[UUID]] = defaultdict(list)
    for subject, event_id in taken_out:
        out[subject].append(event_id)
    return {
        "subjects": list(
            {
                subject
                for person in people
                for subject in (
                    *(member.subject for member in (*person.who.members, *person.who.households)),
                    *(subject for subject, _ in person.who.unsure),
                )
            }
        ),
        "asked": [
            {
                **_asked(number, person.window, state, person.who.under_16),
                "subject": person.asked_for,
                "crowd_taken_out": list(state.crowd_taken_out),
                "reviewed": _reviewed(person),
            }
            for number, person in enumerate(people)
        ],
        "members": [
            {
                **_asked(number, person.window, state, person.who.under_16),
                "subject": member.subject,
                "member_from": since,
                "member_to": until,
                "erased_through": member.erased_through,
                "vaulted_through": list(member.vaulted_through),
                "is_household": is_household,
                "taken_out": out.get(member.subject, []),
                "reviewed": _reviewed(person),
            }
            for number, person in enumerate(people)
            for is_household, of in ((False, person.who.members), (True, person.who.households))
            for member in of
            for since, until in member.times
        ],
        "doubtful": [
            {"ask": number, "subject": subject, "doubtful_from": since, "doubtful_to": until}
            for number, person in enumerate(people)
            for subject, times in person.who.unsure
            for since, until in times
        ],
    }


def _reviewed(person: Person) -> list[Row]:
    return [{"event_id": event_id, "decided": decided} for event_id, decided in person.reviewed]


def _asked(number: int, window: Window, state: State, under_16: Intervals = ()) -> Row:
    return {
        "ask": number,
        "as_of": state.projected.as_of,
        "window_from": window.start,
        "window_to": window.end,
        "base_from": window.base_start,
        "earliest": window.earliest,
        "under_16": [{"since": since, "until": until} for since, until in under_16],
        "unsearched": list(state.unsearched),
    }


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
