"""What stands in a row of a policy? One mapping, read key by key, with its dates."""

from collections.abc import Callable, Hashable
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import TypeVar

from lineage.policy.dated import Dated, Span, boundary, cut_into
from lineage.policy.scalars import choice, read_text, read_texts
from lineage.policy.tree import ID, Problems, Value

T = TypeVar("T", bound=Hashable)


class Row:
    """One mapping of a policy file, read key by key. :meth:`finish` refuses keys that nobody asked for."""

    def __init__(self, value: Value, problems: Problems, zone: tzinfo) -> None:
        self.value, self.problems, self.zone = value, problems, zone
        self.asked: list[str] = []
        self.items: dict[str, Value] = {}
        if isinstance(value.content, dict):
            self.items = value.content
        elif value.content is not None:
            value.wrong(problems, "needs a mapping of keys to values")

    def wrong(self, what: str, key: str | None = None) -> None:
        at = self.items.get(key) if key else None
        # A key that is there has its path, which shows no word that may be personal.
        path = at.key if at else ".".join(part for part in (self.value.key, key or "") if part)
        line = at.key_line if at else self.value.key_line or self.value.line
        self.problems.add(self.value.file, line, path or "(top)", what)

    def get(self, key: str, read: Callable[[Value], T]) -> T | None:
        """The value of a key by a reader; ``None`` when absent, null, or wrong (then it is a problem)."""
        found = self.raw(key)
        if found is None or found.content is None:
            return None
        try:
            return read(found)
        except ValueError as error:
            found.wrong(self.problems, str(error))
            return None

    def need(self, key: str, read: Callable[[Value], T], otherwise: T) -> T:
        """Like :meth:`get`, for a key that must be there."""
        found = self.raw(key)
        if found is None or found.content is None:
            self.wrong("is missing", key)
            return otherwise
        value = self.get(key, read)
        return otherwise if value is None else value

    def raw(self, key: str) -> Value | None:
        self.asked.append(key)
        return self.items.get(key)

    def texts(self, key: str) -> tuple[str, ...]:
        return self.get(key, read_texts) or ()

    def child(self, key: str) -> "Row | None":
        """A mapping under a key."""
        found = self.raw(key)
        return None if found is None or found.content is None else Row(found, self.problems, self.zone)

    def named(self, key: str) -> "dict[str, Row]":
        """A mapping of ids to rows. A row may be empty: ``web:`` names a thing and says no more."""
        found = self.raw(key)
        if found is None or found.content is None:
            return {}
        if not isinstance(found.content, dict):
            found.wrong(self.problems, "needs a mapping of ids to rows")
            return {}
        for name, value in found.content.items():
            if not ID.fullmatch(name):
                self.problems.add(
                    value.file, value.key_line, found.key, "holds an id with characters that ids do not have"
                )
        return {name: Row(value, self.problems, self.zone) for name, value in found.content.items()}

    def rows(self, key: str) -> "list[Row]":
        """A list of rows."""
        found = self.raw(key)
        if found is None or found.content is None:
            return []
        if not isinstance(found.content, list):
            found.wrong(self.problems, "needs a list of rows, each beginning with '- '")
            return []
        return [Row(item, self.problems, self.zone) for item in found.content]

    def instant(self, key: str) -> datetime | None:
        """A date (its midnight in the business's zone) or an instant with zone, in UTC (rulings.md 1)."""
        return self.get(key, lambda value: boundary(read_text(value), self.zone))

    def span(self) -> Span:
        """The row's ``from`` and ``until``: half-open, either may be absent."""
        span = Span(self.instant("from"), self.instant("until"))
        if span.since and span.until and span.until <= span.since:
            self.wrong("ends no later than it begins (until is the first instant outside)", "until")
        return span

    def dated(self, key: str, read: Callable[[Value], T]) -> "Dated[T] | None":
        """A plain value, or a list of ``{from, until, value}`` that do not overlap; gaps have no value."""
        found = self.raw(key)
        if found is None or found.content is None:
            return None
        items = found.content if isinstance(found.content, list) else []
        if not any(isinstance(item.content, dict) for item in items):
            value = self.get(key, read)
            return None if value is None else Dated.always(value)
        pieces: list[tuple[Span, T]] = []
        for item in items:
            row = Row(item, self.problems, self.zone)
            span, raw = row.span(), row.raw("value")
            value = row.get("value", read)
            row.finish()
            if raw is None:
                row.wrong("is missing", "value")
            elif value is not None:
                pieces.append((span, value))
        try:
            return cut_into(pieces)
        except ValueError as error:
            found.wrong(self.problems, str(error))
            return None

    def finish(self) -> None:
        """Refuse the keys that nobody asked for, and say which was probably meant."""
        for key in self.items.keys() - set(self.asked):
            self.wrong(_unknown_key(key, tuple(dict.fromkeys(self.asked))), key)


def _unknown_key(key: str, asked: tuple[str, ...]) -> str:
    near = get_close_matches(key, asked, n=1)
    return f"is not a key here; did you mean '{near[0]}'?" if near else f"is not a key here; {choice(asked)}"
