"""In which part of a letter is a change told, and in which words?"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from lineage.forms import blocks, limits
from lineage.forms.changed import beside, each_line, lines_of
from lineage.forms.parts import Cell, Row, Said, Section, Table
from lineage.forms.wording import Wording, plain
from lineage.report.canonical import canonical
from lineage.report.change import Change, Entry, Gap, Mark, Tokens, Value
from lineage.report.request import BLOCKS
from lineage.words import ENGLISH, group

Document = Mapping[str, Any]

LINES: Final = (*blocks.ORDER, "under_order")
PLACES: Final = (
    *("gaps", *blocks.ORDER, "held_collected_earlier", "under_order"),
    *("limits", "contact", "for_review", "about"),
)
"""The parts in which something can differ, in the order of a letter."""

_ABOUT_NO_BLOCK: Final = {
    "CONTACT": "contact",
    "RECORDS_START": "gaps",
    "OLDER_DATA": "held_collected_earlier",
    "NOT_FOR_RELEASE": "about",
}
"""Where a statement stands that is about no block; the others are among the limits."""


class Told(NamedTuple):
    """A line of a part's table, or a sentence below it."""

    place: str
    mark: Mark
    what: Row | Said


class Telling:
    """How changes are told in one language, to a handler or to the person."""

    def __init__(self, say: Wording, *, is_handlers: bool) -> None:
        self._say, self._is_handlers = say, is_handlers

    def tell(self, change: Change) -> Iterator[Told]:
        """All that a letter says of one change."""
        match change:
            case Gap(mark, gap):
                yield Told("gaps", mark, self._gaps(gap).rows[0])
            case Tokens(mark, count):
                counted = self._say.say(f"difference.tokens.{mark}", count=self._say.number(count))
                yield Told("about", mark, _item(self._say.say("handler.linked"), Cell((Said(counted),))))
            case Entry() if change.part in LINES:
                yield from (Told(change.part, mark, line) for mark, line in lines_of(change, self._say))
            case Entry():
                for mark, before, now in each_line(change):
                    yield self._entry(change.part, mark, before, now)
            case Value():
                yield from self._value(change)

    def columns(self, place: str) -> tuple[str, ...]:
        """The headings over the lines of a part."""
        if place == "gaps":
            return self._gaps(
                {"reason": "ERASED", **dict.fromkeys(("from", "to", "producer", "system"))}
            ).columns
        if place == "for_review":
            return self._reviews({"event_id": "", "reason": "UNREVIEWED_DISCLOSURE"}).columns
        if place == "about":
            return self._say.say("columns.item"), self._say.say("columns.detail")
        return blocks.columns(place, self._say)

    def _gaps(self, gap: Document) -> Table:
        found = limits.gaps(
            {"coverage": {"gaps": [gap]}, "statements": []}, self._say, is_handlers=self._is_handlers
        )
        return _table(found)

    def _reviews(self, review: Document) -> Table:
        return _table(limits.for_review({"for_review": [review]}, self._say))

    def _entry(self, part: str, mark: Mark, before: Document | None, now: Document | None) -> Told:
        entry = now or before or {}
        if part == "for_review":
            return Told(part, mark, self._reviews(entry).rows[0])
        said = self._sentence(part, entry)
        was = self._sentence(part, before).text if before else ""
        text = self._say.say(f"difference.said.{mark}", said=said.text, before=was)
        return Told(_place(entry), mark, Said(text, said.language))

    def _sentence(self, part: str, entry: Document) -> Said:
        """As the letter of a whole answer has it."""
        say, statement = self._say, entry["statement"]
        match part:
            case "denials":
                return blocks.denial(entry, say)
            case "not_searched":
                return say.told("statements.NOT_SEARCHED", statement)
            case "exclusions":
                said = say.told(f"denials.{entry['code']}", statement)
                if entry.get("count") is None:
                    return said
                count = say.say("handler.count", count=say.number(entry["count"]))
                return Said(f"{said.text} ({entry['code']}: {count})", said.language)
        if entry["code"] == "NONE":
            return say.negative(entry["block"], statement)
        if entry["code"] == "FOR_CUSTOMERS":
            return say.told("denials.DN_SP_ROLE", statement)
        return say.told(f"statements.{entry['code']}", statement)

    def _value(self, value: Value) -> Iterator[Told]:
        say, name = self._say, value.name
        match value.part, name:
            case "block_status", str(block) if block in BLOCKS:
                states = (say.coded("difference.statuses", each) for each in (value.before, value.now))
                before, now = (each.text for each in states)
                text = say.say("difference.status", before=before, now=now)
                yield Told(block, value.mark, Said(text))
            case "held_collected_earlier", _:
                for mark, one, other in (
                    (Mark.NEW, value.now, value.before),
                    (Mark.GONE, value.before, value.now),
                ):
                    for element in one:
                        if element not in other:
                            yield Told(value.part, mark, Row((Cell((say.element(element),)),)))
            case "coverage", "complete":
                text = say.say("short.complete" if value.now else "short.incomplete")
                yield Told("gaps", value.mark, Said(say.say("difference.now", said=text)))
            case _:
                old, new = (Cell((self._worth(value, each),)) for each in (value.before, value.now))
                yield Told("about", value.mark, _item(self._label(value), beside(old, new, say)))

    def _label(self, value: Value) -> str:
        name = value.name or value.part
        block = value.part if name == "statement" else name
        if block in BLOCKS:
            return self._say.say(f"blocks.{block}.heading")
        labels = group("difference.value", self._say.language)
        return labels.get(f"{value.part}_{name}") or labels.get(name) or plain(name)

    def _worth(self, value: Value, worth: Any) -> Said:
        say, name = self._say, value.name or value.part
        match worth:
            case None | []:
                return Said(say.say("difference.nothing"))
            case bool():
                return Said(say.say("difference.is_so" if worth else "difference.is_not_so"))
            case {"facts": str(facts)}:
                return Said(facts, None if say.language == ENGLISH else ENGLISH)
            case {"digest": digest}:
                return Said(digest)
            case str() if name in ("verification", "basis"):
                return say.coded(name, worth)
            case str() if name in ("from", "to", "received_at") and "T" in worth:
                return Said(say.minute(worth))
        return Said(worth if isinstance(worth, str) else canonical(worth).decode())


def _table(section: Section | None) -> Table:
    assert section is not None  # noqa: S101 (there is something in it)
    assert section.table is not None  # noqa: S101
    return section.table


def _item(label: str, detail: Cell) -> Row:
    return Row((Cell((Said(label),)), detail))


def _place(entry: Document) -> str:
    """The part in which something is said: that of its block, if it has one."""
    block = entry.get("block")
    return block or _ABOUT_NO_BLOCK.get(entry.get("code", ""), "limits")
