"""Killed at any moment, with the broker restarted under it: is every event there, once?"""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from broker import Broker
from projecting import contents
from records import collected, numbered, record, report

from lineage.logs.kafka import KafkaLog
from lineage.projector import Projector
from lineage.store import Store

EVENTS = 12_000
KILLS = 3


class Projecting:
    """`lineage project --follow` in a process of its own, started again whenever it ends."""

    def __init__(self, home: Path, bootstrap: str, topic: str) -> None:
        self._environment = os.environ | {
            "LINEAGE_HOME": str(home),
            "LINEAGE_LOG": "kafka",
            "LINEAGE_KAFKA_BOOTSTRAP": bootstrap,
            "LINEAGE_KAFKA_TOPIC": topic,
            "LINEAGE_BATCH_RECORDS": "300",
            "LINEAGE_BATCH_SECONDS": "0.05",
        }
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from lineage.cli import main; main()", "project", "--follow"]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def is_killed_and_started_again(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()
        self._process = self._started()

    def is_running_or_started_again(self) -> None:
        """As a supervisor would: away from its broker it ends, with a message, and is started again."""
        if self._process.poll() is not None:
            _, said = self._process.communicate()
            assert self._process.returncode == 4, said.decode()
            self._process = self._started()

    def stops(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise


@pytest.mark.kafka
def test_a_projector_killed_three_times_and_a_broker_restarted_lose_and_double_nothing(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    kill_at = sorted(chance.sample(range(EVENTS // 10, EVENTS), KILLS))
    restart_at = chance.randrange(EVENTS // 4, 3 * EVENTS // 4)
    told = numbered([collected() for _ in range(EVENTS)])
    ids = {event.event_id for event in told}
    with KafkaLog(broker.bootstrap, topic_name, deliver_seconds=120) as log:
        log.ensure_topic(partitions=3)
        projecting = Projecting(tmp_path / "killed", broker.bootstrap, topic_name)
        for number, event in enumerate(told):
            log.append(*record(event))
            if number in kill_at:
                projecting.is_killed_and_started_again()
            if number == restart_at:
                broker.restart()  # what was appended last is still on its way
            if number % 200 == 0:
                log.flush(120)  # the next ones follow when these are there: events flow all the while
                projecting.is_running_or_started_again()
        log.append(*record(report(last_sequence=EVENTS)), partition=0)
        log.flush(120)
        projecting.stops()

        with Store(tmp_path / "killed" / "lineage.duckdb") as killed:
            Projector(log, killed).catch_up()
            after_faults = contents(killed)
        with Store(tmp_path / "calm" / "lineage.duckdb") as calm:
            Projector(log, calm).catch_up()
            without_faults = contents(calm)

    found = [row[4] for row in after_faults["event_row"]]
    assert (len(found), set(found)) == (len(ids), ids), f"seed {seed}"
    assert after_faults == without_faults, f"seed {seed}"
