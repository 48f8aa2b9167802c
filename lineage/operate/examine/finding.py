"""What does an examination find? One line a thing looked at: how it stands, what that means, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How one thing stands."""

    OK = "OK"
    WARN = "WARN"
    """It works, and a person should look at it."""
    FAIL = "FAIL"
    """Events may be lost, dated wrongly or kept from answers until somebody does something."""
    SILENT = "SILENT"
    """It could not be asked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` is empty where there is nothing to do."""

    what: str
    level: Level
    means: str
    remedy: str = ""


def ok(what: str, means: str) -> Finding:
    return Finding(what, Level.OK, means)


def warn(what: str, means: str, remedy: str) -> Finding:
    return Finding(what, Level.WARN, means, remedy)


def fail(what: str, means: str, remedy: str) -> Finding:
    return Finding(what, Level.FAIL, means, remedy)


def silent(what: str, means: str, remedy: str = "") -> Finding:
    return Finding(what, Level.SILENT, means, remedy)


def worst(findings: Iterable[Finding]) -> Level:
    """What decides the whole: a failure, then what could not be asked, then a warning."""
    order = (Level.FAIL, Level.SILENT, Level.WARN)
    levels = {each.level for each in findings}
    return next((level for level in order if level in levels), Level.OK)
