"""Many requests at once: a file of requests in, a folder of reports out, and on again where a run ended.

The reports are those that asking one by one gives, byte for byte: all are made as of one instant, which the
folder remembers.
"""

import csv
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from itertools import starmap
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

from lineage.errors import Refused
from lineage.report.canonical import canonical, instant
from lineage.report.check import NotInOrder
from lineage.report.found import Found
from lineage.report.refusal import Reason, Refusal
from lineage.report.reporter import Reporter
from lineage.report.request import BLOCKS, Audience, Request, Verification, blocks_of
from lineage.report.undisturbed import undisturbed
from lineage.window import day, received

CHUNK = 250
"""People in one statement: enough to spread its cost, few enough to see the bar move."""

MOST_WRITERS = 4
"""Processes that write; the database, which answers in one, does not keep more of them busy."""

RUN = "batch.json"
COLUMNS = (
    *("id", "subject", "received", "from", "everything", "blocks", "verification", "audience"),
    *("refuse", "facts"),
)
NEEDED = ("id", "subject", "received")


@dataclass(frozen=True, slots=True)
class Batch:
    """The requests of one file, by their ids; ``digest`` is the file's SHA-256."""

    requests: dict[str, Request]
    digest: str


def read_batch(path: Path, token: Callable[[str], UUID]) -> Batch:
    """The requests of a CSV file with the columns of ``COLUMNS``; the first three are needed.

    Raises:
        Refused: the file, or a line of it, cannot be read; the line is named, its subject is not.
    """
    try:
        raw = path.read_bytes()
        rows = csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline=""))
        columns = rows.fieldnames or ()
        if missing := [each for each in NEEDED if each not in columns]:
            raise Refused(
                f"{path.name} lacks the columns {', '.join(missing)}. Needed are {', '.join(NEEDED)}."
            )
        if unknown := [each for each in columns if each not in COLUMNS]:
            raise Refused(f"{path.name} has columns that mean nothing here: {', '.join(unknown)}.")
        requests: dict[str, Request] = {}
        for number, row in enumerate(rows, start=2):
            try:
                name = _name(row["id"])
                if name in requests:
                    raise Refused("the id stands in an earlier line, too.")
                requests[name] = _request(row, token)
            except Refused as error:
                raise Refused(f"{path.name}, line {number}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} cannot be read as CSV in UTF-8: {type(error).__name__}.") from None
    return Batch(requests, sha256(raw).hexdigest())


def _name(text: str) -> str:
    """An id that can name a file."""
    if not text or text.startswith(".") or any(each in text for each in "/\\:\0"):
        raise Refused("the id is empty, or cannot name a file.")
    return text


def _request(row: dict[str, str], token: Callable[[str], UUID]) -> Request:
    try:
        request = Request(
            subject=token(row["subject"]),
            received=received(row["received"]),
            since=day(row["from"]) if row.get("from") else None,
            everything=(row.get("everything") or "false").lower() in ("true", "yes", "1"),
            blocks=blocks_of(row["blocks"]) if row.get("blocks") else BLOCKS,
            verification=Verification(row.get("verification") or Verification.V0_NONE),
            audience=Audience(row.get("audience") or Audience.HANDLER),
        )
        reason = Reason(row["refuse"]) if row.get("refuse") else None
    except ValueError:
        raise Refused("the verification, the audience or the reason to refuse is none that exists.") from None
    facts = row.get("facts") or ""
    if reason is not None:
        return request.refusing(Refusal(reason, facts))
    if facts:
        raise Refused("there are facts, and nothing is refused.")
    return request


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
        known = json.loads(run.read_text(encoding="utf-8"))
        if known["requests"] != batch.digest:
            raise Refused(f"{folder.name} holds reports of other requests. Choose an empty folder.")
        then = datetime.fromisoformat(known["as_of"]).astimezone(UTC)
        if as_of not in (None, then):
            raise Refused(
                f"{folder.name} was begun as of {known['as_of']}. Leave --as-of out to go on with it."
            )
        return then
    then = as_of or now
    kept = {"as_of": instant(then), "requests": batch.digest}
    _write(run, canonical(kept | {name: number for name, number in (desk or {}).items() if number}))
    return then


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
    return int(json.loads((folder / RUN).read_text(encoding="utf-8")).get(desk, 0))


def answered(
    reporter: Reporter, batch: Batch, folder: Path, as_of: datetime, chunk: int = CHUNK
) -> Iterator[Done]:
    """Write what is missing; tells after each chunk what was done.

    Of several chunks the documents are made and written in processes beside this one, which asks the database
    for the next chunk meanwhile.
    """
    missing = [name for name in batch.requests if not (folder / f"{name}.json").exists()]
    chunks = [missing[start : start + chunk] for start in range(0, len(missing), chunk)]
    found = ((_found(reporter, batch, names, as_of), names, folder) for names in chunks)
    yield from _written_beside(found) if len(chunks) > 1 else starmap(_written, found)


def _written_beside(found: Iterable[tuple[Found, Sequence[str], Path]]) -> Iterator[Done]:
    writers = min(MOST_WRITERS, max(1, (os.cpu_count() or 1) // 2))
    with ProcessPoolExecutor(writers, get_context("spawn")) as beside:
        pending: deque[Future[Done]] = deque()
        for each in found:
            pending.append(beside.submit(_written, *each))
            if len(pending) > writers:  # no more answers wait in memory than are being written
                yield pending.popleft().result()
        yield from (each.result() for each in pending)


def _found(reporter: Reporter, batch: Batch, names: Sequence[str], as_of: datetime) -> Found:
    with undisturbed():
        return reporter.find([batch.requests[name] for name in names], as_of=as_of)


def _written(found: Found, names: Sequence[str], folder: Path) -> Done:
    stopped, wrong = 0, dict[str, str]()
    with undisturbed():
        for number, name in enumerate(names):
            try:
                document = found.document(number)
            except NotInOrder as error:
                wrong[name] = str(error)
                continue
            _write(folder / f"{name}.json", canonical(document) + b"\n")
            stopped += "stopped" in document
    return Done(len(names) - len(wrong), stopped, wrong)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the process ends here."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(content)
    os.replace(beside, path)
