"""Which numbers never came, and when was a producer silent? (rulings.md 37, 38, 40)"""

from typing import Any

from evaluator.declared import Declared
from evaluator.times import FOREVER, Span, Window, clip, joined, micros, missing
from evaluator.told import Told


def covered_from(policy: Declared) -> int | None:
    """The latest beginning of the declared producers (rulings.md 40)."""
    starts = [policy.bound(row, "from") for row in policy.producers.values() if "from" in row]
    return max(starts, default=None)


def untold(told: Told, producer: str, policy: Declared) -> bool:
    """Whether nobody told how far one of a producer's open lives goes."""
    return any(_reached(told, producer, life) is None for life in _open_lives(told, producer, policy))


def _attested_last(policy: Declared, producer: str, incarnation: str) -> int | None:
    for row in policy.producers.get(producer, {}).get("closed") or []:
        if row["incarnation"] == incarnation:
            return int(row["last_sequence"])
    return None


def _incarnations(told: Told) -> set[tuple[str, str]]:
    return set(told.numbers) | {(r["producer"], r["incarnation"]) for r in told.reports}


def _reports(told: Told, producer: str, incarnation: str | None = None) -> list[dict[str, Any]]:
    return [
        report
        for report in told.reports
        if report["producer"] == producer and incarnation in (None, report["incarnation"])
    ]


def missing_numbers(told: Told, policy: Declared, window: Window) -> set[tuple[str, str]]:
    """Incarnations, not closed before the window, of which a number never came."""
    lost = set()
    for producer, incarnation in _incarnations(told):
        reports = _reports(told, producer, incarnation)
        if any(r.get("closing") and micros(r["occurred_at"]) < window.start for r in reports):
            continue
        seen = told.numbers.get((producer, incarnation), set())
        attested = _attested_last(policy, producer, incarnation) or 0
        last = max([attested, *seen, *(report["last_sequence"] for report in reports)])
        if set(range(1, last + 1)) - seen:
            lost.add((producer, incarnation))
    return lost


def silent(told: Told, producer: str, policy: Declared, window: Window) -> list[Span]:
    """The part of the window for which a declared producer has not told everything, as one row of holes."""
    row = policy.producers[producer]
    begins = policy.bound(row, "from")
    spoken = [(micros(r["covers_from"]), micros(r["covers_until"])) for r in _reports(told, producer)]
    vouched = [
        (policy.bound(each, "from"), policy.bound(each, "until")) for each in row.get("attested") or []
    ]
    covered = [clip(Span(*each), begins, FOREVER) for each in spoken + vouched if each[0] < each[1]]
    holes = missing(window, [each for each in covered if each])
    for incarnation in _open_lives(told, producer, policy):
        reached = _reached(told, producer, incarnation)
        if reached is not None and reached < window.end:
            holes.append(Span(max(reached, window.start), window.end))
    return joined(holes)


def _reached(told: Told, producer: str, incarnation: str) -> int | None:
    """The time up to which an incarnation reported; None when it never did."""
    reports = _reports(told, producer, incarnation)
    return max((micros(report["covers_until"]) for report in reports), default=None)


def _open_lives(told: Told, producer: str, policy: Declared) -> list[str]:
    """The incarnations that neither a report nor a named person has closed."""
    return [
        incarnation
        for name, incarnation in _incarnations(told)
        if name == producer
        and not any(report.get("closing") for report in _reports(told, producer, incarnation))
        and _attested_last(policy, producer, incarnation) is None
    ]
