"""How does one state of all views get out of a database that is being written? In one transaction.

As Parquet, not as a second database file: an error in that could take the first one along. Who wants a file
makes it of the Parquet files, in a process of its own.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from lineage import __version__
from lineage.errors import Refused
from lineage.store.sql import text

FILE: Final = "snapshot.json"
DATABASE: Final = "snapshot.duckdb"


@dataclass(frozen=True, slots=True)
class View:
    """A view as it was copied; ``means`` and ``columns`` are what docs/views.md says."""

    rows: int
    means: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a snapshot is one of. ``positions``: the last offset of each `topic/partition` that it knows."""

    taken_at: str
    version: str
    positions: dict[str, int]
    views: dict[str, View]


def take(reader: duckdb.DuckDBPyConnection, folder: Path) -> Taken:
    """Write each view into the folder as `<view>.parquet`, with `snapshot.json`, all of one moment.

    ``reader`` is a connection for this alone. Raises Refused when the folder is not empty or cannot be
    written.
    """
    _refuse_unless_empty(folder)
    draft = folder.with_name(f"{folder.name}.unfinished")
    with _whole(draft):
        reader.begin()
        try:
            taken = Taken(
                taken_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                version=__version__,
                positions=_positions(reader),
                views=dict(_copied(reader, draft)),
            )
        finally:
            reader.rollback()
        (draft / FILE).write_text(json.dumps(asdict(taken), indent=2) + "\n", encoding="utf-8")
        os.replace(draft, folder)
    return taken


def as_database(folder: Path) -> Path:
    """Make one DuckDB file of a snapshot's Parquet files, which it replaces; tables have the views' names.

    Raises Refused when the disk does not take it.
    """
    told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    with _in_our_words(folder), duckdb.connect(str(folder / DATABASE)) as made:
        for name, view in told["views"].items():
            source = _quoted(str(folder / f"{name}.parquet"))
            made.execute(f'create table "{name}" as from read_parquet({source})')
            made.execute(f'comment on table "{name}" is {_quoted(view["means"])}')
            for column, means in view["columns"].items():
                made.execute(f'comment on column "{name}"."{column}" is {_quoted(means)}')
    for name in told["views"]:
        (folder / f"{name}.parquet").unlink()
    return folder / DATABASE


def _positions(reader: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(
        reader.execute(
            "select tracking_name, max(position) from position group by tracking_name order by tracking_name"
        ).fetchall()
    )


def _copied(reader: duckdb.DuckDBPyConnection, draft: Path) -> Iterator[tuple[str, View]]:
    views: dict[str, tuple[str, dict[str, str]]] = {}
    for name, means, column, column_means in reader.execute(
        text("described.sql", "lineage.operate.snapshot")
    ).fetchall():
        views.setdefault(name, (means, {}))[1][column] = column_means
    for name, (means, columns) in views.items():
        target = _quoted(str(draft / f"{name}.parquet"))
        reader.execute(f'copy (from "{name}") to {target} (format parquet, compression zstd)')
        [[rows]] = reader.execute(f"select count(*) from read_parquet({target})").fetchall()
        yield name, View(rows, means, columns)


def _refuse_unless_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty; a snapshot takes a folder of its own")


@contextmanager
def _whole(draft: Path) -> Iterator[None]:
    """The folder, made anew; nothing of it is left when the block fails."""
    with _in_our_words(draft):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            yield
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


@contextmanager
def _in_our_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.Error) as error:
        raise Refused(
            f"no snapshot in {folder} ({type(error).__name__}): see that the disk has room and that this "
            "user may write there"
        ) from None


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
