"""What is wrong with a report, and by which rule?"""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One reason why a report must not go out.

    ``path``: where, as JSON path (``$.disclosed.pairs[0].kinds``). ``rule``: the page that forbids it, or the
    case of law.md that shows it (``K-12``). ``sentence``: what is wrong and what to do. No part of it holds a
    value of the report: a report that is refused may hold what nobody should read.
    """

    path: str
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence} [{self.rule}]"


def path(*steps: str | int) -> str:
    """The JSON path of keys and indexes; a key that is no plain name is not repeated.

    >>> path("disclosed", "pairs", 0, "kinds")
    '$.disclosed.pairs[0].kinds'
    """
    return "$" + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step if _NAME.fullmatch(step) else '(…)'}"
        for step in steps
    )
