"""Which snapshot of choices is believed, and what does a service know beside it?"""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from choosing import DAY, POLICY, Shop, somebody
from click.testing import CliRunner, Result
from consuming import Consuming

from lineage.choices import Reason
from lineage.choices.snapshot import Snapshot
from lineage.cli import main
from lineage.events import (
    AgeBand,
    Choice,
    ChoiceMade,
    EventRetracted,
    LinkEvidence,
    Relation,
    SubjectDescribed,
    SubjectsLinked,
    Via,
)
from lineage.policy import parse
from lineage.proof.keys import PUBLIC, signer, trusted
from lineage.publish import open_publisher
from lineage.settings import Settings
from lineage.tokens import Pseudonymiser, Secret

POISON = "ana.poisoned@example.com"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One shop for all: each test is about people of its own."""
    found = Shop(tmp_path_factory.mktemp("shop"))
    yield found
    found.close()


@pytest.fixture
def new_shop(tmp_path: Path) -> Iterator[Shop]:
    found = Shop(tmp_path)
    yield found
    found.close()


# Which snapshot is believed


def test_without_a_snapshot_nothing_is_permitted(new_shop: Shop) -> None:
    def asked(service: object = new_shop.web) -> Reason:
        return service.may_share("payment", subject=somebody()).reason  # type: ignore[attr-defined]

    assert asked() is Reason.NO_SNAPSHOT
    assert asked(new_shop.service(choices=None)) is Reason.NO_SNAPSHOT
    new_shop.exports()
    assert asked() is Reason.NO_SALE
    new_shop.file.path.unlink()
    assert asked() is Reason.NO_SNAPSHOT


def test_a_snapshot_that_is_not_as_it_was_signed_permits_nothing(new_shop: Shop) -> None:
    person = somebody()
    new_shop.chooses(person, Choice.OPT_OUT)
    new_shop.exports()
    whole = new_shop.file.path.read_bytes()
    without_rows = whole.partition(b"\0")[0] + b"\0"

    for damaged in (
        whole[:-1] + b"?",
        whole[:-1],
        whole + b"\0",
        whole.replace(b"people 1", b"people 0"),
        without_rows,
        b"",
        b"\0",
    ):
        new_shop.file.path.write_bytes(damaged)
        assert new_shop.web.may_share("payment", subject=person).reason is Reason.NOT_TRUSTED
    new_shop.file.path.write_bytes(whole)
    assert new_shop.web.may_share("payment", subject=person).allowed


def test_a_snapshot_of_somebody_elses_key_permits_nothing_until_it_is_trusted(
    new_shop: Shop, tmp_path: Path
) -> None:
    ours, new_shop.signer = new_shop.signer, signer(tmp_path / "elsewhere", "personal-data-events")
    assert new_shop.may("payment", somebody()).reason is Reason.NOT_TRUSTED

    keys = new_shop.home / PUBLIC
    keys.write_text(keys.read_text() + (tmp_path / "elsewhere" / PUBLIC).read_text())
    assert new_shop.web.may_share("payment", subject=somebody()).allowed
    keys.unlink()
    assert new_shop.web.may_share("payment", subject=somebody()).reason is Reason.NOT_TRUSTED
    assert ours.public not in trusted([tmp_path / "elsewhere" / PUBLIC])


def test_a_checkpoint_is_no_snapshot_though_the_same_key_signs_it(new_shop: Shop) -> None:
    new_shop.file.path.write_bytes(
        new_shop.signer.sign("personal-data-events\ncheckpoint 1\n").encode() + b"\0"
    )

    assert new_shop.web.may_share("payment", subject=somebody()).reason is Reason.NOT_TRUSTED


def test_a_snapshot_is_believed_for_a_day(new_shop: Shop) -> None:
    new_shop.exports()
    new_shop.clock.now += DAY
    assert new_shop.web.may_share("payment", subject=somebody()).allowed
    new_shop.clock.now += timedelta(seconds=1)
    assert new_shop.web.may_share("payment", subject=somebody()).reason is Reason.TOO_OLD
    new_shop.clock.now -= 2 * DAY
    assert new_shop.web.may_share("payment", subject=somebody()).reason is Reason.NOT_TRUSTED


def test_what_may_not_have_all_of_the_log_is_dated_by_what_it_has(new_shop: Shop) -> None:
    new_shop.chooses(somebody(), Choice.OPT_OUT)
    last = new_shop.clock.now
    new_shop.log.flush()
    new_shop.clock.now += 2 * DAY

    assert new_shop.exports(caught_up=False).until <= last
    assert new_shop.web.may_share("payment", subject=somebody()).reason is Reason.TOO_OLD
    assert new_shop.exports().until == new_shop.clock.now


def test_another_policy_or_secret_permits_nothing(new_shop: Shop, tmp_path: Path) -> None:
    new_shop.exports()
    changed = parse({**POLICY, "business.yaml": POLICY["business.yaml"].replace("Corner", "Another")})
    elsewhere = new_shop.service(changed)
    assert elsewhere.may_share("payment", subject=somebody()).reason is Reason.OTHER_POLICY

    new_shop.pseudonymiser = Pseudonymiser(Secret.create(tmp_path / "another"))
    stranger = new_shop.service()
    assert stranger.may_share("payment", subject=somebody()).reason is Reason.OTHER_SECRET


def test_a_snapshot_is_read_by_its_owner_alone_and_holds_no_identifier(new_shop: Shop) -> None:
    new_shop.chooses(f"email:{POISON}", Choice.OPT_OUT)
    new_shop.exports()

    assert stat.S_IMODE(new_shop.file.path.stat().st_mode) == 0o600
    assert b"poisoned" not in new_shop.file.path.read_bytes()
    assert [path.name for path in new_shop.home.glob("choices*")] == ["choices.signed"]


def test_a_disk_that_takes_nothing_leaves_the_last_snapshot(
    new_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_shop.exports()
    before = new_shop.file.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        new_shop.exports()
    assert new_shop.file.path.read_bytes() == before
    assert [path.name for path in new_shop.home.glob("choices*")] == ["choices.signed"]


def test_a_file_that_is_cut_off_under_a_reader_says_so(new_shop: Shop) -> None:
    person = somebody()
    new_shop.chooses(person, Choice.OPT_OUT)
    new_shop.exports()
    with Snapshot(new_shop.file.path, trusted([new_shop.file.keys])) as opened:
        os.truncate(new_shop.file.path, 10)
        with pytest.raises(ValueError, match="cut off"):
            opened.said(new_shop.token(person))
    assert new_shop.web.may_share("payment", subject=person).reason is Reason.NOT_TRUSTED


# What this process told itself


def test_a_choice_counts_as_soon_as_it_is_told(shop: Shop) -> None:
    person = somebody()
    shop.exports()
    assert shop.web.may_share("sell_segment", subject=person).allowed
    made = shop.web.publish(ChoiceMade(subject=person, choice=Choice.OPT_OUT, system="web_shop"))
    assert shop.web.may_share("sell_segment", subject=person).reason is Reason.OPTED_OUT
    shop.web.publish(EventRetracted(subject=person, retracts=made, reason="WRONG", system="web_shop"))
    assert shop.web.may_share("sell_segment", subject=person).allowed


def test_a_link_and_an_age_count_as_soon_as_they_are_told(shop: Shop) -> None:
    account, device, child = somebody(), somebody("device"), somebody()
    shop.chooses(device, Choice.OPT_OUT, via=Via.GPC)
    shop.exports()
    assert shop.web.may_share("show_ads", subject=account).allowed
    shop.web.publish(
        SubjectsLinked(
            subject=account,
            other=device,
            relation=Relation.SAME_PERSON,
            evidence=LinkEvidence.VERIFIED_LOGIN,
            system="web_shop",
        )
    )
    shop.web.publish(SubjectDescribed(subject=child, age_band=AgeBand.UNDER_13, system="web_shop"))

    assert shop.web.may_share("show_ads", subject=account).reason is Reason.OPTED_OUT
    assert shop.web.may_share("show_ads", subject=child).reason is Reason.MINOR


def test_nothing_is_told_by_one_account_of_another_through_a_device_here(shop: Shop) -> None:
    ana, ben, device = somebody(), somebody(), somebody("device")
    shop.exports()
    for each in (ana, ben):
        shop.web.publish(
            SubjectsLinked(subject=each, other=device, relation=Relation.SAME_PERSON, system="web_shop")
        )
    shop.web.publish(ChoiceMade(subject=ana, choice=Choice.OPT_OUT, system="web_shop"))

    assert shop.web.may_share("show_ads", subject=ben).allowed
    assert not shop.web.may_share("show_ads", subject=device)


def test_what_a_snapshot_has_heard_is_forgotten_and_may_be_lifted_elsewhere(shop: Shop) -> None:
    person = somebody()
    service = shop.service()
    made = service.publish(ChoiceMade(subject=person, choice=Choice.OPT_OUT, system="web_shop"))
    shop.exports()
    assert service.may_share("sell_segment", subject=person).reason is Reason.OPTED_OUT
    shop.tells(EventRetracted(subject=person, retracts=made, reason="WRONG", system="web_shop"))
    shop.exports()
    assert service.may_share("sell_segment", subject=person).allowed


def test_what_no_snapshot_has_heard_stays_remembered(shop: Shop) -> None:
    """It waits in a spool, or was refused: nobody else knows of it."""
    person = somebody()
    shop.exports()
    service = shop.service(policy=shop.policy)
    service._remembered.hear(  # as if it had been taken, and not yet delivered
        ChoiceMade(
            event_id=shop.token(somebody()),
            occurred_at=shop.clock.now,
            subject=shop.token(person),
            choice=Choice.OPT_OUT,
        )
    )
    shop.clock.now += timedelta(hours=1)
    shop.exports()
    assert service.may_share("sell_segment", subject=person).reason is Reason.OPTED_OUT


def test_more_than_can_be_remembered_wants_a_newer_snapshot(
    new_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage.choices.remembered.MOST", 2)
    new_shop.exports()
    people = [somebody() for _ in range(3)]
    for each in people:
        new_shop.web.publish(ChoiceMade(subject=each, choice=Choice.OPT_OUT, system="web_shop"))
    assert new_shop.web.may_share("sell_segment", subject=people[0]).reason is Reason.TOO_OLD
    new_shop.clock.now += timedelta(minutes=10)
    new_shop.exports()
    assert {new_shop.web.may_share("sell_segment", subject=each).reason for each in people} == {
        Reason.OPTED_OUT
    }


def test_threads_ask_while_snapshots_change(new_shop: Shop) -> None:
    person = somebody()
    new_shop.chooses(person, Choice.OPT_OUT)
    new_shop.exports()
    told: list[Reason] = []

    def ask() -> None:
        told.extend(new_shop.web.may_share("sell_segment", subject=person).reason for _ in range(200))

    threads = [Thread(target=ask) for _ in range(3)]
    for each in threads:
        each.start()
    for _ in range(5):
        new_shop.exports()
    for each in threads:
        each.join()
    assert (len(told), set(told)) == (600, {Reason.OPTED_OUT})


# From a terminal


@pytest.fixture
def run(new_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Commands of the shop's operator; the shop itself has let go of its database."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LINEAGE_{name.upper()}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(new_shop.home))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def test_an_operator_exports_and_a_service_of_the_settings_asks(
    new_shop: Shop, run: Callable[..., Result], tmp_path: Path
) -> None:
    person = somebody()
    new_shop.chooses(person, Choice.OPT_OUT)
    new_shop.log.flush()
    done = run("choices", "export")
    assert (done.exit_code, "1 people" in done.output) == (0, True)

    with open_publisher("web", policy=new_shop.policy, settings=Settings(home=new_shop.home)) as service:
        assert service.may_share("sell_segment", subject=person).reason is Reason.OPTED_OUT
        assert service.may_share("sell_segment", subject=somebody()).allowed
    elsewhere = tmp_path / "elsewhere" / "choices"
    assert run("choices", "export", "-o", elsewhere).exit_code == 0
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600


def test_a_running_projector_makes_the_snapshot(new_shop: Shop, run: Callable[..., Result]) -> None:
    new_shop.chooses(somebody(), Choice.OPT_OUT)
    new_shop.log.flush()
    projecting = Consuming(new_shop.home)
    projecting.until(lambda found: found["lineage_records_total"] >= 3)
    done = run("choices", "export")
    assert (done.exit_code, "1 people" in done.output) == (0, True)
    assert projecting.stops()[0] == 0
    assert new_shop.web.may_share("payment", subject=somebody()).reason is Reason.NO_SALE


def test_without_a_policy_there_is_nothing_to_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["choices", "export"], catch_exceptions=False)
    assert (done.exit_code, "policy" in done.output) == (3, True)
    assert not (tmp_path / "choices.signed").exists()


def test_it_is_exported_again_and_again_until_it_is_told_to_stop(new_shop: Shop) -> None:
    new_shop.log.flush()
    program = "from lineage.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "choices", "export", "--every", "0.001"],
        env={**os.environ, "LINEAGE_HOME": str(new_shop.home)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        told = (line for line in process.stderr if "0 people" in line)
        assert all(next(told) for _ in range(2))
        process.terminate()
        process.stderr.read()
        assert process.wait(timeout=30) == 0
    assert new_shop.file.path.exists()
