"""What is the answer to one request to know? Slow and plain, block by block (docs/the-answer.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluator import blocks as lines
from evaluator.asked import Asked, exclusions
from evaluator.gaps import Gap, of_the_log, of_the_person
from evaluator.known import Known
from evaluator.linked import Person
from evaluator.released import BLOCKS, block_status, denials, wanted
from evaluator.remaining import earlier, pieces
from evaluator.silence import covered_from
from evaluator.times import extended, window, written
from evaluator.told import Fact, Record
from evaluator.unsearched import unsearched


@dataclass(frozen=True)
class Question:
    """What a person asks, as a request to know does."""

    subject: str
    received: str
    since: str | None = None
    everything: bool = False
    blocks: tuple[str, ...] = BLOCKS
    verification: str = "V0_NONE"


def evaluate(
    policy_files: Mapping[str, str], records: list[Record], question: Question, as_of: datetime | None = None
) -> dict[str, Any]:
    """The answer, keyed for comparison. ``records`` in the order of the log.

    ``policy_files`` were adopted first; what the records adopt later judges instead.
    """
    return answer(Known(policy_files, records, as_of), question)


def answer(known: Known, question: Question) -> dict[str, Any]:
    """The answer out of what is known. ``provisional``: None where it is open."""
    person = known.community.person(question.subject)
    if person.stopped:
        return {"stopped": "TWO_ACCOUNTS"}
    base = window(question.received, known.policy.zone)
    longer = question.everything or question.since is not None
    inside = extended(base, question.since, known.policy.zone) if longer else base
    asked = known.asked(person, inside, base.start)
    theirs = known.theirs(person, known.accepted)
    found = {
        *of_the_log(known.told, known.policy, inside),
        *of_the_person(known.told, known.accepted, known.community, person, theirs, asked),
    }
    state = asked.described.residency(inside.end)
    consumer = not (known.policy.california_only and state not in (None, "US-CA"))
    status = block_status(question.blocks, question.verification, consumer=consumer)
    begins = covered_from(known.policy)
    return {
        "window": {
            "from": written(inside.start),
            "to": written(inside.end),
            "basis": "everything" if question.everything else "range" if longer else "twelve_months",
        },
        "regime": known.policy.regime,
        "as_of": written(known.as_of),
        "provisional": None if known.as_of == known.recorded else known.as_of > known.recorded,
        "consumer": consumer,
        "block_status": status,
        "denials": denials(status, consumer=consumer),
        **_blocks(known, asked, wanted(question.blocks, question.verification), not found),
        "exclusions": _exclusions(known, person, asked),
        "under_order": lines.under_order(asked),
        "gaps": {_printed(gap) for gap in found},
        "complete": not found,
        "coverage_from": written(begins) if begins is not None else None,
    }


def _blocks(known: Known, asked: Asked, names: set[str], complete: bool) -> dict[str, Any]:
    """Each block with its statement; what was not asked for is empty (rulings.md 35, 36)."""
    left_out = unsearched(known.everybody() if asked.policy.unsearched() else [], asked.policy.unsearched())
    made: dict[str, Any] = {
        "collected": lines.collected(asked),
        "sources": lines.sources(asked),
        "purposes": lines.purposes(asked),
        "third_parties": lines.third_parties(asked),
        "pieces": pieces(asked, set(left_out)),
        "sold_or_shared": lines.sold_or_shared(asked),
        "disclosed": lines.disclosed(asked),
    }
    said = {name: _statement(block, complete) if name in names else None for name, block in made.items()}
    return {
        **{name: block if name in names else type(block)() for name, block in made.items()},
        "statements": said,
        "held_collected_earlier": earlier(asked) if "collected" in names else [],
        "not_searched": set(left_out.values()),
    }


def _statement(block: Any, complete: bool) -> str | None:
    """Rulings.md 36."""
    if not complete:
        return "COVERAGE_INCOMPLETE"
    return None if block else "NONE"


def _exclusions(known: Known, person: Person, asked: Asked) -> dict[str, int]:
    """How many of the person's events in the window each reason leaves out (rulings.md 25, 42)."""
    theirs: list[Fact] = known.theirs(person, known.facts)
    found = exclusions(theirs, asked.cuts, asked.window, asked.policy)
    around = exclusions(known.of_households(person), asked.cuts, asked.window, asked.policy, "DN_HOUSEHOLD")
    if around:
        found.setdefault("DN_HOUSEHOLD", set()).update(around["DN_HOUSEHOLD"])
    return {code: len(ids) for code, ids in found.items()}


def _printed(gap: Gap) -> tuple[str | None, ...]:
    reason, producer, system, start, end = gap
    return reason, producer, system, *(None if at is None else written(at) for at in (start, end))
