"""What does a person get of the systems of record, and what can never get out of them?

The systems are real: an SQLite file, a CSV file and a JSON file.
"""

import json
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from business import Business
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.engine import Engine

from lineage.cli.pieces import command
from lineage.errors import Refused
from lineage.pieces import Gathered, Safe, Unsealable, attach, gather, wanted
from lineage.pieces.attachment import seal
from lineage.pieces.sql import statement
from lineage.policy import Policy, parse
from lineage.report.canonical import canonical
from lineage.report.check import problems
from lineage.report.gate import released
from lineage.report.request import Audience, Verification

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)

BUSINESS = """\
name: A Business
systems:
  crm:
    publishes: true
    connector:
      kind: sql
      address: CRM_URL
      table: contact
      key: id
      key_type: integer
      pointers: "crm://contacts/"
      columns: {email_address: email, postal_address: [street, city]}
  shop:
    publishes: true
    connector:
      {kind: files, address: SHOP_FOLDER, table: orders.csv, key: customer, columns: {orders: [day, total]}}
  desk:
    publishes: true
    connector:
      kind: files
      address: DESK_FOLDER
      table: messages.json
      key: person
      columns: {support_message_content: text}
  tapes: {publishes: true}
"""
POLICY = {"business.yaml": BUSINESS, "vocabulary.yaml": "elements: {order_history: {aliases: [orders]}}"}


@pytest.fixture
def policy() -> Policy:
    return parse(POLICY)


