"""What does one answer say that an earlier one did not, and why?

Two documents (``ccpa.know/1``) in, changes out: which lines are new, gone or changed, which gaps opened or
closed, and what happened in between.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lineage.report.between import Cause, causes
from lineage.report.canonical import canonical
from lineage.report.change import Change, Entry, Gap, Mark, Tokens, Value
from lineage.report.entries import INNER, LISTS, entries

Document = Mapping[str, Any]

_NOT_SAID: Final = frozenset({"positions", "versions", "as_of", "answer_digest", "digest"})
_APART: Final = frozenset({"coverage", "subject"})


@dataclass(frozen=True, slots=True)
class Difference:
    """``found``: what is said otherwise now. ``why``: what happened in between that can explain it."""

    found: tuple[Change, ...]
    why: tuple[Cause, ...]

    @property
    def changes(self) -> tuple[str, ...]:
        """What was found, a sentence each, for the handler."""
        return tuple(change.sentence for change in self.found)

    @property
    def causes(self) -> tuple[str, ...]:
        """Why, a sentence each, for the handler."""
        return tuple(cause.sentence for cause in self.why)


def difference(earlier: Document, later: Document) -> Difference:
    """What changed between two documents of one request.

    There are changes exactly when the two ``answer_digest`` differ. An answer that stops for a person's
    decision (``{"stopped": …}``) has nothing to compare.
    """
    if "stopped" in earlier or "stopped" in later:
        before, now = earlier.get("stopped"), later.get("stopped")
        return Difference((Value("stopped", None, before, now),) if before != now else (), ())
    changes = (
        *_subject(earlier["subject"], later["subject"]),
        *_coverage(earlier["coverage"], later["coverage"]),
        *(each for name in LISTS for each in _list(name, earlier, later)),
        *_values(earlier, later),
    )
    return Difference(changes, tuple(causes(earlier, later)))


def _subject(earlier: Document, later: Document) -> Iterator[Tokens]:
    before, now = set(earlier["linked"]), set(later["linked"])
    if now - before:
        yield Tokens(Mark.NEW, len(now - before))
    if before - now:
        yield Tokens(Mark.GONE, len(before - now))
    if earlier["token"] != later["token"]:
        yield Tokens(Mark.CHANGED, 1)


def _coverage(earlier: Document, later: Document) -> Iterator[Gap | Value]:
    before, now = ({canonical(gap): gap for gap in each["gaps"]} for each in (earlier, later))
    yield from (Gap(Mark.NEW, gap) for text, gap in now.items() if text not in before)
    yield from (Gap(Mark.GONE, gap) for text, gap in before.items() if text not in now)
    for name in ("complete", "from"):
        if earlier[name] != later[name]:
            yield Value("coverage", name, earlier[name], later[name])


def _list(name: str, earlier: Document, later: Document) -> Iterator[Entry]:
    before, now = entries(name, earlier), entries(name, later)
    for key in sorted(before.keys() | now.keys(), key=str):
        old, new = before.get(key, []), now.get(key, [])
        if canonical(old) != canonical(new):
            yield Entry(name, key, tuple(old), tuple(new))


def _values(earlier: Document, later: Document) -> Iterator[Value]:
    """Whatever is no list of entries: values and small objects, one level deep."""
    for name in sorted((earlier.keys() | later.keys()) - _NOT_SAID - _APART - (LISTS.keys() - INNER.keys())):
        before, now = earlier.get(name), later.get(name)
        if isinstance(before, dict) and isinstance(now, dict):
            for part in sorted((before.keys() | now.keys()) - {INNER.get(name)}):
                if before.get(part) != now.get(part):
                    yield Value(name, part, before.get(part), now.get(part))
        elif before != now:
            yield Value(name, None, before, now)
