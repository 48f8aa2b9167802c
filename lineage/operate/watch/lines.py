"""What does a consumer write on standard error? One line an event of its own, for people or as JSON.

Third parties may print what they handle (kafka-python: key and value of every record, at debug level), and an
error of theirs may quote a row. So of them only warnings pass, and of an error that is not ours only its kind
and its place.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, Literal

from lineage.errors import LineageError

OURS: Final = "lineage"


def said(error: BaseException) -> dict[str, Any]:
    """An error in its own words when they are ours, else its kind and the way to where it was raised."""
    if isinstance(error, LineageError):
        return {"error": str(error)}
    way = [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)]
    return {"error": f"{type(error).__name__}; its message may quote data and is not shown", "trace": way}


class Ours(logging.Filter):
    """Lets pass what this package says, and warnings of others."""

    def filter(self, record: logging.LogRecord) -> bool:
        ours = record.name == OURS or record.name.startswith(f"{OURS}.")
        return ours or record.levelno >= logging.WARNING


class Lines(logging.Formatter):
    """A line for people: when, how grave, who, what."""

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(str(value) for value in told(record).values())


class JsonLines(logging.Formatter):
    """A line for machines: a JSON object with `at`, `level`, `logger`, `message` and what goes with it."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(told(record), ensure_ascii=False, default=str)


def told(record: logging.LogRecord) -> dict[str, Any]:
    """What a line says. Fields come by ``extra={"fields": {...}}``: counts and names, nothing of a person."""
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    line: dict[str, Any] = {
        "at": moment.replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": record.getMessage(),
    }
    line |= getattr(record, "fields", {})
    if record.exc_info and record.exc_info[1] is not None:
        line |= said(record.exc_info[1])
    return line


class _OnStderr(logging.StreamHandler[Any]):
    def handleError(self, record: logging.LogRecord) -> None:
        """Left alone, logging prints a line that cannot be made with all that it was given."""
        sys.stderr.write(f"a line of {record.name}, line {record.lineno}, could not be written\n")


@contextmanager
def lines_on_stderr(form: Literal["text", "json"], level: str) -> Iterator[None]:
    """For as long as the block lasts, what is logged is written; ``level``: the least of our own."""
    handler = _OnStderr(sys.stderr)
    handler.addFilter(Ours())
    handler.setFormatter(JsonLines() if form == "json" else Lines())
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(level.upper())
    try:
        yield
    finally:
        ours.setLevel(before)
        root.removeHandler(handler)
