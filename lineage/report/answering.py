"""How are thousands of requests answered into a folder, and a run that ended gone on with?

The reports are those that asking one by one gives, byte for byte: all are made as of one instant, which the
folder remembers.
"""

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Any

from lineage.errors import Refused
from lineage.report.batch import Batch
from lineage.report.canonical import canonical, instant
from lineage.report.check import NotInOrder
from lineage.report.found import Found
from lineage.report.reporter import Reporter
from lineage.report.request import Audience
from lineage.report.undisturbed import undisturbed

CHUNK = 500
"""People in one statement: enough to spread the cost of planning it."""

PIECE = 50
"""People whose documents are made in one go: few enough to see the bar move, and to share the last ones."""

MOST_WRITERS = 4
"""Processes that write; the database, which answers in one, does not keep more of them busy."""

MOST_WAITING = 4 * CHUNK // PIECE
"""Pieces that wait in memory for a writer."""

RUN = "batch.json"

Forms = Mapping[str, Callable[[Mapping[str, Any]], bytes]]
"""Suffix of a file -> what makes its content of a document; another process must be able to call it."""

NO_FORMS: Forms = {}


def begin(
    folder: Path,
    batch: Batch,
    now: datetime,
    as_of: datetime | None = None,
    desk: Mapping[str, int] | None = None,
) -> datetime:
    """As of when this folder's reports are made: as its first run did, else ``as_of``, else ``now``.

    ``desk``: the desk's position, which the folder remembers too, once there is a decision.

    Raises:
        Refused: the folder belongs to other requests, or to another instant.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run = folder / RUN
    if run.exists():
        known = _known(run)
        if known["requests"] != batch.digest:
            raise Refused(f"{folder.name} holds reports of other requests. Choose an empty folder.")
        if known.get("audience", Audience.HANDLER) != batch.audience:
            raise Refused(f"{folder.name} holds copies for somebody else. Choose an empty folder.")
        then = datetime.fromisoformat(known["as_of"]).astimezone(UTC)
        if as_of not in (None, then):
            raise Refused(
                f"{folder.name} was begun as of {known['as_of']}. Leave --as-of out to go on with it."
            )
        return then
    then = as_of or now
    kept = {"as_of": instant(then), "requests": batch.digest}
    if batch.audience is not Audience.HANDLER:
        kept["audience"] = batch.audience.value
    _write(run, canonical(kept | {name: number for name, number in (desk or {}).items() if number}))
    return then


def _known(run: Path) -> dict[str, Any]:
    """What the folder remembers of its first run."""
    try:
        known: dict[str, Any] = json.loads(run.read_text(encoding="utf-8"))
        instant(datetime.fromisoformat(known["as_of"]))
        positions = known.keys() - {"as_of", "requests", "audience"}
        if isinstance(known["requests"], str) and all(type(known[each]) is int for each in positions):
            return known
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        pass
    raise Refused(f"{run} is damaged: whose reports lie beside it is not known. Choose an empty folder.")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of some of the requests.

    ``written``: how many reports, ``stopped`` ones among them (``{"stopped": …}``). ``not_in_order``: id of
    the request -> why its report may not go out; that one is not written.
    """

    written: int
    stopped: int
    not_in_order: dict[str, str]


def decided_in(folder: Path, desk: str) -> int:
    """By which position of the desk, so named, this folder's reports are made. 0: nothing was decided."""
    number: int = _known(folder / RUN).get(desk, 0)
    return number


def answered(
    reporter: Reporter,
    batch: Batch,
    folder: Path,
    as_of: datetime,
    chunk: int = CHUNK,
    forms: Forms = NO_FORMS,
) -> Iterator[Done]:
    """Write what is missing; tells every now and then what was done.

    Of several chunks the documents are made and written in processes beside this one, which asks the database
    for the next chunk meanwhile, and at last helps them. ``forms``: what is written beside each document.
    """
    missing = [
        name
        for name in batch.requests
        if not all((folder / f"{name}.{suffix}").exists() for suffix in ("json", *forms))
    ]
    chunks = [missing[start : start + chunk] for start in range(0, len(missing), chunk)]
    if len(chunks) > 1:  # the first one is short, so that the writers begin soon
        short = max(1, chunk // 5)
        chunks[:1] = [chunks[0][:short], chunks[0][short:]]
    pieces = (piece for names in chunks for piece in _found(reporter, batch, names, as_of))
    if len(chunks) > 1:
        yield from _written_beside(pieces, folder, forms)
    else:
        yield from (_written(piece, folder, forms) for piece in pieces)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some requests of a chunk, by their ids, with what was found for them."""

    names: Sequence[str]
    found: Found


def _found(reporter: Reporter, batch: Batch, names: Sequence[str], as_of: datetime) -> Iterator[_Piece]:
    with undisturbed():
        found = reporter.find([batch.requests[name] for name in names], as_of=as_of)
    for start in range(0, len(names), PIECE):
        some = slice(start, start + PIECE)
        yield _Piece(names[some], found.of(some))


def _written_beside(pieces: Iterable[_Piece], folder: Path, forms: Forms) -> Iterator[Done]:
    cores = os.cpu_count() or 1
    writers = cores if forms else min(MOST_WRITERS, max(1, cores // 2))
    beside = ProcessPoolExecutor(writers, get_context("spawn"), initializer=_leave_stopping_to_the_first)
    try:
        waiting: deque[tuple[Future[Done], _Piece]] = deque()
        for piece in pieces:
            waiting.append((beside.submit(_written, piece, folder, forms), piece))
            while waiting and (waiting[0][0].done() or len(waiting) > MOST_WAITING):
                yield waiting.popleft()[0].result()
        while waiting:
            future, piece = waiting.pop()
            if future.cancel():
                yield _written(piece, folder, forms)
            else:  # it is being written, and all before it
                yield from (each.result() for each, _ in [*waiting, (future, piece)])
                break
    finally:
        beside.shutdown(cancel_futures=True)


def _leave_stopping_to_the_first() -> None:
    """A stop by hand reaches every process; this one ends when the first one lets it go."""
    signal(SIGINT, SIG_IGN)


def _written(piece: _Piece, folder: Path, forms: Forms) -> Done:
    stopped, wrong = 0, dict[str, str]()
    with undisturbed():
        for number, name in enumerate(piece.names):
            try:
                document = piece.found.document(number)
            except NotInOrder as error:
                wrong[name] = str(error)
                continue
            for suffix, form in {} if "stopped" in document else forms.items():
                _write(folder / f"{name}.{suffix}", form(document))
            _write(folder / f"{name}.json", canonical(document) + b"\n")
            stopped += "stopped" in document
    return Done(len(piece.names) - len(wrong), stopped, wrong)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the process ends here."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(content)
    os.replace(beside, path)
