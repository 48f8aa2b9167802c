"""Does the doctor see how a real topic stands, and how far a projector is that it cannot ask?"""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from broker import Broker
from kafka import KafkaAdminClient
from kafka.structs import TopicPartition
from records import collected, record

from lineage.archive import Archiver
from lineage.logs.kafka import KafkaLog
from lineage.operate.examine import Finding, Level, examine

pytestmark = pytest.mark.kafka


def found(broker: Broker, topic: str, home: Path, now: datetime | None = None) -> dict[str, Finding]:
    findings = examine(
        now, home=home, log="kafka", kafka_bootstrap=broker.bootstrap, kafka_topic=topic, kafka_partitions=2
    )
    return {each.what: each for each in findings}


def test_a_topic_that_lineage_made_is_in_order(broker: Broker, topic_name: str, tmp_path: Path) -> None:
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=2)
        for _ in range(20):
            log.append(*record(collected()))
    told = found(broker, topic_name, tmp_path)
    topic = {what: each.level for what, each in told.items() if what.startswith("topic")}
    assert topic.pop("topic: copies") == Level.WARN  # there is one broker
    assert set(topic.values()) == {Level.OK}
    assert len(topic) == 7
    assert told["topic: partitioner"].means.startswith("20 people")
    assert told["lag: partition 0"].level == told["lag: partition 1"].level == Level.OK
    weeks_later = found(broker, topic_name, tmp_path, datetime.now(UTC) + timedelta(days=20))
    assert weeks_later["lag: partition 0"].level == Level.FAIL


def test_a_topic_that_somebody_else_made_is_told_to_be_wrong_where_it_is(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    wrong = {"retention.ms": "3600000", "cleanup.policy": "compact", "retention.bytes": "-1"}
    admin.create_topics(
        {topic_name: {"num_partitions": 1, "replication_factor": 1, "configs": wrong}}, wait_for_metadata=True
    )
    admin.close()
    told = found(broker, topic_name, tmp_path)
    failing = {what for what, each in told.items() if each.level == Level.FAIL}
    assert failing == {"topic: clock", "topic: cleanup", "topic: retention"}
    assert told["topic: partitions"].level == Level.WARN


def test_a_topic_that_is_not_there_is_told_with_the_command_that_makes_it(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    told = found(broker, topic_name, tmp_path)
    assert told["log"].level == Level.SILENT
    assert "lineage topic create" in told["log"].means


def test_how_far_a_running_projector_is_the_broker_knows(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=2)
        for _ in range(30):
            log.append(*record(collected()))
        log.flush()
        environment = os.environ | {
            "LINEAGE_HOME": str(tmp_path),
            "LINEAGE_LOG": "kafka",
            "LINEAGE_KAFKA_BOOTSTRAP": broker.bootstrap,
            "LINEAGE_KAFKA_TOPIC": topic_name,
            "LINEAGE_BATCH_SECONDS": "0.1",
        }
        command = [sys.executable, "-c", "from lineage.cli import main; main()", "project", "--follow"]
        projecting = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            ends = {part: end for part, (_, end) in log.bounds().items() if end}
            until = time.monotonic() + 60
            while log.committed() != ends:
                assert time.monotonic() < until
                time.sleep(0.1)
            told = found(broker, topic_name, tmp_path)
        finally:
            projecting.send_signal(signal.SIGTERM)
            projecting.wait(timeout=60)
    assert f"process {projecting.pid} owns" in told["database"].means
    lags = [each for what, each in told.items() if what.startswith("lag")]
    assert [each.means[:4] for each in lags] == ["none", "none"]


def test_what_kafka_forgot_is_no_lag_when_it_is_archived_and_lost_when_it_is_not(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=2)
        for part in (0, 1):
            log.append(*record(collected()), partition=part)
            log.append(*record(collected()), partition=part)
        log.flush()
        assert found(broker, topic_name, tmp_path)["archive"].level == Level.WARN
        Archiver(tmp_path / "archive", log).catch_up()
        admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
        admin.delete_records({TopicPartition(topic_name, part): 2 for part in (0, 1)})
        admin.close()
        log.append(*record(collected()), partition=1)
    told = found(broker, topic_name, tmp_path, datetime.now(UTC) + timedelta(days=20))
    assert told["archive"].level == Level.OK
    assert told["not archived: partition 0"].level == Level.OK
    assert told["not archived: partition 1"].level == Level.FAIL
    assert told["lag: partition 0"].means.startswith("2 records, the first waits")
    assert told["lag: partition 0"].level == Level.WARN

    shutil.rmtree(tmp_path / "archive")
    told = found(broker, topic_name, tmp_path)
    assert "deleted before they were archived" in told["not archived: partition 0"].means
    assert told["lag: partition 0"].level == Level.FAIL
