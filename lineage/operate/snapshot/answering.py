"""How does a projector answer who asks for a snapshot? Beside its loop, on a connection for reading."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Final

from duckdb import DuckDBPyConnection

from lineage.errors import LineageError, Refused
from lineage.operate.snapshot.asking import DONE, FOLDER, TAKING, WANTED, write
from lineage.operate.snapshot.taking import take
from lineage.store import Store

LOG = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0

Choices = Callable[[DuckDBPyConnection, Path, str], object]
"""Makes a snapshot of choices at the path; the text is the check of the secret."""


@contextmanager
def answering(
    home: Path, store: Store, look_seconds: float = LOOK_SECONDS, *, choices: Choices | None = None
) -> Iterator[None]:
    """Take the snapshots that are asked for while the block lasts; what a killed process began is dropped.

    ``choices``: makes those of choices; without it they are refused.
    """
    place = home / FOLDER
    for left in place.glob(f"*{TAKING}"):
        left.unlink(missing_ok=True)
    stop = Signal()
    with store.cursor() as reader:
        arguments = place, reader, stop, look_seconds, choices
        thread = Thread(target=_answer, args=arguments, name="snapshots", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()  # the store is closed next


def _answer(
    place: Path, reader: DuckDBPyConnection, stop: Signal, look_seconds: float, choices: Choices | None
) -> None:
    while not stop.wait(look_seconds):
        for wanted in sorted(place.glob(f"*{WANTED}")):
            _answer_one(wanted, reader, choices)


def _answer_one(wanted: Path, reader: DuckDBPyConnection, choices: Choices | None) -> None:
    taking = wanted.with_suffix(TAKING)
    told: dict[str, str] = {}
    try:
        os.replace(wanted, taking)
        asked = json.loads(taking.read_text(encoding="utf-8"))
        _make(asked, reader, choices)
    except FileNotFoundError:
        return  # whoever asked has gone
    except LineageError as error:
        told = {"error": str(error)}
    except Exception as error:
        LOG.exception("no snapshot")
        told = {"error": f"the projector could not take it ({type(error).__name__}); its lines tell more"}
    write(taking.with_suffix(DONE), told)
    taking.unlink(missing_ok=True)


def _make(asked: dict[str, str], reader: DuckDBPyConnection, choices: Choices | None) -> None:
    if "choices" not in asked:
        taken = take(reader, Path(asked["folder"]))
        LOG.info("snapshot taken", extra={"fields": {"events": taken.views["events"].rows}})
    elif choices is None:
        raise Refused("this projector makes no snapshot of choices")
    else:
        choices(reader, Path(asked["choices"]), asked["secret"])
        LOG.info("snapshot of choices made")
