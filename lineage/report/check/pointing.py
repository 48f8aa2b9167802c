"""Does it answer, or point at the privacy policy instead? (§1798.110(b); R 7024(j); law.md K-13)

A general text may stand for an answer only if the answer is the same for everybody. A business that has
proven this says so under ``same_for_everybody``: who established it, and when.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lineage.report.check.glance import may_hold
from lineage.report.check.problem import Problem, path
from lineage.words import filled_in

RULE = "K-13, R 7024(j)"

_NOTICE = r"(privacy\s+(policy|policies|notice|notices|statement)|notice\s+at\s+collection)"
_NAMES_IT = re.compile(rf"\b{_NOTICE}\b|https?://\S*(privacy|datenschutz)", re.I)
_POINTS_AT_IT = re.compile(
    r"\b(see|refer(red)?|consult|read|visit|check|review|described|listed|found|stated|set\s+out|available"
    rf"|according|outlined|explained|provided)\b[^.;]*\b{_NOTICE}\b|https?://\S*(privacy|datenschutz)",
    re.I,
)
_ADDRESS = re.compile(r"https?://\S+", re.I)
_HINTS = (b"privacy", b"notice", b"datenschutz")  # one stands in whatever the two find
_PLACES = ("collected", "sources", "purposes", "third_parties", "sold_or_shared", "disclosed", "pieces")


def check(raw: dict[str, Any]) -> Iterator[Problem]:
    """Works on any object, for an answer that only points elsewhere often lacks the lists, too."""
    if _is_proven(raw.get("same_for_everybody")):
        return
    for block in _PLACES:
        if not may_hold(raw.get(block), *_HINTS):
            continue
        for where, text in _texts(raw.get(block), block):
            if _POINTS_AT_IT.search(text):
                yield Problem(path(*where), RULE, _WHY)
    if named := [each for each in _texts(raw.get("statements"), "statements") if _names_it(each[1])]:
        # To a person who is not verified the law itself names the privacy policy (R 7024(b)).
        excused = {text for _, text in _texts(raw.get("denials"))}
        yield from (Problem(path(*where), RULE, _WHY) for where, text in named if text not in excused)


_WHY = "Points at a general text instead of answering from this person's own events."


@lru_cache(maxsize=128)  # the sentences are nearly always the fixed ones
def _names_it(text: str) -> bool:
    return _NAMES_IT.search(_spoken(text)) is not None


def _spoken(text: str) -> str:
    """An address to turn to may well have the word in it, and sends nobody elsewhere for the answer."""
    return _ADDRESS.sub("", text) if filled_in("statements.CONTACT", text) else text


def _is_proven(flag: object) -> bool:
    return isinstance(flag, dict) and all(
        isinstance(flag.get(key), str) and flag[key] for key in ("who", "when")
    )


def _texts(value: object, *steps: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield steps, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, *steps, str(key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, *steps, number)
