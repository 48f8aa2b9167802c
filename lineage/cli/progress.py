"""How far is it? A bar on a terminal, nothing anywhere else: a log file wants no bars."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

Advance = Callable[[int], None]

EVERY = 1_000  # telling the bar of each event would cost more than the event


@contextmanager
def progress(says: str, total: int | None, *, unit: str = "") -> Iterator[Advance]:
    """Shows how much of ``total`` (None: unknown) is done; the function given takes how much was added."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(says, total=total)
        waiting = 0

        def advance(added: int) -> None:
            nonlocal waiting
            waiting += added
            if waiting >= EVERY:
                shown.advance(task, waiting)
                waiting = 0

        yield advance
        shown.advance(task, waiting)
