"""Are the worlds of the gallery what they claim to be?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from galleries import Gallery

from gallery.__main__ import hang, index
from gallery.world import World
from gallery.worlds import WORLDS
from lineage.forms import Form
from lineage.policy.vocabulary import statute
from lineage.report import Audience
from lineage.report.canonical import canonical
from lineage.report.check import problems
from lineage.report.request import BLOCKS

Document = Mapping[str, Any]
Answers = Mapping[tuple[str, Audience], Document]

HANDLER, PERSON = Audience.HANDLER, Audience.PERSON
BY_NAME = {world.name: world for world in WORLDS}


@pytest.fixture(scope="module")
def answers(answered_in: Gallery) -> Answers:
    """The copies of every world."""
    return {
        (world.name, audience): document
        for world in WORLDS
        for audience, document in answered_in(world).documents.items()
    }


def lines(document: Document, block: str) -> list[dict[str, Any]]:
    found = document[block]
    return found if isinstance(found, list) else found.get("pairs", found.get("items"))


def all_lines(document: Document) -> list[dict[str, Any]]:
    return [line for block in BLOCKS for line in lines(document, block)]


def negatives(document: Document) -> set[str]:
    """The blocks of which it is said that there is nothing."""
    return {each["block"] for each in document["statements"] if each["code"] == "NONE"}


def gaps(document: Document) -> set[str]:
    return {each["reason"] for each in document["coverage"]["gaps"]}


def test_each_world_has_a_name_and_a_sentence_of_its_own() -> None:
    assert len(BY_NAME) == len({world.about for world in WORLDS}) == len(WORLDS) >= 12
    assert all(world.about.endswith(".") for world in WORLDS)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("world", BY_NAME)
def test_every_copy_may_go_to_whom_it_is_for(answers: Answers, world: str, audience: Audience) -> None:
    assert problems(answers[world, audience], audience) == []


@pytest.mark.parametrize("world", [BY_NAME["ordinary"], BY_NAME["gaps"]], ids=lambda world: world.name)
def test_the_same_world_makes_the_same_bytes_again(answers: Answers, world: World) -> None:
    again = world.answered().documents

    assert {each: canonical(again[each]) for each in Audience} == {
        each: canonical(answers[world.name, each]) for each in Audience
    }


def test_only_what_is_unready_may_not_go_out(answers: Answers) -> None:
    assert {name for (name, audience) in answers if audience is PERSON} == set(BY_NAME)
    assert {name for name in BY_NAME if not answers[name, PERSON]["for_release"]} == {"unready"}


def test_where_nothing_is_held_all_of_it_is_denied_aloud(answers: Answers) -> None:
    document = answers["nothing_held", PERSON]

    assert document["coverage"]["complete"]
    assert all_lines(document) == []
    assert negatives(document) == set(BLOCKS)


def test_where_everything_is_sold_each_category_is_and_nothing_is_denied(answers: Answers) -> None:
    document = answers["everything_sold", PERSON]
    sold = lines(document, "sold_or_shared")

    assert {line["category"] for line in lines(document, "collected")} == set(statute().categories)
    assert {line["category"] for line in sold if "SALE" in line["kinds"]} == set(statute().categories)
    assert "SHARE" in {kind for line in sold for kind in line["kinds"]}
    assert negatives(document) == set()


def test_all_that_is_told_of_somebody_under_16_is_sensitive(answers: Answers) -> None:
    collected = lines(answers["under_16", PERSON], "collected")

    assert collected
    assert all("SPI_UNDER16" in {each["id"] for each in line["sensitive"]} for line in collected)


def test_the_gaps_are_of_every_kind_that_can_stand_beside_each_other(answers: Answers) -> None:
    found = gaps(answers["gaps", PERSON])

    assert found == {
        *("LAG", "SEQUENCE", "SILENT", "UNPUBLISHED_SYSTEM", "PARKED", "LINK_UNSURE", "HOLDING_UNKNOWN")
    }
    assert negatives(answers["gaps", PERSON]) == set()


def test_records_that_begin_inside_the_period_say_so_and_older_data_is_named(answers: Answers) -> None:
    document = answers["before_the_records", PERSON]

    assert {"RECORDS_START", "OLDER_DATA"} <= {each["code"] for each in document["statements"]}
    assert "date_of_birth" in document["held_collected_earlier"]


def test_whoever_is_not_verified_enough_gets_no_pieces(answers: Answers) -> None:
    document = answers["denied_pieces", PERSON]

    assert document["block_status"] == {**dict.fromkeys(BLOCKS, "answered"), "pieces": "denied"}
    assert lines(document, "collected")
    assert lines(document, "pieces") == []


@pytest.mark.parametrize("world", ["unverified", "not_californian"])
def test_whom_nothing_is_told_gets_the_reason(answers: Answers, world: str) -> None:
    document = answers[world, PERSON]

    assert set(document["block_status"].values()) == {"denied"}
    assert all_lines(document) == []
    assert {each["block"] for each in document["denials"]} == set(BLOCKS)
    assert all_lines(answers[world, HANDLER])


def test_what_the_law_forbids_to_show_is_named(answers: Answers) -> None:
    document = answers["withheld", PERSON]
    withheld = {line["withheld"] for line in lines(document, "pieces")} - {None}

    assert withheld >= {code for code in statute().withhold if code.startswith("WH_")}
    assert "DN_TRADE_SECRET" in withheld
    assert document["not_searched"]
    assert document["pieces"]["attachment"]


def test_what_was_erased_is_admitted_and_what_was_deleted_is_told(answers: Answers) -> None:
    assert gaps(answers["erased", PERSON]) == {"ERASED"}
    assert {line["held"] for line in lines(answers["vaulted", PERSON], "collected")} == {"DELETED"}
    assert lines(answers["vaulted", PERSON], "pieces") == []


def test_of_a_customers_patient_nothing_is_told_and_nothing_is_hinted(answers: Answers) -> None:
    document, nothing = answers["processor_only", PERSON], answers["nothing_held", PERSON]

    assert all_lines(document) == []
    assert "DN_SP_ROLE" in {each["code"] for each in answers["processor_only", HANDLER]["exclusions"]}
    assert {key for key in document if document[key] != nothing[key]} == {
        "answer_digest",
        "digest",
        "request",
    }
    assert {key for key, value in document["request"].items() if value != nothing["request"][key]} == {
        *("id", "residency")
    }


def test_each_ground_of_leaving_out_is_named_once(answers: Answers) -> None:
    assert {each["code"] for each in answers["excluded", PERSON]["exclusions"]} == {
        *("DN_HOUSEHOLD", "DN_EXEMPT_HIPAA_PHI", "DN_EXEMPT_PUBLIC", "DN_EXEMPT_DEIDENTIFIED")
    }


def test_a_refused_period_has_its_facts_and_the_twelve_months(answers: Answers) -> None:
    document = answers["refused_period", PERSON]

    assert document["window"]["basis"] == "twelve_months"
    assert "tapes" in document["window"]["refusal"]["facts"]
    assert "order_history" in {each for line in lines(document, "collected") for each in line["elements"]}
    assert document["held_collected_earlier"]


def test_what_is_under_an_order_of_silence_is_the_handlers_alone(answers: Answers) -> None:
    handlers, persons = answers["unready", HANDLER], answers["unready", PERSON]
    under_order = {line["recipient_category"] for line in handlers["under_order"]}

    assert under_order == {"RCP_GOVERNMENT"}
    assert handlers["for_review"]
    assert "UNKNOWN_WORD" in gaps(handlers)
    assert persons["under_order"] == []
    assert "RCP_GOVERNMENT" not in str(persons)
    assert "LEGAL_OR_GOV" not in str(persons)


def test_what_is_very_long_has_more_than_150_lines_of_years(answers: Answers) -> None:
    document = answers["very_long", PERSON]

    assert document["window"]["basis"] == "everything"
    assert len(all_lines(document)) > 150
    assert min(line["first"] for line in lines(document, "collected")) < "2023"


def test_what_hangs_in_the_gallery_is_on_its_page_and_takes_the_place_of_what_hung_there(
    tmp_path: Path,
) -> None:
    world = BY_NAME["unverified"]
    hang(world, tmp_path, [Form.CSV, Form.TEXT], None)
    hang(world, tmp_path, [Form.TEXT], None)

    hung = {file.name for file in (tmp_path / world.name).iterdir()}
    page = index(tmp_path).read_text(encoding="utf-8")

    assert hung == {f"{audience}.en.{ending}" for audience in Audience for ending in ("json", "txt")}
    assert all(f'href="{world.name}/{file}"' in page for file in hung)
    assert world.about in page
