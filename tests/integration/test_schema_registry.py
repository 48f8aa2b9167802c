"""Does a real schema registry take the schemas, keep them readable, and is it needed by nothing else?"""

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from broker import Broker
from click.testing import CliRunner, Result
from fastavro import parse_schema, schemaless_reader
from records import collected, record
from registry import ForeignRegistry

from lineage.cli import main
from lineage.codec.release import release
from lineage.codec.schemas import Registry, shipped
from lineage.errors import Refused
from lineage.framing import known_ids
from lineage.logs import open_log
from lineage.projector import Progress, Projector
from lineage.rebuild import rebuild
from lineage.registry.client import RegistryClient
from lineage.registry.foreign import released_as
from lineage.registry.push import LEVEL, learn, push
from lineage.resources import folder
from lineage.settings import Settings
from lineage.store import Store

NAMESPACE = "personal_data.v1"
pytestmark = pytest.mark.registry


@pytest.fixture
def client(registry: ForeignRegistry) -> RegistryClient:
    return RegistryClient(registry.url)


@pytest.fixture
def pushed(registry: ForeignRegistry, tmp_path: Path) -> Path:
    """The home of an installation that has pushed its schemas."""
    done = schemas(registry.url, tmp_path / "home", "push")
    assert done.exit_code == 0, done.output
    return tmp_path / "home"


def schemas(url: str, home: Path, *words: str) -> Result:
    environment = {"LINEAGE_SCHEMA_REGISTRY": url, "LINEAGE_HOME": str(home)}
    return CliRunner().invoke(main, ["schemas", *words, "--format", "json"], env=environment)


def java_prints(schema: Any, namespace: str = "") -> Any:
    """A schema in other words: without texts, and names without the namespace around them."""
    if isinstance(schema, list):
        return [java_prints(branch, namespace) for branch in schema]
    if isinstance(schema, str):
        return schema.removeprefix(f"{namespace}.") if namespace else schema
    told = {key: value for key, value in schema.items() if key != "doc"}
    inside = namespace
    if "name" in told and "." in told["name"]:
        inside, _, told["name"] = told["name"].rpartition(".")
        if inside != namespace:
            told["namespace"] = inside
    for part in ("type", "items", "values"):
        if part in told:
            told[part] = java_prints(told[part], inside)
    if "fields" in told:
        told["fields"] = [java_prints(field, inside) for field in told["fields"]]
    return told


def test_push_registers_each_release_under_its_records_name_and_once(
    registry: ForeignRegistry, client: RegistryClient, pushed: Path
) -> None:
    before = {subject: client.versions(subject) for subject in client.subjects()}
    again = json.loads(schemas(registry.url, pushed, "push").stdout)

    assert {row["subject"].removeprefix(f"{NAMESPACE}.") for row in again} == set(shipped().fingerprints())
    assert {row["registered"] for row in again} == {""}
    assert {subject: client.versions(subject) for subject in client.subjects()} == before
    assert {client.compatibility(row["subject"]) for row in again} == {LEVEL}
    assert {row["id"]: row["released"] for row in again}.items() <= known_ids(pushed).meant.items()


def test_another_machine_learns_the_same_ids_without_registering(
    registry: ForeignRegistry, client: RegistryClient, pushed: Path, tmp_path: Path
) -> None:
    before = {subject: client.versions(subject) for subject in client.subjects()}
    done = schemas(registry.url, tmp_path / "other", "learn")

    assert done.exit_code == 0, done.output
    assert known_ids(tmp_path / "other").meant == known_ids(pushed).meant
    assert {subject: client.versions(subject) for subject in client.subjects()} == before


def test_the_registry_refuses_what_could_not_read_old_values(client: RegistryClient, pushed: Path) -> None:
    schema = json.loads(json.dumps(shipped().current("Deleted").schema))
    schema["fields"].append({"name": "later", "type": "string"})

    with pytest.raises(Refused, match="409"):
        client.register(f"{NAMESPACE}.Deleted", json.dumps(schema))


