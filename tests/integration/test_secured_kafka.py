"""Does everything work where the broker wants a password and TLS, and is a wrong one told, not shown?"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from broker import NoBroker
from consuming import Consuming, lines_of
from records import collected, record
from secured_broker import SecuredBroker, certificate

from lineage.errors import LogUnavailable
from lineage.logs.kafka import KafkaLog
from lineage.settings import load_settings

pytestmark = pytest.mark.kafka

POISON = "poisoned-password"
SECONDS = 3.0


@pytest.fixture(scope="module")
def secured() -> Iterator[SecuredBroker]:
    try:
        broker = SecuredBroker()
    except NoBroker as error:
        if os.environ.get("LINEAGE_REQUIRE_KAFKA") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_KAFKA=1, but there is no Kafka broker: {error}")
        pytest.skip(f"no Kafka broker: {error}")
    yield broker
    broker.stop()


@pytest.fixture
def environment(secured: SecuredBroker, topic_name: str, tmp_path: Path) -> dict[str, str]:
    """All but the password in lineage.toml, as docs/settings.md has it; the password from the environment."""
    shown = {name: value for name, value in secured.client.items() if "password" not in name}
    (tmp_path / "lineage.toml").write_text(
        f'log = "kafka"\nkafka_bootstrap = "{secured.bootstrap}"\nkafka_topic = "{topic_name}"\n'
        "kafka_partitions = 2\nbatch_seconds = 0.1\n[kafka_client]\n"
        + "".join(f'{name} = "{value}"\n' for name, value in shown.items())
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LINEAGE_")}
    return clean | {
        "LINEAGE_HOME": str(tmp_path),
        "LINEAGE_KAFKA_CLIENT": json.dumps({"sasl_plain_password": secured.password}),
    }


def lineage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from lineage.cli import main; main()", *words],
        env=environment,
        cwd=environment["LINEAGE_HOME"],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_topic_publishing_projecting_and_doctor_come_in_by_password_and_tls(
    secured: SecuredBroker, environment: dict[str, str], topic_name: str, tmp_path: Path
) -> None:
    made = lineage(environment, "topic", "create")
    assert (made.returncode, made.stdout) == (0, f"{topic_name}: made\n"), made.stderr
    with KafkaLog(secured.bootstrap, topic_name, client_options=secured.client) as log:
        for number in range(50):
            log.append(*record(collected(sequence=number + 1)))
    projected = lineage(environment, "project")
    assert (projected.returncode, projected.stdout) == (0, "50 events, 0 parked\n"), projected.stderr
    found = json.loads(lineage(environment, "doctor", "--format", "json").stdout)
    assert {each["level"] for each in found if each["what"].startswith(("topic", "lag"))} <= {"OK", "WARN"}
    for said in (made, projected):
        assert secured.password not in said.stdout + said.stderr


def test_a_consumer_comes_in_and_its_lines_do_not_tell_the_password(
    secured: SecuredBroker, topic_name: str, tmp_path: Path
) -> None:
    with KafkaLog(secured.bootstrap, topic_name, client_options=secured.client) as log:
        log.ensure_topic(partitions=1)
        log.append(*record(collected()))
    consuming = Consuming(
        tmp_path,
        log="kafka",
        kafka_bootstrap=secured.bootstrap,
        kafka_topic=topic_name,
        kafka_client=json.dumps(secured.client),
    )
    consuming.until(lambda found: found["lineage_records_total"] == 1)
    code, written = consuming.stops()
    assert (code, secured.password in written) == (0, False)
    assert lines_of(written)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"sasl_plain_password": POISON}, "password"),
        ({"sasl_plain_username": "poisoned-user"}, "sasl_plain_username"),
        ({"sasl_mechanism": "PLAIN"}, "sasl_mechanism"),
        ({"ssl_cafile": "another"}, "ssl_cafile"),
        ({"ssl_cafile": "/nowhere/authority.pem"}, "ssl_cafile"),
    ],
    ids=["password", "user", "mechanism", "certificate", "missing-file"],
)
def test_who_is_not_let_in_is_told_within_seconds_what_to_look_at_and_no_value(
    secured: SecuredBroker, topic_name: str, tmp_path: Path, wrong: dict[str, str], named: str
) -> None:
    if wrong == {"ssl_cafile": "another"}:
        wrong = {"ssl_cafile": str(certificate(tmp_path))}
    log = KafkaLog(
        secured.bootstrap, topic_name, client_options=secured.client | wrong, connect_seconds=SECONDS
    )
    asks = (log.bounds, lambda: log.append(b"key", b"value"), lambda: log.ensure_topic(partitions=1))
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:  # each waits out its own deadline: at once they take as long as one
        refusals = [asked.exception() for asked in [pool.submit(ask) for ask in asks]]
    assert time.monotonic() - began < SECONDS + 3
    for refusal in refusals:
        assert isinstance(refusal, LogUnavailable)
        assert named in str(refusal)
        for value in (*wrong.values(), secured.password):
            if value != "PLAIN":
                assert value not in str(refusal)
    log.close()


def test_a_wrong_password_ends_a_command_with_its_exit_code_and_is_in_none_of_its_words(
    environment: dict[str, str],
) -> None:
    wrong = environment | {"LINEAGE_KAFKA_CLIENT": json.dumps({"sasl_plain_password": POISON})}
    done = lineage(wrong, "project")
    assert done.returncode == 4
    assert "sasl_plain_password" in done.stderr
    assert POISON not in done.stdout + done.stderr


def test_a_password_is_in_no_representation_of_the_settings(secured: SecuredBroker, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, kafka_client=secured.client)
    assert secured.password not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.kafka_client_options()["sasl_plain_password"] == secured.password
