"""Archives made by hand: some records in segments, some of them erased, without any log behind them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pyarrow as pa

from lineage.archive import manifest
from lineage.archive.form import SCHEMA, leaf_digest, path_of
from lineage.archive.segments import write_segment
from lineage.codec import encode
from lineage.events import SubjectErased

LOG = "personal-data-events"


@dataclass(frozen=True)
class Archived:
    """One record of an archive; ``row`` is the segment's."""

    partition: int
    offset: int
    recorded_at: int
    key: bytes | None
    value: bytes | None
    erased_by: UUID | None = None
    digest: bytes = b""
    producer: str | None = None
    incarnation: bytes | None = None
    sequence: int | None = None

    def row(self) -> dict[str, object]:
        told = leaf_digest(self.partition, self.offset, self.recorded_at, self.key, self.value)
        return {
            "offset": self.offset,
            "recorded_at": self.recorded_at,
            "key": None if self.erased_by else self.key,
            "value": None if self.erased_by else self.value,
            "digest": self.digest or told,
            "producer": self.producer,
            "incarnation": self.incarnation,
            "sequence": self.sequence,
            "erased_by": self.erased_by.bytes if self.erased_by else None,
        }

    def erased(self, by: UUID) -> "Archived":
        """What an erasure leaves of it."""
        return replace(
            self, erased_by=by, producer="shop", incarnation=uuid4().bytes, sequence=self.offset + 1
        )


@dataclass
class Archive:
    """A folder, and what stands in its segments, by partition."""

    folder: Path
    standing: dict[int, list[list[Archived]]] = field(default_factory=dict)

    def write(self, partition: int, records: Sequence[Archived]) -> Path:
        """One segment more, right behind the one before; its name covers it exactly."""
        before = self.standing.setdefault(partition, [])
        first = before[-1][-1].offset + 1 if before else records[0].offset
        before.append(list(records))
        return put(self.folder, partition, first, records[-1].offset, records)

    def records(self) -> list[Archived]:
        return [each for found in self.standing.values() for segment in found for each in segment]

    def end(self, partition: int) -> int:
        found = self.standing.get(partition)
        return found[-1][-1].offset + 1 if found else 0

    def erase(self, chosen: Sequence[Archived], by: UUID) -> None:
        """Rewrite the segments of these records without their key and value."""
        places = {(each.partition, each.offset) for each in chosen}
        for partition, found in self.standing.items():
            first = found[0][0].offset
            for at, segment in enumerate(found):
                gone = [each.erased(by) if (partition, each.offset) in places else each for each in segment]
                if gone != segment:
                    put(self.folder, partition, first, segment[-1].offset, gone)
                    found[at] = gone
                first = segment[-1].offset + 1


def put(folder: Path, partition: int, first: int, last: int, records: Sequence[Archived]) -> Path:
    """Write a segment of that name with these records, whatever it held."""
    path = path_of(folder, partition, first, last)
    write_segment(path, [pa.Table.from_pylist([each.row() for each in records], SCHEMA)])
    return path


def empty_archive(folder: Path) -> Archive:
    """An archive of which nothing is written yet."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write(folder, manifest.Manifest(LOG, (manifest.Part(LOG),)))
    return Archive(folder)


def some(
    chance: random.Random, partition: int, first: int, count: int, *, with_gaps: bool = True
) -> list[Archived]:
    """Random records one after the other, with gaps, keys and values that may be missing."""
    records, offset, at = [], first, 1_700_000_000_000_000 + first
    for _ in range(count):
        offset += chance.choice((0, 0, 0, 3)) if with_gaps else 0
        at += chance.randrange(1_000)
        key = chance.choice((None, b"", chance.randbytes(16), chance.randbytes(16)))
        value = chance.choice((b"", chance.randbytes(40), chance.randbytes(90), None))
        records.append(Archived(partition, offset, at, key, value))
        offset += 1
    return records


def erasure(partition: int, offset: int, event_id: UUID, subject: UUID) -> Archived:
    """The record that says that a person's lineage is gone."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    told = SubjectErased(
        event_id=event_id,
        occurred_at=now,
        subject=subject,
        namespace="account",
        producer="shop",
        incarnation=uuid4(),
        sequence=offset + 1,
        system="shop",
        through=now,
    )
    return Archived(partition, offset, 1_800_000_000_000_000 + offset, subject.bytes, encode(told))


def filled(
    folder: Path, chance: random.Random, *, partitions: int = 2, segments: int = 3, records: int = 5
) -> Archive:
    """An archive of some segments of random records in each partition."""
    made = empty_archive(folder)
    for partition in range(partitions):
        for _ in range(segments):
            made.write(partition, some(chance, partition, made.end(partition), chance.randint(1, records)))
    return made
