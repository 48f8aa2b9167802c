"""Does a consumer on a real broker tell how it is, and nothing of a person, though its client talks much?"""

from pathlib import Path

import pytest
from broker import Broker
from click.testing import CliRunner
from consuming import Consuming, lines_of, numbers
from records import a_subject, collected, record

from lineage.cli import main
from lineage.logs.kafka import KafkaLog

pytestmark = pytest.mark.kafka

POISON = b"ana.poisoned@example.com"


def test_a_consumer_at_debug_level_tells_positions_and_nothing_personal(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    subject = a_subject()
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=2)
        log.append(*record(collected(subject=subject)), partition=0)
        log.append(POISON, POISON * 10, partition=1)
        log.append(subject.bytes, POISON, partition=1)
    consuming = Consuming(tmp_path, log="kafka", kafka_bootstrap=broker.bootstrap, kafka_topic=topic_name)
    page = consuming.until(lambda found: found["lineage_records_total"] == 3)
    code, written = consuming.stops()
    found = numbers(page)
    assert code == 0
    assert found['lineage_position_offset{partition="0"}'] == 1
    assert found['lineage_position_offset{partition="1"}'] == 2
    assert found['lineage_parked_total{reason="UNDECODABLE"}'] == 2
    assert lines_of(written)[-1]["message"] == "project_lineage ends as it was told"
    for said in (page, written):
        assert "poisoned" not in said
        assert str(subject) not in said
        assert subject.hex not in said
        assert repr(subject.bytes)[2:-1] not in said


def test_a_consumer_without_a_broker_ends_with_a_line_of_what_to_look_at(
    topic_name: str, tmp_path: Path
) -> None:
    consuming = Consuming(tmp_path, log="kafka", kafka_bootstrap="127.0.0.1:1", kafka_topic=topic_name)
    _, written = consuming.process.communicate(timeout=60)
    assert consuming.process.returncode == 4
    assert "kafka_bootstrap" in str(lines_of(written)[-1]["error"])


def test_a_consumer_that_meets_too_many_bad_records_stops_until_a_person_accepts_them(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    on_kafka = {"log": "kafka", "kafka_bootstrap": broker.bootstrap, "kafka_topic": topic_name}
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=2)
        log.append(*record(collected()), partition=0)
        for number in range(10):
            log.append(a_subject().bytes, POISON, partition=number % 2)
    consuming = Consuming(tmp_path, parked_limit=4, **on_kafka)
    written, _ = consuming.process.communicate(timeout=60)[::-1]
    assert consuming.process.returncode == 3
    assert "lineage project --accept-parked" in str(lines_of(written)[-1])
    assert "poisoned" not in written

    settings = on_kafka | {"home": tmp_path, "parked_limit": 4, "actor": "clerk-7"}
    environment = {f"LINEAGE_{name.upper()}": str(value) for name, value in settings.items()}
    accepting = ("project", "--accept-parked", "10", "--reason", "TEST_DATA")
    done = CliRunner().invoke(main, accepting, env=environment)
    assert (done.exit_code, done.stdout) == (0, "1 events, 10 parked\n")

    again = Consuming(tmp_path, parked_limit=4, **on_kafka)
    again.until(lambda found: sum(value for name, value in found.items() if "position_offset" in name) >= 10)
    assert again.stops()[0] == 0
