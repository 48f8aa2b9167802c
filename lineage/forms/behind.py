"""What stands behind a line, for the handler: the events, the step that decided, the contract, the policy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lineage.forms.parts import Cell, Fact, Said
from lineage.forms.wording import Wording

Explained = Mapping[str, Sequence[Mapping[str, Any]]]
"""What ``lineage explain`` says of lines by their names, such as ``disclosed/0``."""


def behind(line: Mapping[str, Any], explained: Sequence[Mapping[str, Any]], say: Wording) -> tuple[Fact, ...]:
    """Nothing for a person's copy, in which no line has evidence."""
    return tuple(_facts(line, explained, say)) if line.get("evidence") else ()


def _facts(line: Mapping[str, Any], explained: Sequence[Mapping[str, Any]], say: Wording) -> Iterator[Fact]:
    evidence = line["evidence"]
    yield fact(say.say("handler.events"), say.number(evidence["count"]))
    yield fact(say.say("handler.digest"), evidence["digest"])
    yield fact(say.say("handler.first_ids"), *evidence["first"])
    if evidence["count"] > len(evidence["first"]):
        yield fact(say.say("handler.last_ids"), *evidence["last"])
    steps = {(each["step"], each["because"]) for event in explained for each in event["steps"]}
    if steps:
        yield fact(say.say("handler.step"), *(f"{step}: {because}" for step, because in sorted(steps)))
    contracts = {contract for event in explained for contract in event["contracts"]}
    if contracts:
        yield fact(say.say("handler.contract"), *sorted(map(str, contracts)))
    for policy in sorted({event["policy"] for event in explained}):
        yield fact(say.say("handler.policy"), policy)


def fact(label: str, *values: str) -> Fact:
    """A name with some plain values."""
    return Fact(label, Cell(tuple(map(Said, values))))