def test_a_later_release_is_a_further_version(client: RegistryClient, pushed: Path, tmp_path: Path) -> None:
    later = tmp_path / "schemas"
    shutil.copytree(folder("schemas"), later)
    path = later / "HoldLifted.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    # A name of its own: the registry may be one that has seen this test before.
    name = f"later_{uuid4().hex}"
    schema["fields"].append({"name": name, "doc": "Later.", "type": ["null", "string"], "default": None})
    path.write_text(json.dumps(schema), encoding="utf-8")
    release(later)
    before = client.versions(f"{NAMESPACE}.HoldLifted")
    new = [each for each in push(client, later) if each.is_new]

    assert [(each.subject, each.fingerprint) for each in new] == [
        (f"{NAMESPACE}.HoldLifted", Registry(later).current("HoldLifted").fingerprint)
    ]
    assert len(client.versions(f"{NAMESPACE}.HoldLifted")) == len(before) + 1
    # Who has not got the new release yet learns no id for it: its values are parked until then.
    assert new[0].id not in learn(client, shipped(), "personal-data-events")
    assert new[0].id in learn(client, Registry(later), "personal-data-events")


def test_what_a_producer_registered_by_its_own_tools_is_learned_unless_it_means_something_else(
    client: RegistryClient, pushed: Path, topic_name: str
) -> None:
    ours = shipped().current("Used")
    printed = java_prints(ours.schema)
    other_unit = json.dumps(printed).replace("timestamp-micros", "timestamp-millis")
    number = client.register(f"{topic_name}-{NAMESPACE}.Used", json.dumps(printed))
    millis = client.register(f"{topic_name}-value", other_unit)
    found = learn(client, shipped(), topic_name)

    assert "namespace" in printed
    assert "." not in printed["name"]
    assert number not in known_ids(pushed).meant
    assert found[number] == ours.fingerprint
    assert released_as(other_unit, shipped()) is None
    assert millis not in found


@pytest.fixture
def on_kafka(broker: Broker, registry: ForeignRegistry, pushed: Path, topic_name: str) -> Settings:
    """An installation on a Kafka topic that writes ids, whose registry is not there any more."""
    return Settings(
        home=pushed,
        log="kafka",
        kafka_bootstrap=broker.bootstrap,
        kafka_topic=topic_name,
        kafka_partitions=2,
        wire_format="confluent",
        schema_registry="http://127.0.0.1:9",
    )


@pytest.mark.kafka
def test_both_framings_on_one_topic_are_projected_and_rebuilt_while_the_registry_is_down(
    on_kafka: Settings, client: RegistryClient, tmp_path: Path
) -> None:
    from lineage.logs.kafka import KafkaLog

    with KafkaLog(on_kafka.kafka_bootstrap, on_kafka.kafka_topic) as log:
        log.ensure_topic(partitions=2, replication=1, retention_days=1)
    events = [collected(sequence=number) for number in range(1, 7)]
    for settings, told in (
        (on_kafka, events[:3]),
        (on_kafka.model_copy(update={"wire_format": "single_object"}), events[2:]),
    ):
        with open_log(settings) as log:
            for event in told:
                log.append(*record(event))
            log.flush()
    ids = known_ids(on_kafka.home)
    path = tmp_path / "lineage.duckdb"
    with open_log(on_kafka) as log:
        with Store(path, say=lambda message: None) as store:
            live = Projector(log, store, batch_records=2, ids=ids).catch_up()
        again = rebuild(log, path, say=lambda message: None, ids=ids)
        records = log.read(dict.fromkeys(log.partitions(), 0), limit=100, wait_seconds=10)

    assert live == again == Progress(records=7, events=6, repeats=1)
    by_id = [value for value in records.value if value is not None and value[0] == 0]
    assert len(by_id) == 3
    # Anybody's reader: the id names a schema in the registry, and by it the body is read.
    for value in by_id:
        (text,) = (
            client.version(subject, number)[1]
            for subject in [f"{NAMESPACE}.Collected"]
            for number in client.versions(subject)
            if client.version(subject, number)[0] == int.from_bytes(value[1:5], "big")
        )
        told: Any = schemaless_reader(BytesIO(value[5:]), parse_schema(json.loads(text)), None)
        assert told["header"]["sequence"] in (1, 2, 3)
        assert told["elements"] == ["email_address"]


def test_a_registry_made_anew_is_noticed_and_a_person_has_to_decide(
    registry: ForeignRegistry, pushed: Path
) -> None:
    path = pushed / "schema-ids.json"
    told = json.loads(path.read_text())
    ids = sorted(told["ids"], key=int)
    told["ids"] = dict(zip(ids, [told["ids"][number] for number in reversed(ids)], strict=True))
    path.write_text(json.dumps(told))
    done = schemas(registry.url, pushed, "learn")

    assert done.exit_code == 3
    assert "another one, or was made anew" in done.stderr
    assert json.loads(path.read_text()) == told
