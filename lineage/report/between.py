"""What happened between two answers that can explain why they differ?

For the handler: event ids are named, tokens are not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lineage.report.entries import LISTS, entries
from lineage.words import english

Document = Mapping[str, Any]

NAMED: Final = 10  # event ids that a sentence names


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason by its code, under which every language has a sentence (``difference.cause``).

    ``values``: what is filled in; instants as the answers have them.
    """

    code: str
    values: Mapping[str, str] = field(repr=False)

    @property
    def sentence(self) -> str:
        return english(f"difference.cause.{self.code}", **self.values)


def causes(earlier: Document, later: Document) -> Iterator[Cause]:
    """What lies between two documents of one request; little between a person's copies, which do not tell
    how far the log was read.
    """
    if earlier["as_of"] != later["as_of"]:
        yield Cause("AS_OF", {"before": earlier["as_of"], "now": later["as_of"]})
    before, now = earlier["positions"], later["positions"]
    read = sum(
        now.get(part, -1) - before.get(part, -1) for part in before.keys() | now.keys() if part != "desk"
    )
    if read:
        yield Cause("RECORDS", {"count": str(read)})
    if before.get("desk", 0) != now.get("desk", 0):
        yield Cause("DECISIONS", {"count": str(now.get("desk", 0) - before.get("desk", 0))})
    old, new = _named_events(earlier), _named_events(later)
    if came := sorted(new - old):
        yield _events("EVENTS_CAME", came)
    if went := sorted(old - new):
        yield _events("EVENTS_WENT", went)
    for name in sorted(earlier["versions"].keys() | later["versions"].keys()):
        # What was signed meanwhile explains nothing.
        if name != "checkpoint" and earlier["versions"].get(name) != later["versions"].get(name):
            yield Cause("VERSION", {"name": name})


def _named_events(document: Document) -> set[str]:
    evidence = (
        entry.get("evidence") or {}
        for name in LISTS
        for each in entries(name, document).values()
        for entry in each
    )
    return {event for each in evidence for event in (*each.get("first", ()), *each.get("last", ()))}


def _events(code: str, events: list[str]) -> Cause:
    named = {"events": ", ".join(events[:NAMED])}
    if len(events) <= NAMED:
        return Cause(code, named)
    return Cause(f"{code}_MORE", {**named, "more": str(len(events) - NAMED)})
