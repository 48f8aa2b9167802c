"""What came of it? Figures, and what may not have happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field

Row = tuple[str, int | None, str]


@dataclass(slots=True)
class Result:
    """``must_be_zero``: how often each thing happened that may not happen.

    ``left_out``: why some faults are not possible here. ``unexplained``: what programs said that
    ended without a fault to explain it.
    """

    figures: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    must_be_zero: dict[str, int] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Was nothing lost, doubled, or otherwise wrong?"""
        return not any(self.must_be_zero.values())

    def rows(self) -> Iterator[Row]:
        """Everything as a table: what, how many, and what is to be said of it."""
        yield from ((what, number, "") for what, number in self.figures.items())
        yield from (("fault left out", None, why) for why in self.left_out)
        yield from (
            (what, number, "WRONG" if number else "as it must be")
            for what, number in self.must_be_zero.items()
        )
