"""Which report must not leave the house?

Every case takes a report that the product made, changes one thing, seals it again, and names what is refused.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from business import Business
from click.testing import CliRunner
from resealed import again

from lineage.cli.exits import exit_code
from lineage.cli.report_group import command
from lineage.errors import Refused
from lineage.events import Consideration
from lineage.policy.vocabulary import statute
from lineage.report import sentences
from lineage.report.canonical import canonical
from lineage.report.check import NotInOrder, audience_of, in_order, problems
from lineage.report.gate import released
from lineage.report.refusal import is_explained
from lineage.report.request import BLOCKS, Audience, Verification

Document = dict[str, Any]
Change = Callable[[Document], object]


@pytest.fixture(scope="module")
def of_a_customer(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The handler's copy about somebody whose data were sold, disclosed and kept. Nothing is missing."""
    business = Business(tmp_path_factory.mktemp("customer"))
    business.collects("email_address", "2026-01-10T12:00Z", purposes=("service",), held_in="crm:a1")
    business.collects("ssn", "2026-01-11T12:00Z", purposes=("service",), held_in="crm:a1")
    business.collects("gps_point", "2026-01-12T12:00Z", purposes=("service",))
    business.shares("email_address", "R_BROKER", "service", consideration=Consideration.MONEY)
    business.shares("gps_point", "R_PAY", "payment")
    made = business.answer()
    business.close()
    return made


@pytest.fixture(scope="module")
def of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The handler's copy about somebody of whom nothing is known."""
    business = Business(tmp_path_factory.mktemp("nobody"))
    made = business.answer()
    business.close()
    return made


@pytest.fixture(scope="module")
def persons(of_a_customer: Document) -> Document:
    """The person's copy of the same, released in a case at the highest level."""
    return released(of_a_customer, Verification.V2_HIGH, audience=Audience.PERSON, case_id="CASE-7")


def changed(document: Document, change: Change) -> Document:
    copy = deepcopy(document)
    change(copy)
    return again(copy)


def named(document: object, **how: Any) -> set[tuple[str, str]]:
    return {(each.path, each.rule) for each in problems(document, **how)}


def test_reports_as_they_are_made_pass(
    of_a_customer: Document, of_nobody: Document, persons: Document
) -> None:
    assert of_a_customer["sold_or_shared"]["pairs"]
    assert of_a_customer["disclosed"]["pairs"]
    assert [problems(each) for each in (of_a_customer, of_nobody, persons)] == [[], [], []]


@pytest.mark.parametrize("level", Verification)
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("blocks", [BLOCKS, ("pieces",), ("sold_or_shared",), ("disclosed", "sources")])
def test_every_copy_that_the_gate_lets_out_passes(
    of_a_customer: Document, level: Verification, audience: Audience, blocks: tuple[str, ...]
) -> None:
    for case in (None, "CASE-7"):
        copy = released(of_a_customer, level, blocks, audience, case_id=case)

        assert problems(copy, audience) == []
        assert audience_of(copy) is audience


def test_a_report_tells_whose_copy_it_is(of_a_customer: Document, persons: Document) -> None:
    assert audience_of(of_a_customer) is Audience.HANDLER
    assert audience_of(persons) is Audience.PERSON


def test_a_handlers_copy_is_refused_as_a_persons(of_a_customer: Document) -> None:
    found = {where for where, _ in named(of_a_customer, audience=Audience.PERSON)}

    assert {"$.subject.token", "$.positions", "$.collected[0].evidence"} <= found
    assert any(where.endswith(".held_in") for where in found)


def put(*steps: str | int, value: object) -> Change:
    """Puts a value at a place of the report."""

    def change(document: Document) -> None:
        place: Any = document
        for step in steps[:-1]:
            place = place[step]
        place[steps[-1]] = value

    return change


def without(*steps: str) -> Change:
    def change(document: Document) -> None:
        place: Any = document
        for step in steps[:-1]:
            place = place[step]
        del place[steps[-1]]

    return change


def says(code: str, block: str | None, statement: str) -> Change:
    return lambda document: document["statements"].append(
        {"code": code, "block": block, "statement": statement}
    )


def as_one_table(document: Document) -> None:
    document["disclosures"] = [*document.pop("sold_or_shared")["pairs"], *document["disclosed"]["pairs"]]


