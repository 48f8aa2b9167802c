"""How are records put into a segment, and how do they come back? Whole files, a few megabytes at a time.

A segment is written beside its place, made safe on disk and then renamed: a torn one never has its name.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lineage.archive.disk import sync_folder, taken_by_disk
from lineage.archive.form import SCHEMA, WRITING
from lineage.errors import ArchiveDamaged

ROW_GROUP = 16_384
"""Records that are read at once. At 250 bytes a record that is four megabytes for each partition."""

COMPRESSION_LEVEL = 1
"""Of zstd. Digests and ids are random bytes: a higher level takes twice the time and saves a fiftieth."""


def write_segment(path: Path, tables: Iterable[pa.Table]) -> None:
    """The records of these tables, in their order, as the segment of this path; one of that name is replaced.

    Raises LogUnavailable when the disk does not take it: then nothing has changed.
    """
    beside = path.with_name(f".{path.name}{WRITING}")
    with taken_by_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                _fill(file, tables)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        sync_folder(path.parent)


def _fill(file: object, tables: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(
        file,
        SCHEMA,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=["key", "producer", "incarnation", "erased_by"],
        column_encoding={"offset": "DELTA_BINARY_PACKED", "recorded_at": "DELTA_BINARY_PACKED"},
        # Those of erased_by let a checkpoint pass by what nobody was erased from.
        write_statistics=["offset", "recorded_at", "erased_by"],
        write_page_checksum=True,
    ) as writer:
        for table in _regrouped(tables):
            writer.write_table(table, row_group_size=ROW_GROUP)


def _regrouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables that fill row groups, whatever they came in."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += len(table)
        if rows >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            full = rows - rows % ROW_GROUP
            yield whole.slice(0, full)
            waiting, rows = [whole.slice(full)], rows - full
    if rows:
        yield pa.concat_tables(waiting)


def row_groups(path: Path, columns: list[str] | None = None, first: int = 0) -> Iterator[pa.Table]:
    """The records of a segment from the offset ``first`` on, as tables of one row group each.

    Raises ArchiveDamaged when the file is no segment, FileNotFoundError when it is not there.
    """
    try:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                last = file.metadata.row_group(group).column(0).statistics.max
                if last >= first:
                    yield file.read_row_group(group, columns=columns)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, AttributeError) as error:
        raise ArchiveDamaged(
            f"archive: {path.parent.name}/{path.name} cannot be read ({type(error).__name__}). Bring it back "
            "from a backup."
        ) from error