@pytest.fixture
def addresses(tmp_path: Path) -> dict[str, str]:
    """Three systems of record that hold one person, number 17, beside others."""
    database = sqlite3.connect(tmp_path / "crm #1.sqlite")
    database.execute("create table contact (id integer primary key, email, street, city, ssn)")
    database.executemany(
        "insert into contact values (?, ?, ?, ?, ?)",
        [
            (17, "ana.poisoned@example.com", "1 Poisoned Street", "Fresno", "078-05-1120"),
            (18, "other.poisoned@example.com", "2 Poisoned Street", "Fresno", "078-05-1121"),
        ],
    )
    database.commit()
    database.close()
    (tmp_path / "orders.csv").write_text(
        "customer,day,total,card\nshopper17,2026-02-01,9.99,poisoned\nshopper17,2026-02-01,9.99,poisoned\nc18,2026-03-01,5,x\n"
    )
    (tmp_path / "messages.json").write_text(
        json.dumps([{"person": "17", "text": "My neighbour Poisoned told me", "agent": 4}])
    )
    return {
        "CRM_URL": f"sqlite:///{tmp_path / 'crm #1.sqlite'}",
        "SHOP_FOLDER": str(tmp_path),
        "DESK_FOLDER": str(tmp_path),
    }


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that any database is sent meanwhile."""
    sent: list[str] = []

    def before(*told: Any) -> None:
        sent.append(told[2])

    event.listen(Engine, "before_cursor_execute", before)
    yield sent
    event.remove(Engine, "before_cursor_execute", before)


@pytest.fixture
def safe(tmp_path: Path) -> Safe:
    return Safe(tmp_path / "attachments", tmp_path / "keys")


def shown(element: str, *held_in: str) -> dict[str, Any]:
    return {"element": element, "show": True, "withheld": None, "statement": None, "held_in": list(held_in)}


def named(element: str, code: str, policy: Policy, *held_in: str) -> dict[str, Any]:
    said = policy.vocabulary.withhold_statement(code)
    return {"element": element, "show": False, "withheld": code, "statement": said, "held_in": list(held_in)}


def asking(policy: Policy, *items: dict[str, Any]) -> dict[str, Any]:
    """The part of an answer that says which pieces there are."""
    return {"versions": {"policy": policy.digest}, "pieces": {"items": list(items)}}


def everything(policy: Policy) -> list[dict[str, Any]]:
    return [
        shown("email_address", "crm://contacts/17"),
        shown("order_history", "shop:shopper17"),
        shown("postal_address", "crm://contacts/17"),
        named("ssn", "WH_SSN", policy, "crm://contacts/17"),
        shown("support_message_content", "desk:17"),
    ]


def gathered(policy: Policy, addresses: dict[str, str], *items: dict[str, Any]) -> Gathered:
    return gather(wanted(asking(policy, *items), policy), policy, addresses)


def values(found: Gathered) -> dict[str, tuple[Any, ...]]:
    return {piece.element: piece.values for piece in found.pieces}


def causes(found: Gathered) -> set[tuple[str, str | None]]:
    return {(missing.element, missing.system) for missing in found.missing}


def test_values_come_from_where_the_pointers_lead(policy: Policy, addresses: dict[str, str]) -> None:
    found = gathered(policy, addresses, *everything(policy))

    assert values(found) == {
        "email_address": ("ana.poisoned@example.com",),
        "postal_address": ({"street": "1 Poisoned Street", "city": "Fresno"},),
        "order_history": ({"day": "2026-02-01", "total": "9.99"},) * 2,
        "support_message_content": ("My neighbour Poisoned told me",),
    }
    assert [each.element for each in found.named] == ["ssn"]
    assert found.missing == ()


def test_a_system_is_asked_once_and_never_for_what_is_withheld(
    policy: Policy, addresses: dict[str, str], statements: list[str]
) -> None:
    gathered(policy, addresses, *everything(policy))

    [select] = [each for each in statements if "contact" in each]
    assert "ssn" not in select
    assert "17" not in select  # the key is bound, not written
    asked = "SELECT contact.id, contact.city, contact.email, contact.street FROM contact"
    assert " ".join(select.split()) == f"{asked} WHERE contact.id IN (?)"


def test_only_the_columns_of_elements_asked_for_are_in_the_statement(policy: Policy) -> None:
    [question] = wanted(asking(policy, shown("email_address", "crm://contacts/17")), policy).questions

    assert question.columns() == ("email",)
    assert "city" not in str(statement(question))


def test_what_the_law_withholds_is_not_read_even_if_a_report_says_show(policy: Policy) -> None:
    with pytest.raises(Refused, match="name only"):
        wanted(asking(policy, shown("ssn", "crm://contacts/17")), policy)


def test_a_report_of_another_policy_is_refused(policy: Policy) -> None:
    other = {**asking(policy), "versions": {"policy": "0" * 64}}

    with pytest.raises(Refused, match="another policy"):
        wanted(other, policy)


def test_another_persons_record_never_comes_along(
    policy: Policy, addresses: dict[str, str], tmp_path: Path
) -> None:
    database = sqlite3.connect(tmp_path / "crm #1.sqlite")
    database.execute("create table people (id text collate nocase, email)")
    database.executemany("insert into people values (?, ?)", [("ab", "mine"), ("AB", "poisoned")])
    database.commit()
    database.close()
    texts = BUSINESS.replace("table: contact", "table: people").replace("key_type: integer", "key_type: text")
    by_text = parse({**POLICY, "business.yaml": texts})

    found = gathered(by_text, addresses, shown("email_address", "crm://contacts/ab"))

    assert values(found) == {}
    assert causes(found) == {("email_address", "crm")}


@pytest.mark.parametrize(
    ("broken", "elements"),
    [
        ({"CRM_URL": "sqlite:////nowhere/crm.sqlite"}, {"email_address", "postal_address"}),
        ({"CRM_URL": "no address"}, {"email_address", "postal_address"}),
        ({"CRM_URL": "nodatabase://host/x"}, {"email_address", "postal_address"}),
        ({"CRM_URL": ""}, {"email_address", "postal_address"}),
        ({"SHOP_FOLDER": "/nowhere"}, {"order_history"}),
    ],
)
def test_a_silent_system_leaves_the_answer_incomplete_by_name(
    policy: Policy, addresses: dict[str, str], broken: dict[str, str], elements: set[str]
) -> None:
    found = gathered(policy, {**addresses, **broken}, *everything(policy))

    system = "crm" if "CRM_URL" in broken else "shop"
    assert causes(found) == {(element, system) for element in elements}
    assert values(found).keys().isdisjoint(elements)
    assert "support_message_content" in values(found)


def test_asking_a_database_that_is_not_there_does_not_make_one(
    policy: Policy, addresses: dict[str, str], tmp_path: Path
) -> None:
    absent = tmp_path / "absent.sqlite"

    gathered(
        policy, {**addresses, "CRM_URL": f"sqlite:///{absent}"}, shown("email_address", "crm://contacts/17")
    )

    assert not absent.exists()


def test_asking_changes_nothing_in_the_system(
    policy: Policy, addresses: dict[str, str], tmp_path: Path
) -> None:
    before = (tmp_path / "crm #1.sqlite").read_bytes()

    gathered(policy, addresses, *everything(policy))

    assert (tmp_path / "crm #1.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        (shown("email_address"), ("email_address", None)),
        (shown("email_address", "tapes:9"), ("email_address", "tapes")),
        (shown("email_address", "poisoned:9"), ("email_address", None)),
        (shown("email_address", "crm://contacts/99"), ("email_address", "crm")),
        (shown("email_address", "crm://contacts/seventeen"), ("email_address", "crm")),
        (shown("email_address", "crm://contacts/"), ("email_address", "crm")),
        (shown("full_name", "crm://contacts/17"), ("full_name", "crm")),
    ],
)
def test_what_cannot_be_found_is_named(
    policy: Policy, addresses: dict[str, str], item: dict[str, Any], missing: tuple[str, str | None]
) -> None:
    found = gathered(policy, addresses, item)

    assert values(found) == {}
    assert causes(found) == {missing}


def test_free_content_is_flagged_for_review(policy: Policy, addresses: dict[str, str]) -> None:
    assert gathered(policy, addresses, *everything(policy)).for_review == ("support_message_content",)


def test_no_value_and_no_key_is_in_a_repr_or_a_log(
    policy: Policy, addresses: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    plan = wanted(asking(policy, *everything(policy)), policy)
    found = gather(plan, policy, addresses)
    closed = seal(b"poisoned")

    told = caplog.text + repr(plan) + repr(found) + repr(closed)

    assert "oisoned" not in told
    assert "shopper17" not in told


def test_an_error_of_a_system_repeats_nothing_of_it(
    policy: Policy, addresses: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "messages.json").write_text('[{"person": "17", "text": poisoned}]')
    (tmp_path / "crm #1.sqlite").write_bytes(b"poisoned " * 100)

    found = gathered(policy, addresses, *everything(policy))

    assert {missing.system for missing in found.missing} == {"crm", "desk"}
    assert "oisoned" not in str(found.missing)


# The sealed attachment.


@pytest.fixture
def report(tmp_path: Path, policy: Policy) -> dict[str, Any]:
    """A handler's copy whose case releases pieces."""
    business = Business(tmp_path)
    business.collects("email_address", "2026-01-10T12:00Z", purposes=("service",))
    made = business.answer()
    business.close()
    made["versions"] |= {"policy": policy.digest}
    made["pieces"] = {"items": everything(policy), "attachment": None}
    return released(made, Verification.V2_HIGH, case_id="CASE-7")


