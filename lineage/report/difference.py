"""What does one answer say that an earlier one did not, and why?

Two documents (``ccpa.know/1``) in, sentences out: which lines are new, gone or changed, which gaps opened or
closed, and what happened in between. For the handler: event ids are named, tokens are not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lineage.report.canonical import canonical
from lineage.report.check.lists import KEYS

Document = Mapping[str, Any]
Key = tuple[str | None, ...]

NAMED: Final = 10  # event ids that a sentence names

_LISTS: Final = {
    **KEYS,
    "denials": ("block", "code"),
    "exclusions": ("code",),
    "not_searched": ("record_types",),
    "under_order": ("category", "recipient_category"),
    "for_review": ("event_id", "reason"),
    "statements": ("code", "block"),
}
"""What makes an entry of each list the same entry as before."""

_INNER: Final = {"sold_or_shared": "pairs", "disclosed": "pairs", "pieces": "items"}
_NOT_SAID: Final = frozenset({"positions", "versions", "as_of", "answer_digest", "digest"})
_APART: Final = frozenset({"coverage", "subject"})


@dataclass(frozen=True, slots=True)
class Difference:
    """``changes``: what is said otherwise now. ``causes``: what happened in between that can explain it."""

    changes: tuple[str, ...]
    causes: tuple[str, ...]


def difference(earlier: Document, later: Document) -> Difference:
    """What changed between two documents of one request.

    There are changes exactly when the two ``answer_digest`` differ. An answer that stops for a person's
    decision (``{"stopped": …}``) has nothing to compare.
    """
    if "stopped" in earlier or "stopped" in later:
        before, now = earlier.get("stopped"), later.get("stopped")
        return Difference((f"{_change('stopped', before, now)}.",) if before != now else (), ())
    changes = [
        *_subject(earlier, later),
        *_gaps(earlier["coverage"], later["coverage"]),
        *(each for name in _LISTS for each in _list(name, earlier, later)),
        *_plain(earlier, later),
    ]
    return Difference(tuple(changes), tuple(_causes(earlier, later)))


def _subject(earlier: Document, later: Document) -> Iterator[str]:
    before, now = (set(each["subject"]["linked"]) for each in (earlier, later))
    if now - before:
        yield f"linked: {len(now - before)} more token(s) of the person."
    if before - now:
        yield f"linked: {len(before - now)} token(s) no longer the person's."
    if earlier["subject"]["token"] != later["subject"]["token"]:
        yield "subject: another token was asked for."


def _gaps(earlier: Document, later: Document) -> Iterator[str]:
    before, now = ({canonical(gap): gap for gap in each["gaps"]} for each in (earlier, later))
    for text, gap in now.items():
        if text not in before:
            yield f"coverage: a gap opened: {_gap(gap)}."
    for text, gap in before.items():
        if text not in now:
            yield f"coverage: a gap closed: {_gap(gap)}."
    for name in ("complete", "from"):
        if earlier[name] != later[name]:
            yield f"coverage: {_change(name, earlier[name], later[name])}."


def _gap(gap: Document) -> str:
    parts = [f"{name} {gap[name]}" for name in ("producer", "system", "from", "to") if gap[name] is not None]
    return " ".join([gap["reason"], *parts])


def _list(name: str, earlier: Document, later: Document) -> Iterator[str]:
    before, now = (_entries(name, each) for each in (earlier, later))
    for key in sorted(before.keys() | now.keys(), key=str):
        old, new = before.get(key, []), now.get(key, [])
        what = f"{name}: {', '.join(part for part in key if part is not None) or 'one entry'}"
        if not old:
            yield f"{what} is new{_counted(new[0])}."
        elif not new:
            yield f"{what} is gone{_counted(old[0])}."
        elif len(old) == len(new) == 1:
            if changed := list(_fields(old[0], new[0])):
                yield f"{what}: {'; '.join(changed)}."
        elif canonical(old) != canonical(new):
            yield f"{what}: differs."


def _entries(name: str, document: Document) -> dict[Key, list[Document]]:
    found: Any = document.get(name, [])
    found = found[_INNER[name]] if name in _INNER else found
    entries: dict[Key, list[Document]] = {}
    for entry in found:
        entries.setdefault(tuple(entry.get(part) for part in _LISTS[name]), []).append(entry)
    return entries


def _counted(entry: Document) -> str:
    return f" ({entry['events']} event(s), {entry['first']} to {entry['last']})" if "first" in entry else ""


def _fields(old: Document, new: Document) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        before, now = old.get(name), new.get(name)
        if before == now:
            continue
        yield "other events back it" if name == "evidence" else _change(name, before, now)


def _plain(earlier: Document, later: Document) -> Iterator[str]:
    """Whatever is no list: values and small objects, one level deep."""
    for name in sorted(
        (earlier.keys() | later.keys()) - _NOT_SAID - _APART - (_LISTS.keys() - _INNER.keys())
    ):
        before, now = earlier.get(name), later.get(name)
        inner = _INNER.get(name)
        if isinstance(before, dict) and isinstance(now, dict):
            for part in sorted((before.keys() | now.keys()) - {inner}):
                if before.get(part) != now.get(part):
                    yield f"{name}: {_change(part, before.get(part), now.get(part))}."
        elif before != now:
            yield f"{_change(name, before, now)}."


def _change(name: str, before: Any, now: Any) -> str:
    return f"{name} was {_word(before)}, is {_word(now)}"


def _word(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    return value if isinstance(value, str) else canonical(value).decode()


def _causes(earlier: Document, later: Document) -> Iterator[str]:
    if earlier["as_of"] != later["as_of"]:
        yield f"The earlier answer speaks as of {earlier['as_of']}, the later one as of {later['as_of']}."
    before, now = earlier["positions"], later["positions"]
    read = sum(
        now.get(part, -1) - before.get(part, -1) for part in before.keys() | now.keys() if part != "desk"
    )
    if read:
        yield f"{read} record(s) of the log lie between the two."
    if before.get("desk", 0) != now.get("desk", 0):
        yield f"{now.get('desk', 0) - before.get('desk', 0)} decision(s) were taken at the desk in between."
    old, new = _named_events(earlier), _named_events(later)
    if came := sorted(new - old):
        yield f"Events that only the later one names: {_listed(came)}."
    if went := sorted(old - new):
        yield (
            "Events that only the earlier one names (corrected, retracted, erased, unlinked, or now among "
            f"many): {_listed(went)}."
        )
    for name in sorted(earlier["versions"].keys() | later["versions"].keys()):
        if earlier["versions"].get(name) != later["versions"].get(name):
            yield f"The {name} is of another version."


def _named_events(document: Document) -> set[str]:
    evidence = (
        entry.get("evidence") or {}
        for name in _LISTS
        for entries in _entries(name, document).values()
        for entry in entries
    )
    return {event for each in evidence for event in (*each.get("first", ()), *each.get("last", ()))}


def _listed(events: list[str]) -> str:
    more = f" and {len(events) - NAMED} more" if len(events) > NAMED else ""
    return ", ".join(events[:NAMED]) + more