def as_a_silent_sale(document: Document) -> None:
    document["sold_or_shared"] = {"pairs": [], "statement": "NONE"}
    document["statements"].append(
        {"code": "NONE", "block": "sold_or_shared", "statement": sentences.negative("sold_or_shared")}
    )


def as_a_provider_in_the_list_of_sales(document: Document) -> None:
    [provider] = [p for p in document["disclosed"]["pairs"] if p["kinds"] == ["BP_SERVICE_PROVIDER"]]
    document["sold_or_shared"]["pairs"].append(provider)


def as_withheld_yet_shown(document: Document) -> None:
    [item] = [each for each in document["pieces"]["items"] if each["element"] == "ssn"]
    item |= {"show": True, "withheld": None, "statement": None}


def as_withheld_by_no_words(document: Document) -> None:
    [item] = [each for each in document["pieces"]["items"] if each["element"] == "ssn"]
    item["statement"] = "Something is held."


def with_a_refusal(reason: str, facts: str | None) -> Change:
    return put("window", "refusal", value={"reason": reason, "facts": facts})


ALSO = "Orders before March 2023 lie on tapes in a depot; reading one takes a technician six hours."

REFUSED: dict[str, tuple[Change, str, str]] = {
    "a line under an order that is no pair": (
        put("under_order", value=[{"category": ["x"]}]),
        "$.under_order[0].category",
        "design 7",
    ),
    "something to review that is no event": (
        put("for_review", value=[{"event_id": "crm:a1", "reason": "x"}]),
        "$.for_review[0].event_id",
        "design 7",
    ),
    "a list of reviews that is none": (put("for_review", value=3), "$.for_review", "design 7"),
    "k12: one table of all disclosures": (as_one_table, "$.disclosures", "K-12"),
    "k12: no list of sales": (without("sold_or_shared"), "$.sold_or_shared", "K-12"),
    "k12: a provider among the sales": (
        as_a_provider_in_the_list_of_sales,
        "$.sold_or_shared.pairs[",
        "K-12",
    ),
    "k12: a sale among the disclosures alone": (as_a_silent_sale, "$.disclosed.pairs[0].kinds", "K-12"),
    "k13: the privacy policy instead of a list": (
        put("collected", value="Please see our privacy policy."),
        "$.collected",
        "K-13",
    ),
    "k13: the privacy policy beside a list": (
        says("MORE", "collected", "What we collect is in our Privacy Notice."),
        "$.statements[",
        "K-13",
    ),
    "k14: a category in other words": (
        put("collected", 0, "statutory_name", value="Contact details"),
        "$.collected[0].statutory_name",
        "K-14",
    ),
    "k14: a category that the statute lacks": (
        put("collected", 0, "category", value="PI_L_SENSITIVE"),
        "$.collected[",
        "K-14",
    ),
    "a group of recipients in other words": (
        put("disclosed", "pairs", 0, "recipient_wording", value="Friends of ours"),
        "$.disclosed.pairs[0].recipient_wording",
        "R 7001",
    ),
    "none beside lines": (
        put("block_statements", "collected", value="NONE"),
        "$.block_statements.collected",
        "rulings 36",
    ),
    "complete beside a gap": (
        put(
            "coverage",
            "gaps",
            value=[{"reason": "PARKED", "producer": None, "system": None, "from": None, "to": None}],
        ),
        "$.coverage.complete",
        "rulings 36",
    ),
    "complete, though read too early": (
        put("as_of", value="2026-06-14T00:00:00.000000Z"),
        "$.coverage.complete",
        "rulings 8",
    ),
    "incomplete without a word": (
        put("coverage", "complete", value=False),
        "$.block_statements.collected",
        "rulings 36",
    ),
    "a window a day short": (
        put("window", "from", value="2025-06-16T07:00:00.000000Z"),
        "$.window.from",
        "law A.7",
    ),
    "a window in another zone's days": (
        put("window", "time_zone", value="America/New_York"),
        "$.window.from",
        "law A.7",
    ),
    "a window that ends before receipt": (
        put("window", "to", value="2026-06-15T16:59:59.000000Z"),
        "$.window.to",
        "law A.7",
    ),
    "a range from before 2022": (
        lambda document: document["window"].update({"basis": "range", "from": "2021-12-31T08:00:00.000000Z"}),
        "$.window.from",
        "R 7020",
    ),
    "everything, but from 2023": (
        lambda document: document["window"].update(
            {"basis": "everything", "from": "2023-01-01T08:00:00.000000Z"}
        ),
        "$.window.from",
        "R 7020",
    ),
    "w12: a bare assertion": (
        with_a_refusal("DISPROPORTIONATE", "disproportionate effort"),
        "$.window.refusal.facts",
        "W-12",
    ),
    "w12: no facts": (with_a_refusal("IMPOSSIBLE", None), "$.window.refusal.facts", "W-12"),
    "w12: a reason the law lacks": (with_a_refusal("TOO_OLD", ALSO), "$.window.refusal.reason", "W-12"),
    "an instant without its digits": (put("as_of", value="2029-01-01T00:00:00Z"), "$.as_of", "design 7"),
    "an instant of no calendar": (
        put("as_of", value="2029-02-30T00:00:00.000000Z"),
        "$.as_of",
        "design 7",
    ),
    "a line outside the window": (
        put("collected", 0, "first", value="2024-01-10T12:00:00.000000Z"),
        "$.collected[0].first",
        "rulings 5",
    ),
    "a withheld piece shown": (as_withheld_yet_shown, "$.pieces.items[", "law A.8"),
    "a withheld piece without the right words": (as_withheld_by_no_words, "$.pieces.items[", "law A.8"),
    "a value in a piece": (
        put("pieces", "items", 0, "value", value="ana@example.com"),
        "$.pieces.items[0].value",
        "design 7",
    ),
    "for release without a case": (put("for_release", value=True), "$.for_release", "design 7"),
    "categories for somebody not verified": (
        put("block_status", "collected", value="answered"),
        "$.block_status",
        "R 7024(b)",
    ),
    "a value among the elements": (
        put("collected", 0, "elements", 0, value="ana@example.com"),
        "$.collected[0].elements[0]",
        "design 7",
    ),
    "a handler's copy for release": (
        lambda document: (document.update(for_release=True), document["request"].update(id="CASE-7")),
        "$.for_release",
        "design 7",
    ),
    "no stamp, though there is no case": (put("statements", value=[]), "$.statements", "design 7"),
    "older data that nobody is told of": (
        put("held_collected_earlier", value=["full_name"]),
        "$.statements",
        "law A.7",
    ),
    "a denial without a reason": (put("denials", value=[]), "$.denials", "R 7024(e)"),
    "a line without events": (
        put("collected", 0, "evidence", value=None),
        "$.collected[0].evidence",
        "design 7",
    ),
    "evidence of other events": (
        put("collected", 0, "evidence", "digest", value="0" * 64),
        "$.collected[0].evidence.digest",
        "design 7",
    ),
    "more ids than events": (
        put("collected", 0, "evidence", "count", value=99),
        "$.collected[0].evidence.count",
        "rulings 34",
    ),
    "a key that is missing": (without("regime"), "$.regime", "design 7"),
    "two lines for one category": (
        lambda document: document["collected"].append(document["collected"][0]),
        "$.collected",
        "design 7",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused_by_place_and_rule(what: str, of_a_customer: Document) -> None:
    change, where, rule = REFUSED[what]

    found = problems(changed(of_a_customer, change))

    assert [each for each in found if each.path.startswith(where) and each.rule.startswith(rule)], found


LEAKS: dict[str, tuple[Change, str]] = {
    "a token": (put("subject", "token", value=str(uuid4())), "$.subject.token"),
    "linked tokens": (put("subject", "linked", value=[str(uuid4())]), "$.subject.linked"),
    "positions": (put("positions", value={"t/0": 4}), "$.positions"),
    "a pointer": (put("pieces", "items", 0, "held_in", value=["crm:a1"]), "$.pieces.items[0].held_in"),
    "a pointer elsewhere": (says("HINT", None, "crm:contacts/17"), "$.statements["),
    "an event id in words": (says("HINT", None, f"Event {uuid4()} was left out."), "$.statements["),
    "a disclosure under an order of silence": (put("under_order", value=[{"x": 1}]), "$.under_order"),
    "what a handler has to review": (put("for_review", value=[{"reason": "x"}]), "$.for_review"),
    "a count of exclusions": (
        put("exclusions", value=[{"code": "HIPAA_PHI", "count": 3, "statement": "Exempt."}]),
        "$.exclusions[0].count",
    ),
    "a customer's file": (
        put("exclusions", value=[{"code": "CUSTOMER", "statement": "Asked of another."}]),
        "$.exclusions[0].code",
    ),
    "a silence that hints at a customer's file": (
        lambda document: document["statements"].clear(),
        "$.statements",
    ),
    "a block that was denied": (put("block_status", "sources", value="denied"), "$.sources"),
}


@pytest.mark.parametrize("what", LEAKS)
def test_a_persons_copy_never_holds(what: str, persons: Document) -> None:
    change, where = LEAKS[what]

    found = problems(changed(persons, change))

    assert [each for each in found if each.path.startswith(where)], found


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (put("sold_or_shared", "pairs", 0, "unreviewed", value=True), "DD-20"),
        (put("collected", 0, "category", value="UNMAPPED"), "rulings 14"),
    ],
)
def test_what_a_person_has_to_look_at_first_is_not_for_release(
    change: Change, rule: str, persons: Document
) -> None:
    assert persons["for_release"]
    assert ("$.for_release", rule) in named(changed(persons, change))


