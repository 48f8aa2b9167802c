"""Does what a service in Java tells stand in a report?"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from broker import Broker
from click.testing import CliRunner
from java_example import EXAMPLE, SCHEMAS, NoJava, built, java

from lineage.cli import main
from lineage.logs.kafka import KafkaLog

SINCE = "2020-01-01T08:00:00Z"  # midnight in Los Angeles, where the policy's producer begins


@pytest.fixture(scope="module")
def example() -> Path:
    """The example as Maven builds it. Without Java: skip, or fail where LINEAGE_REQUIRE_KAFKA=1."""
    try:
        return built()
    except NoJava as error:
        if os.environ.get("LINEAGE_REQUIRE_KAFKA") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_KAFKA=1, but the example in Java cannot be built: {error}")
        pytest.skip(f"no example in Java: {error}")


@pytest.fixture
def environment(
    broker: Broker, topic_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """One installation, as its settings tell it to Python and Java; its topic is there."""
    settings = {
        "LINEAGE_HOME": str(tmp_path / "home"),
        "LINEAGE_LOG": "kafka",
        "LINEAGE_KAFKA_BOOTSTRAP": broker.bootstrap,
        "LINEAGE_KAFKA_TOPIC": topic_name,
        "LINEAGE_SECRET": os.urandom(32).hex(),
    }
    monkeypatch.delenv("LINEAGE_SECRET_FILE", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=3)
    return settings


def lineage(*words: str) -> str:
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def opened(example: Path, account: str, since: str, environment: dict[str, str]) -> str:
    """Let the shop take one order of this account. Returns until when it told everything."""
    done = java(example, "CornerShop", account, since, environment=environment)
    assert done.returncode == 0, done.stderr
    assert account not in done.stdout + done.stderr
    return done.stdout.strip().removeprefix("told everything until ")


def answer(account: str, received: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        lineage("report", f"account:{account}", "--received", received, "--format", "json")
    )
    return told


def test_java_makes_the_tokens_and_the_bytes_that_the_contract_shows(example: Path) -> None:
    done = java(example, "Check", str(SCHEMAS))

    assert done.returncode == 0, done.stdout + done.stderr
    told = r"[1-9]\d+ tokens, [1-9]\d* refused, [1-9] records, 0 of them wrong\n"
    assert re.fullmatch(told, done.stdout)


def test_a_secret_that_is_none_is_not_shown(example: Path) -> None:
    poisoned = {
        "LINEAGE_KAFKA_BOOTSTRAP": "localhost:1",
        "LINEAGE_KAFKA_TOPIC": "nowhere",
        "LINEAGE_SECRET": "poison" * 11,
    }
    done = java(example, "CornerShop", "42", SINCE, environment=poisoned)

    assert done.returncode == 1
    assert "LINEAGE_SECRET is not written in hex digits" in done.stderr
    assert "poison" not in done.stdout + done.stderr


@pytest.mark.kafka
def test_what_a_shop_in_java_tells_stands_in_the_report_with_complete_coverage(
    example: Path, environment: dict[str, str], broker: Broker
) -> None:
    account = f"ana-{os.urandom(4).hex()}"
    lineage("policy", "adopt", str(EXAMPLE / "policy"))
    until = opened(example, account, SINCE, environment)
    until = opened(example, account, until, environment)  # closed, and opened again
    told = answer(account, until)

    assert told["coverage"] == {"from": "2020-01-01T08:00:00.000000Z", "complete": True, "gaps": []}
    assert [(line["category"], line["elements"], line["events"]) for line in told["collected"]] == [
        ("PI_A_IDENTIFIERS", ["email_address"], 2),
        ("PI_B_CUSTOMER_RECORDS", ["card_pan"], 2),
    ]
    assert [
        (pair["category"], pair["recipient_category"], pair["kinds"], pair["events"])
        for pair in told["disclosed"]["pairs"]
    ] == [("PI_B_CUSTOMER_RECORDS", "RCP_PAYMENT", ["BP_SERVICE_PROVIDER"], 2)]
    assert told["sold_or_shared"] == {"pairs": [], "statement": "NONE"}

    with KafkaLog(broker.bootstrap, environment["LINEAGE_KAFKA_TOPIC"]) as log:
        positions = {part: first for part, (first, _) in log.bounds().items()}
        ends = {part: end for part, (_, end) in log.bounds().items()}
        held = []
        while positions != ends:
            records = log.read(positions, limit=1000, wait_seconds=1)
            held += [(part, bytes(key)) for part, key in zip(records.partition, records.key, strict=True)]
            positions |= records.next_positions()
            assert not any(account.encode() in bytes(value) for value in records.value)
    assert len({part for part, key in held if len(key) == 16}) == 1  # a person's events lie together
    assert sorted(part for part, key in held if key == b"corner_shop") == [0, 0, 1, 1, 2, 2]
