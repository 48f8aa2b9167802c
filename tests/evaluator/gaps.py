"""For which time, person, producer and system may something be missing? (rulings.md 8, 13, 14, 17, 18, 22,
33, 37 to 40)
"""

from collections.abc import Iterator

from evaluator.asked import Asked
from evaluator.declared import Declared
from evaluator.linked import Community, Person
from evaluator.silence import missing_numbers, silent, untold
from evaluator.times import Window, clip, within
from evaluator.told import Fact, Told

Gap = tuple[str, str | None, str | None, int | None, int | None]
Facts = dict[str | None, list[Fact]]


def of_the_log(told: Told, policy: Declared, window: Window) -> Iterator[Gap]:
    """Each gap as (reason, producer, system, from, to), whoever asks."""
    if told.until < window.end:
        yield "LAG", None, None, max(told.until, window.start), window.end
    for system in policy.systems:
        if not policy.publishes(system):
            yield "UNPUBLISHED_SYSTEM", None, system, window.start, window.end
    for producer, _ in missing_numbers(told, policy, window):
        yield "SEQUENCE", producer, None, None, None
    for producer in policy.producers:
        for hole in silent(told, producer, policy, window):
            yield "SILENT", producer, None, hole.start, hole.end
        if untold(told, producer, policy):
            yield "SILENT", producer, None, None, None


def of_the_person(
    told: Told, accepted: Facts, community: Community, person: Person, theirs: list[Fact], asked: Asked
) -> Iterator[Gap]:
    """The gaps of one person. ``accepted``: what was not erased; ``theirs``: what of it is the person's."""
    reasons = {
        "NO_MATCH": person.household or not _named(told, person),
        "ERASED": any(
            erasure["mode"] == "TOMBSTONE" and erasure["subject"] in person.names()
            for erasure in told.erasures
        ),
        "PARKED": told.parked_for({*person.names(), *dict(person.around)}),
        "UNKNOWN_WORD": any(_unknown_word(fact, asked.policy) for fact in theirs),
        "LINK_UNSURE": _loosely_linked(accepted, community, person, asked.window)
        or _disputed(accepted, person, asked.window),
    }
    for reason, holds in reasons.items():
        if holds:
            yield reason, None, None, None, None
    for system in _unknown_holdings(asked):
        yield "HOLDING_UNKNOWN", None, system, None, None


def _named(told: Told, person: Person) -> bool:
    facts = [fact for facts in told.accepted.values() for fact in facts]
    return any({fact["subject"], fact["other"]} & person.names() for fact in facts)


def _unknown_word(fact: Fact, policy: Declared) -> bool:
    event = fact.event
    words = {policy.element(word) for word in event.get("elements", [])}
    return bool(
        (words - set(policy.elements))
        or not all(policy.knows_purpose(purpose) for purpose in event.get("purposes", []))
        or ("recipient" in event and event["recipient"] not in policy.recipients)
        or ("source" in event and event["source"] not in policy.sources)
        or (event.get("on_behalf_of") and event["on_behalf_of"] not in policy.customers)
        or (event["event"] == "Collected" and not event.get("purposes"))
    )


def _loosely_linked(accepted: Facts, community: Community, person: Person, window: Window) -> bool:
    """Whether a link that nobody verified leads to events in the window that are not the person's anyway."""
    return any(
        _beyond(fact, person, window)
        for pair in community.unverified
        for near in pair & set(person.tokens)
        for far in pair - {near}
        for fact in accepted.get(far, [])
    )


def _beyond(fact: Fact, person: Person, window: Window) -> bool:
    inside = clip(fact.span, *window)
    return inside is not None and within(inside, person.tokens.get(fact["subject"], [])) != (inside,)


def _disputed(accepted: Facts, person: Person, window: Window) -> bool:
    """Whether a device that two people held did anything in the window then."""
    return any(
        (part := clip(fact.span, *stretch)) and clip(part, *window)
        for device, stretch in person.unsure
        for fact in accepted.get(device, [])
    )


def _unknown_holdings(asked: Asked) -> set[str]:
    """The systems of which a population was shared, and nobody knows whether this person was in it."""
    return {
        fact["system"]
        for fact in asked.populations
        if fact["outcome"] == "GRANTED"
        and not asked.policy.holdings_known(fact["system"])
        and (pieces := list(asked.pieces(fact)))
        and not any(
            put.system == fact["system"]
            and put.element in asked.words(fact)
            and put.held.start <= pieces[-1].end
            for put in asked.puts
        )
    }