def test_a_producer_named_in_a_persons_gap_is_refused(persons: Document) -> None:
    gap = {"reason": "SILENT", "producer": "shop", "system": None, "from": None, "to": None}
    told = changed(persons, put("coverage", value={"from": None, "complete": False, "gaps": [gap]}))

    assert "$.coverage.gaps[0].producer" in {where for where, _ in named(told)}


def test_an_unverified_person_is_told_no_gap_and_no_line(of_nobody: Document) -> None:
    silent = released(of_nobody, Verification.V0_NONE, audience=Audience.PERSON)
    gap = {"reason": "NO_MATCH", "producer": None, "system": None, "from": None, "to": None}

    assert named(silent) == set()
    assert named(changed(silent, put("coverage", "gaps", value=[gap]))) == {("$.coverage.gaps", "rulings 35")}


@pytest.mark.parametrize("block", sorted(sentences.NEGATIVE))
def test_a_negative_needs_complete_records(block: str, of_nobody: Document) -> None:
    place = (block, "statement") if block in ("sold_or_shared", "disclosed") else ("block_statements", block)

    found = named(changed(of_nobody, put(*place, value="NONE")))

    assert (f"$.{'.'.join(place)}", "rulings 36") in found


def test_a_negative_in_words_alone_is_refused(of_nobody: Document) -> None:
    told = changed(of_nobody, says("ALL_WELL", None, sentences.negative("sold_or_shared")))

    assert [rule for where, rule in named(told) if where.startswith("$.statements[")] == ["rulings 36"]


