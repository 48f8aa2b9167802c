"""How is something random drawn, and how often?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@dataclass
class Chances:
    """Draws. ``tidy``: nothing that would leave the coverage incomplete."""

    draw: st.DrawFn
    tidy: bool

    def one(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def some(self, options: Sequence[T], most: int = 3, least: int = 1) -> list[T]:
        return self.draw(st.lists(st.sampled_from(options), min_size=least, max_size=most))

    def seldom(self, one_in: int = 8) -> bool:
        return self.draw(st.integers(0, one_in - 1)) == one_in - 1

    def untidy(self, one_in: int = 8) -> bool:
        return not self.tidy and self.seldom(one_in)