def opened(safe: Safe, digest: str, **how: Any) -> dict[str, Any]:
    """What the person receives."""
    copies: list[bytes] = []
    safe.deliver(digest, copies.append, NOW + timedelta(hours=1), **how)
    return json.loads(copies[0])


def test_a_copy_is_sealed_delivered_once_and_gone(
    report: dict[str, Any], policy: Policy, addresses: dict[str, str], safe: Safe, tmp_path: Path
) -> None:
    made, kept, _ = attach(report, policy, addresses, safe, NOW)
    files = list(tmp_path.rglob(f"{kept.digest}*"))
    assert {path.suffix for path in files} == {".sealed", ".key", ".json"}
    assert not any(b"oisoned" in path.read_bytes() for path in files)
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}

    copy = opened(safe, kept.digest, reviewed_by="privacy-desk")

    assert made["pieces"]["attachment"] == {"digest": kept.digest}
    assert problems(made) == []
    assert {each["element"] for each in copy["pieces"]} == {
        "email_address", "order_history", "postal_address", "support_message_content",
    }  # fmt: skip
    assert [each["element"] for each in copy["named"]] == ["ssn"]
    assert "crm" not in json.dumps(copy)
    assert [path.suffix for path in tmp_path.rglob(f"{kept.digest}*")] == [".json"]
    left = safe.kept(kept.digest)
    assert (left.delivered_at, left.destroyed_at, left.reviewed_by) == (
        "2026-06-20T10:00:00.000000Z", "2026-06-20T10:00:00.000000Z", "privacy-desk",
    )  # fmt: skip
    with pytest.raises(Refused, match="destroyed"):
        opened(safe, kept.digest, reviewed_by="privacy-desk")


