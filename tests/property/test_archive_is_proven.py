"""Whatever is done to an archive or to its checkpoints: is it found? And if nothing is done, nothing?"""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from archives import LOG, Archive, Archived, erasure, filled, put, some
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.archive.form import SCHEMA, chain, leaf_digest, partitions
from lineage.proof.believing import believed
from lineage.proof.chain import FOLDER
from lineage.proof.finding import Finding, What
from lineage.proof.hashing import changed
from lineage.proof.keys import PUBLIC, signer, trusted
from lineage.proof.making import checkpoint
from lineage.proof.verifying import verify

NOW = datetime(2026, 6, 15, 17, tzinfo=UTC)
# How long a file is differs from run to run: its key and its ids do.
SHARES = st.floats(0, 1, exclude_max=True)
worlds = st.tuples(st.integers(0, 2**32), st.booleans())


@contextmanager
def proven(seed: int, *, is_erased: bool) -> Iterator[Archive]:
    """A random archive with checkpoints at random places, the last of them at its end."""
    with tempfile.TemporaryDirectory() as place:
        chance = random.Random(seed)
        made = filled(Path(place) / "archive", chance, segments=2)
        key = signer(Path(place) / "home", LOG)
        checkpoint(made.folder, key, NOW)
        if is_erased:
            by = UUID(int=chance.getrandbits(128), version=4)
            person = UUID(int=chance.getrandbits(128), version=4)
            content = [each for each in made.records() if each.key or each.value]
            made.write(0, [erasure(0, made.end(0), by, person)])
            made.erase(chance.sample(content, min(2, len(content))), by)
        for after in range(2):
            made.write(after, some(chance, after, made.end(after), chance.randint(1, 4)))
            checkpoint(made.folder, key, NOW + timedelta(hours=1 + after))
        yield made


def faults(made: Archive) -> list[Finding]:
    keys = trusted([made.folder.parent / "home" / PUBLIC])
    chain, found = believed(made.folder / FOLDER, [], keys, LOG)
    return [*found, *verify(made.folder, chain).findings]


def what_it_says(made: Archive) -> list[object]:
    """Every record as a reader gets it."""
    return [
        (part, row)
        for part in partitions(made.folder)
        for segment in chain(made.folder, part)
        for row in pq.read_table(segment.path).to_pylist()
    ]


def segment_files(made: Archive) -> list[Path]:
    return sorted(path for part in partitions(made.folder) for path in (made.folder / str(part)).iterdir())


@settings(max_examples=8)
@given(worlds)
def test_nothing_is_found_where_nothing_was_changed(world: tuple[int, bool]) -> None:
    with proven(world[0], is_erased=world[1]) as made:
        assert faults(made) == []


@settings(max_examples=24)
@given(worlds, st.data())
def test_a_changed_byte_of_a_segment_is_found_unless_every_record_says_the_same(
    world: tuple[int, bool], data: st.DataObject
) -> None:
    with proven(world[0], is_erased=world[1]) as made:
        before = what_it_says(made)
        path = data.draw(st.sampled_from(segment_files(made)), label="file")
        raw = bytearray(path.read_bytes())
        raw[int(len(raw) * data.draw(SHARES, label="at"))] ^= data.draw(st.integers(1, 255), label="by")
        path.write_bytes(raw)

        if not faults(made):
            assert what_it_says(made) == before


@settings(max_examples=12)
@given(worlds, st.data())
def test_a_changed_byte_of_a_checkpoint_is_found(world: tuple[int, bool], data: st.DataObject) -> None:
    with proven(world[0], is_erased=world[1]) as made:
        path = data.draw(st.sampled_from(sorted((made.folder / FOLDER).glob("*.note"))))
        raw = bytearray(path.read_bytes())
        raw[int(len(raw) * data.draw(SHARES))] ^= data.draw(st.integers(1, 255))
        path.write_bytes(raw)

        assert faults(made)


@settings(max_examples=24)
@given(
    worlds,
    st.data(),
    st.sampled_from(["drop", "add", "swap", "change", "erase", "remove", "cut", "rename"]),
)
def test_whatever_is_done_to_records_and_segments_is_found(
    world: tuple[int, bool], data: st.DataObject, deed: str
) -> None:
    with proven(world[0], is_erased=world[1]) as made:
        path = data.draw(st.sampled_from(segment_files(made)))
        first, last = map(int, path.stem.split("-"))
        part = int(path.parent.name)
        [records] = [found for found in made.standing[part] if found[-1].offset == last]
        at = data.draw(st.integers(0, len(records) - 1))
        if deed == "remove":
            path.unlink()
        elif deed == "rename":
            path.rename(path.with_name(f"{first:020}-{last + 1:020}.parquet"))
        elif deed == "cut":
            shutil.rmtree(path.parent)
        else:
            put(made.folder, part, first, last, forged(records, at, deed, data))
        assert faults(made)


def forged(records: list[Archived], at: int, deed: str, data: st.DataObject) -> list[Archived]:
    """Records as somebody leaves them who knows the form, digests made anew."""
    one = records[at]
    if deed == "drop":
        return [*records[:at], *records[at + 1 :]]
    if deed == "add":
        return [*records[: at + 1], replace(one, digest=one.row()["digest"]), *records[at + 1 :]]
    if deed == "erase":
        gone = one.erased(UUID(int=data.draw(st.integers(1, 2**128 - 1))))
        return [*records[:at], gone, *records[at + 1 :]]
    if deed == "swap" and len(records) > 1:
        other = at - 1
        swapped = list(records)
        swapped[at], swapped[other] = records[other], records[at]
        return swapped
    return [*records[:at], replace(one, value=b"another", erased_by=None, digest=b""), *records[at + 1 :]]


@given(
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**63 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.none() | st.binary(max_size=300),
    st.none() | st.binary(max_size=300),
)
def test_a_record_hashed_among_many_has_the_digest_that_it_has_alone(
    partition: int, offset: int, recorded_at: int, key: bytes | None, value: bytes | None
) -> None:
    record = Archived(partition, offset, recorded_at, key, value)
    piece = pa.Table.from_pylist([record.row()], SCHEMA)
    assert record.row()["digest"] == leaf_digest(partition, offset, recorded_at, key, value)
    assert changed(piece, partition) == []
    assert changed(piece, partition ^ 1) == [(offset, What.CHANGED)]
