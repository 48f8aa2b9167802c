"""Whole stories through a real Kafka: services publish, the projector follows, a person asks.

What a topic brings with it that a file does not: several partitions, a person's tokens in different ones, and
a broker that stamps every record by its own clock.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from broker import Broker
from business import categories, pairs
from shop_on_kafka import Shop, at, collected, login, named, not_theirs, shared

from lineage.events import EventRetracted
from lineage.logs.kafka import KafkaLog
from lineage.store import Store

pytestmark = pytest.mark.kafka

BROWSERS = 24
"""So many that they do not all lie in one partition."""
WHEN_ASKED = dict.fromkeys(("positions", "provisional", "answer_digest", "digest"))
"""What tells two answers as of one instant apart that were asked for at different times."""


@pytest.fixture
def shop(broker: Broker, topic_name: str, tmp_path: Path) -> Iterator[Shop]:
    """A shop that has told nothing yet."""
    with KafkaLog(broker.bootstrap, topic_name) as log, Store(tmp_path / "lineage.duckdb") as store:
        yield Shop(log, store)


def views(answer: dict[str, Any]) -> int:
    """How many views of pages an answer counts."""
    return sum(line["events"] for line in answer["collected"] if "page_view" in line["elements"])


def test_the_story_of_the_window(shop: Shop) -> None:
    """Twelve months end with the receipt, and the contract of the day judges each part of an interval."""
    ana = named("account")
    shop.tells(
        collected(ana, "card_pan", "2023-05-01T12:00Z"),
        collected(ana, "order_history", "2024-12-01T07:59:59Z"),
        collected(ana, "email_address", "2024-12-01T08:00Z"),
        collected(ana, "gps_point", "2025-12-01T18:00Z"),
        shared(
            ana,
            "email_address",
            "counter",
            "count",
            "2025-06-01T07:00Z",
            occurred_until=at("2025-08-01T07:00Z"),
        ),
    )

    answer = shop.answers(ana)

    assert answer["coverage"]["complete"]
    assert categories(answer) == {"A"}
    assert answer["held_collected_earlier"] == ["card_pan", "order_history"]
    [disclosed], [sold] = answer["disclosed"]["pairs"], answer["sold_or_shared"]["pairs"]
    assert (disclosed["first"], disclosed["kinds"]) == (
        "2025-06-01T07:00:00.000000Z",
        ["BP_SERVICE_PROVIDER", "SALE"],
    )
    assert (sold["first"], sold["kinds"]) == ("2025-07-01T07:00:00.000000Z", ["SALE"])
    assert categories(shop.answers(ana, everything=True)) == {"A", "B", "D"}


def test_the_story_of_one_person_behind_many_tokens(shop: Shop) -> None:
    """What a browser did belongs to whoever logged in with it, until that turns out to be somebody else."""
    ana, ben = named("account"), named("account")
    browsers = [named("cookie") for _ in range(BROWSERS)]
    shop.tells(
        collected(ana, "email_address", "2025-03-01T12:00Z"),
        *(collected(browser, "page_view", "2025-03-01T12:00Z") for browser in browsers),
    )
    assert categories(shop.answers(ana)) == {"A"}
    assert shop.partitions_used() > 1

    shop.tells(*(login(ana, browser, "2025-03-02T12:00Z") for browser in browsers))
    answer = shop.answers(ana)
    assert (categories(answer), views(answer)) == ({"A", "F"}, BROWSERS)
    assert shop.answers(browsers[0])["collected"] == answer["collected"]

    shop.tells(login(ben, browsers[0], "2025-03-03T12:00Z"))
    assert shop.answers(ana) == shop.answers(ben) == {"stopped": "TWO_ACCOUNTS"}

    shop.tells(not_theirs(ana, browsers[0], "2025-03-04T12:00Z"))
    assert (views(shop.answers(ana)), views(shop.answers(ben))) == (BROWSERS - 1, 1)


def test_the_story_of_what_was_known_then(shop: Shop) -> None:
    """The broker's own stamps say what was known: an answer of then stays, whatever is told afterwards."""
    ana = named("account")
    [mistaken, _] = shop.tells(
        collected(ana, "ssn", "2025-03-01T12:00Z"),
        shared(ana, "email_address", "card_company", "payment", "2025-03-01T12:00Z"),
    )
    then = shop.answers(ana)

    shop.tells(
        EventRetracted(subject=ana, retracts=mistaken, reason="MISTAKE", system="shop"),
        collected(ana, "order_history", "2025-03-01T12:00Z"),
    )
    now = shop.answers(ana)
    again = shop.answers(ana, as_of=then["as_of"])

    assert (categories(then), categories(now)) == ({"A", "B"}, {"D"})
    assert now["as_of"] > then["as_of"]
    assert now["disclosed"] == then["disclosed"]
    # Every partition has gone on by now, so nothing more can come that was recorded by then.
    assert not again["provisional"]
    assert {**again, **WHEN_ASKED} == {**then, **WHEN_ASKED}


def test_the_story_of_whose_answer_it_is(shop: Shop) -> None:
    """Done on a customer's instruction it is the customer's to tell; done for purposes that we set, ours."""
    ana, exempt = named("account"), {"exemption": "HIPAA_PHI"}
    shop.tells(
        collected(ana, "ssn", "2025-03-01T12:00Z", on_behalf_of="clinic"),
        shared(ana, "card_pan", "card_company", "service", "2025-03-01T12:00Z", on_behalf_of="clinic"),
        shared(ana, "email_address", "counter", "count", "2025-03-01T12:00Z", on_behalf_of="clinic"),
        collected(ana, "gps_point", "2025-06-30T12:00Z", on_behalf_of="county"),
        collected(ana, "page_view", "2025-07-02T12:00Z", on_behalf_of="county"),
        collected(ana, "order_history", "2025-03-01T12:00Z", actor="card_company"),
        collected(
            ana, "medical_record_no", "2025-03-01T12:00Z", **exempt, claim_evidence="vault://agreement"
        ),
        collected(ana, "driver_license_no", "2025-03-01T12:00Z", **exempt),
    )

    answer = shop.answers(ana)

    assert {element for line in answer["collected"] for element in line["elements"]} == {
        "driver_license_no",
        "order_history",
        "page_view",
    }
    assert pairs(answer, "disclosed") == {("A", "RCP_DATA_ANALYTICS")}
    assert {each["code"]: each["count"] for each in answer["exclusions"]} == {
        "DN_SP_ROLE": 3,
        "DN_EXEMPT_HIPAA_PHI": 1,
    }
    assert [each["reason"] for each in answer["for_review"]] == ["EXEMPTION_WITHOUT_EVIDENCE"]