def test_a_negative_ends_with_the_fixed_sentence(of_a_customer: Document) -> None:
    def nothing_sold(document: Document) -> None:
        document["sold_or_shared"] = {"pairs": [], "statement": "NONE"}
        document["disclosed"]["pairs"] = [
            p for p in document["disclosed"]["pairs"] if "SALE" not in p["kinds"]
        ]
        document["statements"].append(
            {"code": "NONE", "block": "sold_or_shared", "statement": sentences.NEGATIVE["sold_or_shared"]}
        )

    assert ("$.statements", "design 7") in named(changed(of_a_customer, nothing_sold))


def test_an_unverified_person_may_be_pointed_to_the_privacy_policy(of_a_customer: Document) -> None:
    assert "privacy policy" in of_a_customer["denials"][0]["statement"]
    assert not problems(of_a_customer)


def test_pointing_elsewhere_is_allowed_once_the_answer_is_proven_the_same_for_everybody(
    of_a_customer: Document,
) -> None:
    def proven(document: Document) -> None:
        says("MORE", "collected", "See our privacy policy.")(document)
        document["same_for_everybody"] = {"who": "privacy counsel", "when": "2026-05-01"}

    assert problems(changed(of_a_customer, proven)) == []


def test_a_refusal_with_facts_passes(of_a_customer: Document) -> None:
    assert problems(changed(of_a_customer, with_a_refusal("DISPROPORTIONATE", ALSO))) == []


@pytest.mark.parametrize(
    "facts",
    [
        "",
        "Disproportionate effort.",
        "It is impossible for us to comply with this request.",
        "The cost would clearly outweigh the benefit to the consumer and is therefore unreasonable.",
    ],
)
def test_the_words_of_the_law_alone_explain_nothing(facts: str) -> None:
    assert not is_explained(facts)


