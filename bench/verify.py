"""Is an archive verified at the speed of reading it? Beside the reading that a rebuild does, in turn."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from bench.figures import Figure, Spent, median
from bench.year import told
from lineage.archive import manifest
from lineage.archive.form import SCHEMA, chain, leaf_digest, partitions, path_of
from lineage.archive.segments import row_groups, write_segment
from lineage.logs import Records
from lineage.proof.believing import believed
from lineage.proof.chain import FOLDER
from lineage.proof.keys import PUBLIC, signer, trusted
from lineage.proof.making import checkpoint
from lineage.proof.note import PublicKey
from lineage.proof.verifying import verify

PARTITIONS = 2
SEGMENT = 100_000
ROUNDS = 5
LOG = "bench"


def measure(events: int) -> list[Figure]:
    """An archive of so many events, read and verified in turn."""
    with tempfile.TemporaryDirectory() as place:
        archive, home = Path(place) / "archive", Path(place) / "home"
        records = fill(archive, told(events))
        begun = Spent.now()
        checkpoint(archive, signer(home, LOG), datetime.now(UTC))
        signed = Spent.since(begun)
        keys = trusted([home / PUBLIC])
        rounds = [(spent_reading(archive), spent_verifying(archive, keys, records)) for _ in range(ROUNDS)]
    read, verified = (median([each[side].seconds for each in rounds]) for side in (0, 1))
    processor = median([ours.processor / peer.processor for peer, ours in rounds])
    return [
        Figure(
            "verify / reading the archive for a rebuild",
            median([ours.seconds / peer.seconds for peer, ours in rounds]),
            f"{records / verified:,.0f}/s beside {records / read:,.0f}/s, {records:,} records; processor "
            f"time {processor:.2f} x; the first checkpoint of all of it {records / signed.seconds:,.0f}/s",
            below=2,
        )
    ]


def fill(archive: Path, records: Sequence[tuple[bytes | None, bytes | None]]) -> int:
    """Segments of these records; how many there are."""
    archive.mkdir()
    manifest.write(archive, manifest.Manifest(LOG, (manifest.Part(LOG),)))
    for part in range(PARTITIONS):
        ours = records[part::PARTITIONS]
        for first in range(0, len(ours), SEGMENT):
            some = ours[first : first + SEGMENT]
            table = pa.Table.from_pylist(list(rows(part, first, some)), SCHEMA)
            write_segment(path_of(archive, part, first, first + len(some) - 1), [table])
    return len(records)


def rows(
    part: int, first: int, records: Sequence[tuple[bytes | None, bytes | None]]
) -> Iterator[dict[str, object]]:
    """The rows of a segment."""
    for offset, (key, value) in enumerate(records, start=first):
        at = 1_750_000_000_000_000 + 1_000 * offset
        digest = leaf_digest(part, offset, at, key, value)
        yield {"offset": offset, "recorded_at": at, "key": key, "value": value, "digest": digest}


def spent_reading(archive: Path) -> Spent:
    """What it takes to hand all records to the projector as it wants them."""
    begun = Spent.now()
    for part in partitions(archive):
        for segment in chain(archive, part):
            for group in row_groups(segment.path, ["offset", "recorded_at", "key", "value"]):
                Records(
                    [part] * len(group),
                    *(group[name].to_pylist() for name in ("offset", "recorded_at", "key", "value")),
                )
    return Spent.since(begun)


def spent_verifying(archive: Path, keys: list[PublicKey], records: int) -> Spent:
    """What it takes to find that every record is as it was."""
    begun = Spent.now()
    checkpoints, faults = believed(archive / FOLDER, [], keys, LOG)
    verdict = verify(archive, checkpoints)
    assert (faults, verdict.findings, verdict.covered) == ([], (), records)
    return Spent.since(begun)
