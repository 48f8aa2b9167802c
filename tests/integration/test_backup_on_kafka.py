"""Is a Kafka installation whole again from its backup and what the topic still has?"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from broker import Broker
from click.testing import CliRunner, Result
from kafka import KafkaAdminClient
from kafka.structs import TopicPartition

from lineage.cli import main
from lineage.settings import Settings

pytestmark = pytest.mark.kafka

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}

Run = Callable[..., Result]


@pytest.fixture
def run(broker: Broker, topic_name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LINEAGE_{name.upper()}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_LOG", "kafka")
    monkeypatch.setenv("LINEAGE_KAFKA_BOOTSTRAP", broker.bootstrap)
    monkeypatch.setenv("LINEAGE_KAFKA_TOPIC", topic_name)
    monkeypatch.setenv("LINEAGE_KAFKA_PARTITIONS", "2")

    def run(*words: object, told: str | None = None) -> Result:
        done = CliRunner().invoke(main, [str(word) for word in words], input=told, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done

    return run


def tells(run: Run, *elements: str) -> None:
    told = [
        {
            "event": "Collected",
            "subject": f"account:{who}",
            "occurred_at": "2025-06-01T09:30:00Z",
            "elements": [element],
            "source": "customer",
            "purposes": ["sell_goods"],
            "system": "shop",
        }
        for element in elements
        for who in range(8)
    ]
    run("publish", "-", told="\n".join(map(json.dumps, told)))


def digests(run: Run) -> list[str]:
    """Of the answers to all who were told of."""
    asked = [
        run("report", f"account:{who}", "--received", "2025-12-01", "--format", "json") for who in range(8)
    ]
    answers = [json.loads(done.stdout) for done in asked]
    assert all(len(answer["collected"]) == 2 for answer in answers)
    return [answer["answer_digest"] for answer in answers]


def test_a_home_that_is_lost_comes_back_from_backup_and_topic_with_the_same_answers(
    run: Run, broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    folder, home = tmp_path / "policy", tmp_path / "home"
    folder.mkdir()
    for name, text in POLICY.items():
        (folder / name).write_text(text)
    run("topic", "create")
    run("policy", "adopt", folder)
    tells(run, "email_address")
    run("archive", "--once")
    run("backup", tmp_path / "backup", "--with-secret")
    forget(broker, topic_name, tmp_path / "backup")
    tells(run, "postal_address")  # this stands in the topic alone
    before = digests(run)
    opened = run("case", "open", "account:1", "--received", "2025-12-01", "--via", "FORM")
    run("backup", tmp_path / "later", "--with-secret")

    shutil.rmtree(home)
    run("restore", tmp_path / "later")

    assert digests(run) == before
    assert opened.output.split()[1].rstrip(":") in run("case", "list").output
    assert "records archived" in run("archive", "--once").output
    run("verify")
    run("rebuild")
    assert digests(run) == before

    shutil.rmtree(home)
    run("restore", tmp_path / "backup")  # the older one has what the topic forgot, the topic the rest
    assert digests(run) == before


def forget(broker: Broker, topic: str, backup: Path) -> None:
    """The broker drops all that is archived."""
    reached = json.loads((backup / "backup.json").read_text())["positions"]
    assert len(reached) == 2
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    try:
        admin.delete_records({TopicPartition(topic, int(part)): end for part, end in reached.items()})
    finally:
        admin.close()
