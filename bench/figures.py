"""What did a measurement find? Figures against their bars, printed as one table."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import duckdb

EMPTY_ROW = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``bar`` is a bound on ``ratio``: at least it, or below it."""

    question: str
    ratio: float
    beside: str
    at_least: float | None = None
    below: float | None = None
    unit: str = "x"

    @property
    def bar(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"< {self.below:g}" if self.below is not None else ""

    @property
    def verdict(self) -> str:
        if self.at_least is None and self.below is None:
            return ""
        met = (self.at_least is None or self.ratio >= self.at_least) and (
            self.below is None or self.ratio < self.below
        )
        return "met" if met else "MISSED"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock, and of this process on the processor: a busy machine adds to the first."""

    seconds: float
    processor: float

    @classmethod
    def now(cls) -> Self:
        return cls(time.perf_counter(), time.process_time())

    @classmethod
    def since(cls, begun: "Spent") -> Self:
        now = cls.now()
        return cls(now.seconds - begun.seconds, now.processor - begun.processor)


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| question | figure | bar | | absolute |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {each.question} | {each.ratio:.3g} {each.unit} | {each.bar} | {each.verdict} | {each.beside} |"
        for each in figures
    ]
    return "\n".join(lines)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def empty_query(reader: duckdb.DuckDBPyConnection) -> float:
    """Seconds of the least question. The first ones after another question do not count: they find the
    processor's caches taken, and look dearer than they are.
    """
    row = []
    for _ in range(EMPTY_ROW):
        begun = time.perf_counter()
        reader.execute("select 1").fetchall()
        row.append(time.perf_counter() - begun)
    return median(row[EMPTY_ROW // 2 :])
