"""Does our tracking keep what eventsourcing promises of a tracking recorder? Its own cases say so."""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from eventsourcing.tests.persistence import TrackingRecorderTestCase

from lineage.store import DuckDBTracking
from lineage.store.sql import text


class TestDuckDBTracking(TrackingRecorderTestCase):
    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.connection = duckdb.connect(str(Path(folder.name) / "lineage.duckdb"))
        self.addCleanup(self.connection.close)
        self.connection.execute(text("tables.sql"))

    def create_recorder(self) -> TrackingRecorder:
        return DuckDBTracking(self.connection)

    def test_a_refused_position_leaves_the_rows_of_its_transaction_unwritten(self) -> None:
        recorder = DuckDBTracking(self.connection)
        recorder.insert_tracking(Tracking("topic/0", 7))
        with pytest.raises(IntegrityError):
            recorder.insert_tracking(Tracking("topic/0", 7))
        recorder.insert_tracking(Tracking("topic/0", 8))

        assert self.connection.execute("select position from position order by 1").fetchall() == [(7,), (8,)]

    def test_pruning_keeps_the_greatest_position_of_each_partition(self) -> None:
        recorder = DuckDBTracking(self.connection)
        for offset in (1, 5, 9):
            recorder.insert_tracking(Tracking("topic/0", offset))
        recorder.insert_tracking(Tracking("topic/1", 2))
        recorder.prune()

        assert self.connection.execute(
            "select * exclude (recorded_at, digest) from position order by all"
        ).fetchall() == [
            ("topic/0", 9),
            ("topic/1", 2),
        ]


del TrackingRecorderTestCase
