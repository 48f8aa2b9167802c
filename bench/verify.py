"""Is an archive verified at the speed of reading it? Beside the reading that a rebuild does, in turn."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure, Spent, median
from bench.year import told
from lineage.archive import Archiver, WholeLog
from lineage.logs import EmbeddedLog, Log
from lineage.projector import BATCH_RECORDS
from lineage.proof.believing import believed
from lineage.proof.chain import FOLDER
from lineage.proof.keys import PUBLIC, signer, trusted
from lineage.proof.making import checkpoint
from lineage.proof.note import PublicKey
from lineage.proof.verifying import verify

ROUNDS = 5
LOG = "bench"


def measure(events: int) -> list[Figure]:
    """An archive of so many events, read and verified in turn."""
    with tempfile.TemporaryDirectory() as place, EmbeddedLog(Path(place) / "log.sqlite", name=LOG) as log:
        archive, home = Path(place) / "archive", Path(place) / "home"
        for key, value in told(events):
            log.append(key, value)
        log.flush(timeout_seconds=600)
        records = Archiver(archive, log).catch_up().records
        begun = Spent.now()
        checkpoint(archive, signer(home, LOG), datetime.now(UTC))
        signed = Spent.since(begun)
        keys = trusted([home / PUBLIC])
        rounds = [
            (spent_reading(archive, log, records), spent_verifying(archive, keys, records))
            for _ in range(ROUNDS)
        ]
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


def spent_reading(archive: Path, log: Log, records: int) -> Spent:
    """What it takes to hand all records to a rebuild as it asks for them."""
    begun = Spent.now()
    whole, read, positions = WholeLog(archive, log), 0, {0: 0}
    while read < records:
        found = whole.read(positions, limit=BATCH_RECORDS, wait_seconds=0)
        read += len(found)
        positions = found.next_positions()
    return Spent.since(begun)


def spent_verifying(archive: Path, keys: list[PublicKey], records: int) -> Spent:
    """What it takes to find that every record is as it was."""
    begun = Spent.now()
    checkpoints, faults = believed(archive / FOLDER, [], keys, LOG)
    verdict = verify(archive, checkpoints)
    assert (faults, verdict.findings, verdict.covered) == ([], (), records)
    return Spent.since(begun)
