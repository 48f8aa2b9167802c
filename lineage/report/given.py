"""What is a question given about the people it is asked about?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lineage.identity import Who
from lineage.identity.intervals import Intervals
from lineage.report.state import State
from lineage.window import Window

Row = dict[str, Any]


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


def given_of_events(
    state: State, people: Sequence[Person], taken_out: Sequence[tuple[UUID, UUID]]
) -> dict[str, Any]:
    """For questions about events alone, in which nobody's doubt and no refused record has a part."""
    given = given_for(state, people, taken_out)
    del given["doubtful"], given["discarded"]
    return given


def given_for(
    state: State, people: Sequence[Person], taken_out: Sequence[tuple[UUID, UUID]]
) -> dict[str, Any]:
    """All that the questions name (``asked.sql``, ``member.sql``, ``doubtful.sql``, ``near.sql``,
    ``refusal.sql``).

    ``taken_out``: subject and id of the events that do not count.
    """
    out: dict[UUID, list[UUID]] = defaultdict(list)
    for subject, event_id in taken_out:
        out[subject].append(event_id)
    return {
        "subjects": list(
            {
                member.subject
                for person in people
                for member in (*person.who.members, *person.who.households, *person.who.unsure)
            }
        ),
        "asked": [
            {
                **request(number, person.window, state, person.who.under_16),
                "subject": person.asked_for,
                "crowd_taken_out": list(state.crowd_taken_out),
                "reviewed": _reviewed(person),
            }
            for number, person in enumerate(people)
        ],
        "members": [
            {
                **request(number, person.window, state, person.who.under_16),
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
        "discarded": [each._asdict() for each in state.discarded],
        "doubtful": [
            {
                "ask": number,
                "subject": member.subject,
                "doubtful_from": since,
                "doubtful_to": until,
                "erased_through": member.erased_through,
            }
            for number, person in enumerate(people)
            for member in person.who.unsure
            for since, until in member.times
        ],
    }


def _reviewed(person: Person) -> list[Row]:
    return [{"event_id": event_id, "decided": decided} for event_id, decided in person.reviewed]


def request(number: int, window: Window, state: State, under_16: Intervals = ()) -> Row:
    """What all rows about one request have in common; ``number``: its place among those asked."""
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
