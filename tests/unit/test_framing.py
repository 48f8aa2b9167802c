"""May values name their schema by a registry's id, and is nothing lost while the id is unknown?"""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from worlds import any_event, collected

from lineage.cli import main
from lineage.codec import UNDECODABLE, UNKNOWN_SCHEMA, UnknownSchema, decode, decode_batch, encode
from lineage.codec.schemas import shipped
from lineage.errors import Refused, RegistryChanged
from lineage.events import EmitterHeader
from lineage.framing import NO_IDS, SchemaIds, keep_ids, known_ids
from lineage.logs import EmbeddedLog
from lineage.logs.framed import FramedLog

FINGERPRINTS = [printed for found in shipped().fingerprints().values() for printed in found]
MEANT = {number * 1000 + 7: printed for number, printed in enumerate(FINGERPRINTS)}
IDS = SchemaIds(MEANT)


def framed(event: EmitterHeader) -> bytes:
    value = IDS.framed(encode(event))
    assert value is not None
    return value


def test_the_framing_is_a_zero_and_the_id_most_significant_byte_first() -> None:
    ids = SchemaIds({0x01020304: shipped().current("Collected").fingerprint})
    value = encode(collected())

    assert ids.framed(value) == b"\x00\x01\x02\x03\x04" + value[10:]


@given(any_event())
def test_an_event_is_the_same_in_either_framing(event: EmitterHeader) -> None:
    assert decode(framed(event), IDS) == decode(encode(event), IDS) == event


@given(st.lists(st.tuples(any_event(), st.booleans()), max_size=12))
def test_a_batch_of_both_framings_has_the_rows_of_a_batch_of_one(
    told: list[tuple[EmitterHeader, bool]],
) -> None:
    plain = decode_batch([encode(event) for event, _ in told])
    mixed = decode_batch([framed(event) if by_id else encode(event) for event, by_id in told], IDS)

    assert mixed.refused == plain.refused == []
    assert mixed.frames.keys() == plain.frames.keys()
    for name, (indices, frame) in plain.frames.items():
        assert mixed.frames[name][0] == indices
        assert mixed.frames[name][1].equals(frame, null_equal=True)


@given(st.lists(any_event(), min_size=1, max_size=4), st.data())
def test_a_damaged_value_changes_no_other_of_its_framing(
    told: list[EmitterHeader], data: st.DataObject
) -> None:
    values = [framed(event) for event in told] * 5
    at = data.draw(st.integers(0, len(values) - 1))
    values[at] = values[at][: data.draw(st.integers(0, len(values[at]) - 1))]

    assert decode_batch(values, IDS).refused == [(at, UNDECODABLE)]


def test_an_id_that_is_not_known_is_an_unknown_schema_and_no_damage() -> None:
    value = framed(collected())

    assert decode_batch([value, value[:4], b"\x00", b""], NO_IDS).refused == [
        (0, UNKNOWN_SCHEMA),
        (1, UNDECODABLE),
        (2, UNDECODABLE),
        (3, UNDECODABLE),
    ]
    with pytest.raises(UnknownSchema):
        decode(value)


def test_an_id_of_a_schema_that_this_version_does_not_ship_is_unknown_too() -> None:
    newer = SchemaIds({5: "0123456789abcdef"})

    assert decode_batch([b"\x00\x00\x00\x00\x05body"], newer).refused == [(0, UNKNOWN_SCHEMA)]


def test_what_ids_mean_is_remembered_and_only_grows(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first, second = FINGERPRINTS[:2]

    assert known_ids(home).meant == {}
    assert keep_ids(home, {4: first})[1] == 1
    assert keep_ids(home, {4: first, 9: second, 11: second})[1] == 2
    assert keep_ids(home, {})[1] == 0
    assert known_ids(home).meant == {4: first, 9: second, 11: second}


def test_an_id_never_gets_another_meaning(tmp_path: Path) -> None:
    first, second = FINGERPRINTS[:2]
    keep_ids(tmp_path, {4: first})

    with pytest.raises(RegistryChanged, match="id 4 means"):
        keep_ids(tmp_path, {3: first, 4: second})
    assert known_ids(tmp_path).meant == {4: first}


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"ids": {"x": "1"}}', '{"ids": {"1": "zz"}}', '{"ids": {"-1": "0123456789abcdef"}}'],
)
def test_a_damaged_file_of_ids_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "schema-ids.json").write_text(text)

    with pytest.raises(Refused, match=r"schema-ids\.json is damaged"):
        known_ids(tmp_path)


def test_a_log_frames_what_is_written_and_hands_out_what_stands_in_it(tmp_path: Path) -> None:
    event = collected()
    with EmbeddedLog(tmp_path / "log.sqlite") as inner, FramedLog(inner, IDS) as log:
        log.append(event.subject.bytes, encode(event))
        log.append(b"?", b"no event")
        log.flush()
        written = log.read({0: 0}, limit=10, wait_seconds=0).value

    assert written == [framed(event), b"no event"]