def test_free_content_is_not_delivered_unread(
    report: dict[str, Any], policy: Policy, addresses: dict[str, str], safe: Safe
) -> None:
    _, kept, _ = attach(report, policy, addresses, safe, NOW)

    with pytest.raises(Refused, match="support_message_content"):
        opened(safe, kept.digest)
    with pytest.raises(Refused, match="a role"):
        opened(safe, kept.digest, reviewed_by="ana.poisoned@example.com")
    assert safe.kept(kept.digest).delivered_at is None


def test_what_shows_another_person_is_left_out_and_the_copy_says_so(
    report: dict[str, Any], policy: Policy, addresses: dict[str, str], safe: Safe
) -> None:
    _, kept, _ = attach(report, policy, addresses, safe, NOW)

    with pytest.raises(Refused, match="not in the copy"):
        opened(safe, kept.digest, reviewed_by="desk-2", left_out=["full_name"])
    copy = opened(safe, kept.digest, reviewed_by="desk-2", left_out=["support_message_content"])

    assert "neighbour" not in json.dumps(copy)
    assert [(each["element"], each["code"]) for each in copy["left_out"]] == [
        ("support_message_content", "DN_OTHER_PERSON")
    ]


def test_a_delivery_that_fails_destroys_nothing(
    report: dict[str, Any], policy: Policy, addresses: dict[str, str], safe: Safe
) -> None:
    _, kept, _ = attach(report, policy, addresses, safe, NOW)

    def full(copy: bytes) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        safe.deliver(kept.digest, full, NOW, reviewed_by="desk-2")
    assert opened(safe, kept.digest, reviewed_by="desk-2")


def test_an_incomplete_copy_says_so_in_report_and_copy(
    report: dict[str, Any], policy: Policy, addresses: dict[str, str], safe: Safe
) -> None:
    made, kept, _ = attach(report, policy, {**addresses, "SHOP_FOLDER": "/nowhere"}, safe, NOW)

    assert [(each["element"], each["system"]) for each in made["pieces"]["unanswered"]] == [
        ("order_history", "shop")
    ]
    assert "PIECES_INCOMPLETE" in {each["code"] for each in made["statements"]}
    assert problems(made) == []
    assert opened(safe, kept.digest, reviewed_by="desk-2")["not_read"] == ["order_history"]


@pytest.mark.parametrize("how", ["without a case", "not verified enough", "edited"])
def test_a_report_that_releases_no_pieces_gathers_none(
    report: dict[str, Any], policy: Policy, addresses: dict[str, str], safe: Safe, how: str, tmp_path: Path
) -> None:
    if how == "edited":
        report["provisional"] = not report["provisional"]
    elif how == "without a case":
        report = released(report, Verification.V2_HIGH)
    else:
        report = released(report, Verification.V1_REASONABLE, case_id="CASE-7")

    with pytest.raises(Refused):
        attach(report, policy, addresses, safe, NOW)
    assert not list(tmp_path.rglob("*.sealed"))


def test_the_persons_copy_of_a_report_with_attachment_names_its_digest_and_no_system(
    report: dict[str, Any], policy: Policy, addresses: dict[str, str], safe: Safe
) -> None:
    made, kept, _ = attach(report, policy, {**addresses, "SHOP_FOLDER": "/nowhere"}, safe, NOW)

    copy = released(made, Verification.V2_HIGH, audience=Audience.PERSON, case_id="CASE-7")

    assert problems(copy, Audience.PERSON) == []
    assert copy["pieces"]["attachment"] == {"digest": kept.digest}
    assert "unanswered" not in copy["pieces"]
    assert "PIECES_INCOMPLETE" in {each["code"] for each in copy["statements"]}