def test_a_report_that_came_out_wrong_is_not_given_out_and_a_person_has_to_decide(
    of_a_customer: Document,
) -> None:
    wrong = changed(of_a_customer, put("collected", 0, "statutory_name", value="Details of Ana"))

    with pytest.raises(NotInOrder, match=r"\$\.collected\[0\]\.statutory_name") as stopped:
        in_order(wrong, Audience.HANDLER)

    assert exit_code(stopped.value) == 3
    assert "Ana" not in str(stopped.value)
    assert in_order(of_a_customer, Audience.HANDLER) == of_a_customer


@pytest.mark.parametrize("code", ["WH_GOV_ID", "WH_PASSWORD"])
def test_a_policy_may_withhold_a_piece_by_another_code_of_the_law(of_a_customer: Document, code: str) -> None:
    def otherwise(document: Document) -> None:
        for item in document["pieces"]["items"]:
            if item["element"] == "ssn":
                item |= {"withheld": code, "statement": statute().withhold[code]}

    assert problems(changed(of_a_customer, otherwise)) == []


def test_a_changed_report_does_not_fit_its_digests(of_a_customer: Document) -> None:
    forged = deepcopy(of_a_customer)
    forged["provisional"] = not forged["provisional"]

    assert named(forged) == {("$.answer_digest", "design 7"), ("$.digest", "design 7")}


def test_a_fraction_is_refused(of_a_customer: Document) -> None:
    forged = deepcopy(of_a_customer)
    forged["collected"][0]["events"] = 1.5

    assert named(forged) == {("$.collected[0].events", "RFC 8785")}


def test_half_a_character_is_refused_beside_whatever_else_is_wrong(of_a_customer: Document) -> None:
    forged = deepcopy(of_a_customer)
    forged["collected"][0]["statutory_name"] = "\ud800"
    forged["collected"][0]["recipient_category"] = "RCP_PAYMENT"

    assert {where for where, _ in named(forged)} == {"$.collected", "$.collected[0].statutory_name"}


def test_a_list_out_of_order_is_refused(of_a_customer: Document) -> None:
    shuffled = deepcopy(of_a_customer)
    shuffled["collected"].reverse()

    assert ("$.collected", "rulings 10") in named(shuffled)


def test_a_range_and_a_bare_day_are_reckoned_in_the_time_zone(of_a_customer: Document) -> None:
    def by_day(document: Document) -> None:
        document["request"]["received_at"] = "2026-06-15"
        document["window"] |= {
            "basis": "range",
            "from": "2024-03-01T08:00:00.000000Z",
            "to": "2026-06-16T07:00:00.000000Z",
        }

    assert problems(changed(of_a_customer, by_day)) == []


@pytest.mark.parametrize("what", [[], "x", None, {}, {"stopped": "TWO_ACCOUNTS"}, {"schema": "ccpa.know/1"}])
def test_what_is_no_answer_is_refused(what: object) -> None:
    assert problems(what)


def test_no_problem_repeats_a_value(persons: Document) -> None:
    poisoned = changed(persons, put("ana.poisoned@example.com", value={"recipient_category": "poisoned"}))
    poisoned["window"]["time_zone"] = poisoned["as_of"] = "poisoned"

    found = problems(poisoned)

    assert found
    assert "poisoned" not in " ".join(map(str, found))


def test_the_command_names_each_problem_and_ends_with_1(tmp_path: Path, of_a_customer: Document) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(canonical(of_a_customer))
    bad.write_bytes(canonical(changed(of_a_customer, put("for_release", value=True))))

    run = CliRunner().invoke(command, ["check", str(good), str(bad)])

    assert isinstance(run.exception, Refused)
    assert exit_code(run.exception) == 1
    assert f"{good}: in order" in run.output
    assert f"{bad}: $.for_release" in run.output
    listed = CliRunner().invoke(command, ["check", "--format", "json", str(good)])
    assert (listed.exit_code, json.loads(listed.output)) == (0, [])


def test_a_file_that_is_no_document_is_refused(tmp_path: Path) -> None:
    twice = tmp_path / "twice.json"
    twice.write_text('{"schema": "ccpa.know/1", "schema": "ccpa.know/1"}')

    run = CliRunner().invoke(command, ["check", str(twice)])

    assert isinstance(run.exception, Refused)
    assert "every key once" in str(run.exception)


def test_the_answer_itself_still_begins_with_the_subject() -> None:
    without_receipt = CliRunner().invoke(command, ["account:42", "-o", "answer.json"])

    assert without_receipt.exit_code == 2
    assert "--received" in without_receipt.output
    helped = CliRunner().invoke(command, ["--help"]).output
    assert "SUBJECT" in helped
    assert "check" in helped
