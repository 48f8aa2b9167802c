"""Does docker-compose.yml run what is there: one service a consumer, on the broker that the tests use?"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from broker import COMPOSE, VERSION

from lineage.settings import Settings

ROOT = COMPOSE.parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found


def consumers() -> set[str]:
    return {path.stem for path in (ROOT / "consumers").glob("*.py") if not path.stem.startswith("_")}


def test_there_is_one_service_for_each_consumer_and_no_other(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) - {"kafka", "topic"} == consumers()
    for name in consumers():
        assert compose["services"][name]["command"] == ["lineage", "consume", name]


def test_a_consumer_starts_when_the_topic_is_made(compose: dict[str, Any]) -> None:
    for name in consumers():
        condition = compose["services"][name]["depends_on"]["topic"]["condition"]
        assert condition == "service_completed_successfully"
    assert compose["services"]["topic"]["depends_on"]["kafka"]["condition"] == "service_healthy"


def test_every_consumer_is_asked_whether_it_is_healthy(compose: dict[str, Any]) -> None:
    for name in consumers():
        service = compose["services"][name]
        port = service["environment"]["LINEAGE_METRICS_PORT"]
        assert f"http://localhost:{port}/healthz" in service["healthcheck"]["test"]


def test_the_topic_is_made_once_by_our_own_command(compose: dict[str, Any]) -> None:
    assert compose["services"]["topic"]["command"] == ["lineage", "topic", "create"]
    assert "restart" not in compose["services"]["topic"]
    assert compose["services"]["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_every_variable_of_a_service_is_a_setting_with_a_valid_value(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in {"topic", *consumers()}:
        environment = compose["services"][name]["environment"]
        given = {variable.removeprefix("LINEAGE_").lower(): value for variable, value in environment.items()}
        assert given.keys() <= Settings.model_fields.keys()
        assert Settings(**given).log == "kafka"


def test_services_reach_the_broker_by_the_door_it_opens_to_them(compose: dict[str, Any]) -> None:
    doors = compose["services"]["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    for name in {"topic", *consumers()}:
        assert f"INSIDE://{compose['services'][name]['environment']['LINEAGE_KAFKA_BOOTSTRAP']}" in doors


def test_the_broker_is_the_one_that_the_tests_run_on(compose: dict[str, Any]) -> None:
    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{VERSION}"


def test_the_image_is_built_from_files_that_are_there_and_from_locked_packages() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    sources = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{source}" for source in sources} <= set(ignored)
    assert any("--require-hashes" in line for line in lines)


def test_compose_itself_finds_nothing_to_complain_of() -> None:
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("docker-compose is not installed; the YAML alone was checked")
    done = subprocess.run([compose, "-f", str(COMPOSE), "config", "-q"], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