def test_a_log_takes_nothing_whose_id_it_does_not_know(tmp_path: Path) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite") as inner:
        with pytest.raises(Refused, match="lineage schemas push"):
            FramedLog(inner, NO_IDS).append(b"key", encode(collected()))
        inner.flush()
        assert inner.bounds() == {0: (0, 0)}


# The whole way, with no registry anywhere.

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
PERSON = "email:ana@example.com"


def a_line() -> str:
    return json.dumps(
        {
            "event": "Collected",
            "event_id": str(uuid4()),
            "subject": PERSON,
            "occurred_at": "2026-06-01T09:30:00Z",
            "elements": ["email_address"],
            "source": "customer",
            "purposes": ["sell_goods"],
            "system": "shop",
        }
    )


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command line in an installation of its own, which names a registry that does not answer."""
    policy = tmp_path / "policy"
    policy.mkdir()
    for name, text in POLICY.items():
        (policy / name).write_text(text)

    def run(*words: str, told: str | None = None, wire_format: str = "confluent") -> Result:
        environment = {
            "LINEAGE_HOME": str(tmp_path / "home"),
            "LINEAGE_LOG": None,
            "LINEAGE_WIRE_FORMAT": wire_format,
            "LINEAGE_SCHEMA_REGISTRY": "http://127.0.0.1:9",
        }
        return CliRunner().invoke(main, words, input=told, env=environment, catch_exceptions=False)

    return run


def answer(run: Run) -> dict[str, object]:
    done = run("report", PERSON, "--received", "2026-06-15T10:00-07:00")
    assert done.exit_code == 0, done.output
    document: dict[str, object] = json.loads(done.stdout)
    return document


def written(tmp_path: Path) -> set[int]:
    """The first bytes of the values in the log."""
    with EmbeddedLog(tmp_path / "home" / "log.sqlite") as log:
        return {value[0] for value in log.read({0: 0}, limit=100, wait_seconds=0).value if value is not None}


def test_publishing_projecting_and_rebuilding_need_no_registry(run: Run, tmp_path: Path) -> None:
    keep_ids(tmp_path / "home", MEANT)
    assert run("policy", "adopt", str(tmp_path / "policy")).exit_code == 0
    # Words are checked by the policy in the log, which is framed as well.
    assert "refused 0" in run("publish", "-", told=a_line()).stderr
    assert "refused 1" in run("publish", "-", told=a_line().replace("customer", "stranger")).stderr
    assert written(tmp_path) == {0x00}
    by_id = answer(run)
    assert run("publish", "-", told=a_line(), wire_format="single_object").exit_code == 0
    assert written(tmp_path) == {0x00, 0xC3}
    both = answer(run)

    assert by_id["collected"][0]["events"] == 1  # type: ignore[index]
    assert both["collected"][0]["events"] == 2  # type: ignore[index]
    assert run("rebuild").exit_code == 0
    assert answer(run)["digest"] == both["digest"]


def test_what_came_before_its_id_was_known_is_parked_whole_and_read_by_a_rebuild(
    run: Run, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    keep_ids(home, MEANT)
    run("policy", "adopt", str(tmp_path / "policy"), wire_format="single_object")
    run("publish", "-", told=a_line())
    known = answer(run)
    (home / "schema-ids.json").rename(home / "elsewhere.json")
    assert run("rebuild").exit_code == 0
    parked = json.loads(run("parked", "list", "--format", "json").stdout)
    unknown = answer(run)

    assert {record["reason"] for record in parked} == {"UNKNOWN_SCHEMA"}
    assert "PARKED" in {gap["reason"] for gap in unknown["coverage"]["gaps"]}  # type: ignore[index]
    (home / "elsewhere.json").rename(home / "schema-ids.json")
    assert run("rebuild").exit_code == 0
    assert answer(run)["digest"] == known["digest"]


def test_without_ids_nothing_is_published_and_the_way_out_is_named(run: Run, tmp_path: Path) -> None:
    done = run("policy", "adopt", str(tmp_path / "policy"))

    assert done.exit_code == 1
    assert "lineage schemas push" in done.stderr


def test_a_registry_that_does_not_answer_is_told_by_its_address_without_the_password(run: Run) -> None:
    environment = {"LINEAGE_SCHEMA_REGISTRY": "http://clerk:poisoned@127.0.0.1:9"}
    done = CliRunner().invoke(main, ["schemas", "learn"], env=environment)

    assert done.exit_code == 4
    assert "http://127.0.0.1:9 does not answer" in done.stderr
    assert "poisoned" not in done.output
    assert run("schemas", "push").exit_code == 4


@pytest.mark.parametrize("address", ["ftp://host", "localhost:8081", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    done = CliRunner().invoke(main, ["schemas", "learn"], env={"LINEAGE_SCHEMA_REGISTRY": address})

    assert done.exit_code == 1
    assert "schema_registry" in done.stderr


def test_the_commands_want_a_registry_named() -> None:
    assert CliRunner().invoke(main, ["schemas", "push"], env={"LINEAGE_SCHEMA_REGISTRY": ""}).exit_code == 2
