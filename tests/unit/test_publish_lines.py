"""An event written as a line and published is the event that stands in the log, whatever it is."""

import json
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from worlds import any_event, collected

from lineage.codec import decode
from lineage.events import EmitterHeader
from lineage.jsonform import to_json
from lineage.logs import EmbeddedLog
from lineage.publish.lines import LinePublisher
from lineage.publish.sending import DeliveryFailed
from lineage.tokens import Pseudonymiser, Secret


def publisher(log: EmbeddedLog, refused: list[str]) -> LinePublisher:
    pseudonymiser = Pseudonymiser(Secret(bytes(32)))
    return LinePublisher(log, pseudonymiser, lambda event: [], lambda number, reason: refused.append(reason))


@settings(deadline=None, max_examples=60)
@given(any_event())
def test_a_complete_event_goes_through_a_line_unchanged(event: EmitterHeader) -> None:
    refused: list[str] = []
    with tempfile.TemporaryDirectory() as folder, EmbeddedLog(Path(folder) / "log.sqlite") as log:
        publisher(log, refused).publish([json.dumps(to_json(event))])
        values = log.read({0: 0}, limit=10, wait_seconds=0).value

    assert refused == []
    assert [decode(value) for value in values if value is not None] == [event]


def test_a_file_that_the_log_does_not_take_is_not_called_published(tmp_path: Path) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        holder = sqlite3.connect(tmp_path / "log.sqlite", isolation_level=None)
        holder.execute("begin immediate")
        lines = publisher(log, [])
        lines.flush_seconds = 0.01
        with pytest.raises(DeliveryFailed) as failed:
            lines.publish([json.dumps(to_json(collected()))])
        holder.close()

    assert failed.value.count == 1
