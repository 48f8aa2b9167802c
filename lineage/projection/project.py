"""What does a batch of records say? Columns, with the rows that tell it whole; nothing here reads or writes.

One frame a batch, no step per event: an event costs microseconds. Rare records (reports, policies, refused
ones) are looked at one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from lineage.archive.form import leaf_digest
from lineage.codec import DecodedBatch, decode_batch
from lineage.framing import NO_IDS, SchemaIds
from lineage.logs import Records
from lineage.projection.columns import ERASED_ROW, EVENT_ROW, FIELDS, INSTANT, REPORT_ROW, Reached, empty
from lineage.projection.details import with_details

PolarsType = pl.DataType | pl.datatypes.DataTypeClass

REPORTED = "ProducerReported"
ADOPTED = "PolicyAdopted"
POPULATION = "PopulationShared"
POLICY_KEY = b"policy"
WITHOUT_SUBJECT = frozenset({REPORTED, ADOPTED, POPULATION})

# What Python's datetime can hold, in microseconds since 1970: years 1 to 9999.
EARLIEST = -62_135_596_800_000_000
LATEST = 253_402_300_799_999_999


@dataclass(frozen=True, slots=True, repr=False)
class Projected:
    """A batch as columns. ``_row`` is the record's index in ``records``.

    ``events``: readable records of every kind, with ``_expected_key`` and ``_times_hold``; ``unreadable``:
    index and reason; ``reports``, ``policies``: the fields of their own of those rare kinds; ``erased``: what
    is left of records that an erasure took out: no event, and nothing refused.
    """

    records: Records
    log: pl.DataFrame
    events: pl.DataFrame
    unreadable: list[tuple[int, str]]
    reports: pl.DataFrame
    policies: list[dict[str, object]]
    erased: pl.DataFrame

    def __repr__(self) -> str:
        return f"Projected({len(self.events)} readable, {len(self.unreadable)} unreadable)"


def project(records: Records, running: Mapping[int, int], ids: SchemaIds = NO_IDS) -> Projected:
    """The records as columns. ``running``: per partition the greatest record time before, in microseconds.
    ``ids``: what a schema registry's ids mean.
    """
    decoded = decode_batch(records.value, ids)
    log = _log_columns(records, running)
    return Projected(
        records=records,
        log=log,
        events=_events(decoded, log),
        unreadable=[each for each in decoded.refused if each[0] not in records.erased],
        reports=_reports(decoded),
        policies=_policies(decoded),
        erased=_erased(records, log),
    )


def reached(projected: Projected) -> tuple[Reached, ...]:
    """How far these records go in each partition."""
    last = projected.log.group_by("log_partition").last().sort("log_partition")
    return tuple(
        Reached(
            partition=row["log_partition"],
            offset=row["log_offset"],
            recorded_at=row["recorded_at"],
            digest=digest_of(projected.records, row["_row"]),
        )
        for row in last.to_dicts()
    )


def digest_of(records: Records, row: int) -> bytes:
    """The digest that stands for one of the records, also when it was erased."""
    if row in records.erased:
        return records.erased[row].digest
    return leaf_digest(
        records.partition[row],
        records.offset[row],
        records.recorded_at[row],
        records.key[row],
        records.value[row],
    )


def as_microseconds(column: pl.Series) -> list[int]:
    """Instants as microseconds since 1970-01-01 UTC."""
    return column.to_physical().to_list()


def _log_columns(records: Records, running: Mapping[int, int]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "log_partition": pl.Series(records.partition, dtype=pl.Int32),
            "log_offset": pl.Series(records.offset, dtype=pl.Int64),
            "recorded_at": pl.Series(records.recorded_at, dtype=pl.Int64),
            "_key": pl.Series(records.key, dtype=pl.Binary),
        }
    )
    before = pl.DataFrame(
        {"log_partition": list(running), "_before": list(running.values())},
        schema={"log_partition": pl.Int32, "_before": pl.Int64},
    )
    return (
        frame.join(before, on="log_partition", how="left", maintain_order="left")
        .with_columns(
            pl.max_horizontal(pl.col("recorded_at").cum_max().over("log_partition"), "_before")
            .cast(INSTANT)
            .alias("recorded_at")
        )
        .drop("_before")
        .with_row_index("_row")
        .with_columns(pl.col("_row").cast(pl.Int64))
    )


def _events(decoded: DecodedBatch, log: pl.DataFrame) -> pl.DataFrame:
    """The readable records, one kind of event after the other."""
    parts = [_columns(event, rows, frame) for event, (rows, frame) in decoded.frames.items() if len(frame)]
    blank = empty({"_row": pl.Int64(), "_expected_key": pl.Binary(), "_times_hold": pl.Boolean()})
    told = pl.concat([blank, *(_without_silent(part) for part in parts)], how="diagonal")
    # A null for all rows takes no memory, and no time when rows are picked and sorted.
    silent = [pl.lit(None, dtype).alias(name) for name, dtype in FIELDS.items() if name not in told.columns]
    placed = log.drop("_row")[told["_row"]]
    return pl.concat([placed, told.with_columns(silent)], how="horizontal").select(
        *EVENT_ROW, "_row", "_key", "_expected_key", "_times_hold"
    )


def _without_silent(part: pl.DataFrame) -> pl.DataFrame:
    return part.select(column for column in part if column.null_count() < len(part))


def _columns(event: str, rows: list[int], frame: pl.DataFrame) -> pl.DataFrame:
    numbered = frame.with_columns(pl.Series("_row", rows, pl.Int64))
    times = [leaf for name, dtype in frame.schema.items() for leaf in _times(pl.col(name), dtype)]
    numbered = numbered.with_columns(_hold(times).alias("_times_hold"))
    if event in (REPORTED, ADOPTED):
        numbered = numbered.select("_row", "_times_hold", *(name for name in frame.columns if name in FIELDS))
    if numbered["_times_hold"].all():
        told = with_details(event, numbered)
    else:
        # Python cannot print these times. The record is refused, and kept as it is.
        sane = with_details(event, numbered.filter("_times_hold"))
        told = pl.concat(
            [
                sane,
                numbered.filter(~pl.col("_times_hold")).select(
                    name for name in numbered.columns if name in sane.columns
                ),
            ],
            how="diagonal",
        )
    return told.with_columns(
        pl.lit(event).alias("event"),
        _expected_key(event).alias("_expected_key"),
        *(pl.col(name).cast(FIELDS[name]) for name in told.columns if name in FIELDS),
    )


def _expected_key(event: str) -> pl.Expr:
    if event == ADOPTED:
        return pl.lit(POLICY_KEY, pl.Binary)
    if event in WITHOUT_SUBJECT:
        return pl.col("producer").cast(pl.Binary)
    return pl.col("subject")


def _times(column: pl.Expr, dtype: PolarsType) -> list[pl.Expr]:
    """Every instant inside a column, through records in records."""
    if isinstance(dtype, pl.Datetime):
        return [column]
    if isinstance(dtype, pl.Struct):
        return [
            leaf for inner in dtype.fields for leaf in _times(column.struct.field(inner.name), inner.dtype)
        ]
    return []


def _hold(times: list[pl.Expr]) -> pl.Expr:
    held = [time.to_physical().is_between(EARLIEST, LATEST).fill_null(True) for time in times]
    return pl.all_horizontal(held)


def _reports(decoded: DecodedBatch) -> pl.DataFrame:
    own = ("last_sequence", "covers_from", "covers_until", "systems", "closing")
    columns = {"_row": pl.Int64(), **{name: REPORT_ROW[name] for name in own}}
    if REPORTED not in decoded.frames:
        return empty(columns)
    rows, frame = decoded.frames[REPORTED]
    return frame.with_columns(pl.Series("_row", rows, pl.Int64)).select(
        pl.col(name).cast(dtype) for name, dtype in columns.items()
    )


def _erased(records: Records, log: pl.DataFrame) -> pl.DataFrame:
    if not records.erased:
        return empty(ERASED_ROW)
    left = [
        (row, each.producer, each.incarnation, each.sequence, each.by)
        for row, each in sorted(records.erased.items())
    ]
    columns = ["_row", "producer", "incarnation", "sequence", "erased_by"]
    schema = {"_row": pl.Int64()} | {name: ERASED_ROW[name] for name in columns[1:]}
    kept = pl.DataFrame(left, schema=schema, orient="row")
    return pl.concat([log[kept["_row"]], kept.drop("_row")], how="horizontal").select(list(ERASED_ROW))


def _policies(decoded: DecodedBatch) -> list[dict[str, object]]:
    if ADOPTED not in decoded.frames:
        return []
    rows, frame = decoded.frames[ADOPTED]
    told = frame.select("digest", "files").to_dicts()
    return [{"_row": row, **fields} for row, fields in zip(rows, told, strict=True)]
