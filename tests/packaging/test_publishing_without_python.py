"""Is every byte on docs/publishing-without-python.md true? Each is made anew, and told to a log."""

import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lineage.codec import encode
from lineage.codec.schemas import shipped
from lineage.events import Header
from lineage.jsonform import from_json
from lineage.logs import EmbeddedLog
from lineage.logs.kafka_writer import hashed
from lineage.policy import parse
from lineage.projector import Projector
from lineage.publish.adopting import adopt
from lineage.publish.sending import Sender
from lineage.report import Reporter, Request
from lineage.resources import folder
from lineage.store import Store
from lineage.tokens import Secret, token

PAGE = (Path(__file__).parents[2] / "docs" / "publishing-without-python.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+ name=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
VECTORS = json.loads((folder("schemas") / "record-vectors.json").read_text(encoding="utf-8"))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
POLICY = {
    "business.yaml": "name: A shop\nsystems: {shop_database: {publishes: true}}\n",
    "vocabulary.yaml": "elements: {purchase_history: {categories: [D]}}\n",
    "parties.yaml": "recipients: {ad_network: {category: RCP_AD_NETWORK}}\n",
    "purposes.yaml": "purposes: {advertising: {statutory: [BP6_ADS_NON_CROSS]}}\n",
}


def spelled(name: str) -> bytes:
    """The bytes of a block: what stands before the words of each line."""
    return bytes.fromhex(" ".join(re.split(r"\s{3,}", line)[0] for line in BLOCKS[name].splitlines()))


def vector(event: str) -> dict[str, Any]:
    [found] = [each for each in VECTORS["records"] if each["event"]["event"] == event]
    return dict(found)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: NOON) as opened:
        yield opened


def test_the_token_is_made_as_the_page_says() -> None:
    secret = bytes.fromhex(VECTORS["secret"])

    assert secret == bytes(range(32))
    assert spelled("message") == b"account\x0042"
    assert hmac.digest(secret, spelled("message"), "sha256") == spelled("hmac")
    assert token(Secret(secret), "account", "42").bytes == spelled("token")
    assert str(token(Secret(secret), "account", "42")) in PAGE


@pytest.mark.parametrize("each", VECTORS["records"], ids=lambda each: each["event"]["event"])
def test_a_whole_record_is_what_the_log_gets(each: dict[str, Any], log: EmbeddedLog) -> None:
    event = from_json(each["event"])
    Sender(log).send(event)
    log.flush()
    found = log.read(dict.fromkeys(log.partitions(), 0), limit=10, wait_seconds=0)

    assert [bytes(key).hex() for key in found.key] == [each["key"]]
    assert [bytes(value).hex() for value in found.value] == [each["value"]]
    assert (
        each["schema"] == f"{each['event']['event']}-{shipped().current(each['event']['event']).fingerprint}"
    )
    if isinstance(event, Header):
        assert event.subject == token(Secret.from_hex(VECTORS["secret"]), *VECTORS["subject"].split(":"))


def test_the_page_spells_out_the_records_of_the_contract() -> None:
    for event, names in {
        "Shared": ("shared", "token", "value"),
        "ProducerReported": ("report", "report-key", "report-value"),
    }.items():
        wanted = vector(event)
        assert json.loads(BLOCKS[names[0]]) == wanted["event"]
        assert spelled(names[1]).hex() == wanted["key"]
        assert spelled(names[2]).hex() == wanted["value"]
        assert f"`{wanted['schema']}.avsc`" in PAGE


def test_a_text_on_the_page_is_the_text_of_its_bytes() -> None:
    said = 0
    for name in ("message", "value", "report-key"):
        for line in BLOCKS[name].splitlines():
            told = re.split(r"\s{3,}", line)
            for word in re.findall(r'"(\w+)"', told[1]):
                assert word.encode() in bytes.fromhex(told[0]), line
                said += 1
    assert said > 8


def test_the_key_goes_to_the_partition_that_the_page_names() -> None:
    key = spelled("token")

    assert f"`{hashed(key)}`" in PAGE
    assert f"of six partitions it goes to `{hashed(key) % 6}`" in PAGE


def became(log: EmbeddedLog, subject: UUID, folder: Path) -> tuple[list[str], set[str]]:
    """Why records of the log are parked, in their order, and which gaps the person's answer has."""
    with Store(folder / "lineage.duckdb", say=lambda message: None) as store:
        Projector(log, store).catch_up()
        with store.cursor() as reader:
            parked = reader.execute("select reason from parked order by log_offset").fetchall()
            [answer] = Reporter(reader).report([Request(subject=subject, received=NOON.replace(hour=13))])
    return [reason for (reason,) in parked], {gap["reason"] for gap in answer["coverage"]["gaps"]}


def test_what_not_to_do_becomes_what_the_page_says(log: EmbeddedLog, tmp_path: Path) -> None:
    right = from_json(json.loads(BLOCKS["shared"]))
    wrong = [json.loads(line) for line in BLOCKS["wrong"].splitlines()]
    adopt(parse(POLICY), log, recorded_at=NOON)
    first = replace(right, event_id=right.incarnation, sequence=1)
    for event in (first, replace(first, event_id=right.subject, sequence=2), right):
        Sender(log).send(event)
    for each in wrong:
        changed = from_json(json.loads(BLOCKS["shared"]) | each.get("changed", {}))
        value = bytes.fromhex(each["value"]) if "value" in each else encode(changed)
        log.append(bytes.fromhex(each["key"]) if "key" in each else spelled("token"), value)
    log.flush()

    parked, gaps = became(log, right.subject, tmp_path)

    assert parked == [each["parked"] for each in wrong if "parked" in each]
    assert gaps >= {"PARKED", *(each["gap"] for each in wrong if "gap" in each)}
    assert len(wrong) == len([each for each in wrong if ("parked" in each) != ("gap" in each)])


def test_without_its_mistakes_the_same_log_has_none_of_these_gaps(log: EmbeddedLog, tmp_path: Path) -> None:
    right = from_json(json.loads(BLOCKS["shared"]))
    adopt(parse(POLICY), log, recorded_at=NOON)
    Sender(log).send(replace(right, sequence=1))
    log.flush()

    parked, gaps = became(log, right.subject, tmp_path)

    assert parked == []
    assert not gaps & {"PARKED", "SEQUENCE", "UNKNOWN_WORD"}


def test_every_block_of_bytes_or_json_is_looked_at() -> None:
    fenced = re.findall(r"^```(\w+)(.*)$", PAGE, re.MULTILINE)

    assert {language for language, _ in fenced} == {"hex", "json"}
    assert len(BLOCKS) == len(fenced) == 9