@pytest.mark.parametrize("what", ["sealed", "key"])
def test_a_changed_attachment_does_not_open(safe: Safe, tmp_path: Path, what: str) -> None:
    kept = safe.put(seal(b"{}"), (), NOW)
    [path] = tmp_path.rglob(f"{kept.digest}.{what}")
    path.write_bytes(seal(b"{}").sealed if what == "sealed" else seal(b"{}").key)

    with pytest.raises(Unsealable):
        safe.read(kept.digest)


def test_without_its_key_the_attachment_is_noise(safe: Safe, tmp_path: Path) -> None:
    kept = safe.put(seal(b"{}"), (), NOW)
    [key] = tmp_path.rglob("*.key")
    key.unlink()

    with pytest.raises(Unsealable):
        safe.read(kept.digest)


def test_keys_do_not_lie_beside_what_they_open(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="apart"):
        Safe(tmp_path / "one", tmp_path / "one")


def test_no_attachment_is_named_by_a_path(safe: Safe) -> None:
    for name in ("../../etc/passwd", "x", str(uuid4())):
        with pytest.raises(Refused, match="64 hex digits"):
            safe.kept(name)


def test_the_commands_review_deliver_and_destroy(
    report: dict[str, Any],
    policy: Policy,
    addresses: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("LINEAGE_HOME", str(home))
    safe = Safe(home / "attachments", home / "attachment-keys")
    digests = [attach(report, policy, addresses, safe, NOW)[1].digest for _ in range(2)]

    def run(*words: object) -> str:
        result = CliRunner().invoke(command, [str(each) for each in words])
        if result.exception is not None:
            raise result.exception
        return result.output

    assert "neighbour" in run("review", digests[0])
    with pytest.raises(Refused, match="Free content"):
        run("deliver", digests[0], "-o", tmp_path / "copy.json")
    assert "oisoned" not in run(
        "deliver", digests[0], "-o", tmp_path / "copy.json", "--reviewed-by", "desk-2"
    )
    assert "ana.poisoned" in (tmp_path / "copy.json").read_text()
    run("destroy", digests[1])
    listed = json.loads(run("list", "--format", "json"))
    assert {each["digest"]: each["delivered_at"] is None for each in listed} == {
        digests[0]: False, digests[1]: True,
    }  # fmt: skip
    assert all(each["destroyed_at"] for each in listed)
    took = json.loads(run("history", digests[0], "--format", "json"))
    # To review, in vain, and to deliver.
    assert [each["step"] for each in took] == ["OPENED", "OPENED", "OPENED", "DELIVERED", "DESTROYED"]
    assert [each["step"] for each in json.loads(run("history", digests[1], "--format", "json"))] == [
        "DESTROYED"
    ]


def test_seal_takes_the_policy_in_force(
    report: dict[str, Any],
    policy: Policy,
    addresses: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from lineage.cli import main

    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    for name, value in addresses.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "policy"
    folder.mkdir()
    for name, text in POLICY.items():
        (folder / name).write_text(text)
    assert CliRunner().invoke(main, ["policy", "adopt", str(folder)]).exit_code == 0
    answer, made = tmp_path / "answer.json", tmp_path / "made.json"
    answer.write_bytes(canonical(report))

    run = CliRunner().invoke(command, ["seal", str(answer), "-o", str(made)])

    assert run.exit_code == 0, run.output
    assert "to be read before release: support_message_content" in run.output
    assert "oisoned" not in run.output
    document = json.loads(made.read_text())
    assert problems(document) == []
    digest = document["pieces"]["attachment"]["digest"]
    took = CliRunner().invoke(command, ["history", digest, "--format", "json"])
    [sealed] = json.loads(took.stdout)
    assert (sealed["step"], sealed["report"]) == ("SEALED", document["digest"])
    assert sealed["case"] == document["request"]["id"]
