"""What goes out, to whom? (law.md A.10, D.6; rulings.md 35, 42)"""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from business import Business
from documents import COUNT, HIDDEN, a_document, documents, tokens
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.errors import Refused
from lineage.report.canonical import canonical, sealed
from lineage.report.denials import ground
from lineage.report.gate import released
from lineage.report.release import why_not
from lineage.report.request import BLOCKS, CATEGORY_BLOCKS, Audience, Verification

V0, V1, V2, ACCOUNT = Verification
CASE = str(uuid4())

asked_blocks = st.lists(st.sampled_from(BLOCKS), min_size=1, unique=True)
cases = st.none() | st.just(CASE)


def for_person(document: dict[str, Any], level: Verification, *blocks: str, case: str | None = CASE) -> Any:
    return released(document, level, blocks or BLOCKS, Audience.PERSON, case)


def content(document: dict[str, Any], block: str) -> list[Any]:
    """The entries of a block."""
    found = document[block]
    if isinstance(found, dict):
        return found.get("pairs", found.get("items"))
    return found


def said(document: dict[str, Any], block: str) -> str | None:
    return (
        document["block_statements"][block]
        if block in document["block_statements"]
        else document[block]["statement"]
    )


def as_another(document: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return sealed({key: value for key, value in (document | changed).items() if not key.endswith("digest")})


@settings(max_examples=50)
@given(documents(), st.sampled_from(Verification), asked_blocks, cases)
def test_the_persons_copy_holds_nothing_that_is_the_handlers_alone(document, level, blocks, case):
    text = canonical(for_person(document, level, *blocks, case=case)).decode()

    assert HIDDEN not in text
    assert str(COUNT) not in text
    assert not any(str(token) in text for token in tokens(document))


@settings(max_examples=50)
@given(documents(), documents(), st.sampled_from([CASE, None]), asked_blocks)
def test_below_v1_the_copy_of_anybody_is_the_copy_of_everybody(one, other, case, blocks):
    assert for_person(one, V0, *blocks, case=case) == for_person(other, V0, *blocks, case=case)


@settings(max_examples=50)
@given(documents(), st.sampled_from(Verification), st.integers(1, 9))
def test_data_handled_for_a_customer_leaves_no_trace(document, level, count):
    hidden = {"code": "DN_SP_ROLE", "count": count, "statement": "of a customer"}
    with_customer = as_another(document, exclusions=[*document["exclusions"], hidden])

    assert for_person(with_customer, level) == for_person(document, level)


@settings(max_examples=50)
@given(documents(), st.sampled_from(Verification))
def test_what_stands_under_an_order_leaves_no_trace(document, level):
    assert for_person(as_another(document, under_order=[]), level) == for_person(document, level)


@settings(max_examples=50)
@given(documents(), st.sampled_from(Verification), asked_blocks, st.sampled_from(Audience))
def test_a_block_that_is_not_released_is_empty_and_says_nothing(document, level, blocks, audience):
    copy = released(document, level, blocks, audience, CASE)
    hidden = {
        block
        for block, status in copy["block_status"].items()
        if status == "not_requested" or (status == "denied" and audience is Audience.PERSON)
    }

    for block in BLOCKS:
        if block in hidden:
            assert content(copy, block) == []
            assert said(copy, block) is None
        else:
            assert len(content(copy, block)) == len(content(document, block))
            assert said(copy, block) == said(document, block)
    assert not {each["block"] for each in copy["statements"]} & hidden
    if "collected" in hidden:
        assert copy["held_collected_earlier"] == []
        assert "OLDER_DATA" not in {each["code"] for each in copy["statements"]}


@settings(max_examples=50)
@given(documents(), st.sampled_from(Verification), asked_blocks, st.sampled_from(Audience), cases)
def test_a_copy_is_sealed_and_passing_the_gate_twice_changes_nothing(document, level, blocks, audience, case):
    copy = released(document, level, blocks, audience, case)

    bare = {key: value for key, value in copy.items() if key != "digest"}
    assert copy["digest"] == sha256(canonical(bare)).hexdigest()
    assert released(copy, level, blocks, audience, case) == copy


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """A whole document with something in every block and no denial but for verification."""
    return a_document()


def denied(copy: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["block"]: (each["code"], each["basis"]) for each in copy["denials"]}


def test_v01_three_matches_and_a_declaration_release_the_pieces(document):
    copy = for_person(document, V2)

    assert set(copy["block_status"].values()) == {"answered"}
    assert copy["denials"] == []
    assert copy["pieces"]["items"]


def test_v03_one_match_releases_nothing_and_points_at_the_privacy_policy(document):
    copy = for_person(document, V0, "pieces")

    assert set(copy["block_status"].values()) == {"denied"}
    assert denied(copy) == {
        **dict.fromkeys(CATEGORY_BLOCKS, ("DN_UNVERIFIED", "R 7024(b)")),
        "pieces": ("DN_UNVERIFIED", "R 7024(a)"),
    }
    assert all("privacy policy" in each["statement"] for each in copy["denials"])


@pytest.mark.parametrize(
    ("code", "basis"), [("DN_FRAUD_SUSPECTED", "R 7061(b)"), ("DN_AGENT_NO_PROOF", "R 7063")]
)
def test_a_case_without_a_level_says_on_which_ground(document, code, basis):
    for audience in Audience:
        copy = released(document, V0, BLOCKS, audience, CASE, because=code)
        assert denied(copy) == dict.fromkeys(BLOCKS, (code, basis))
        assert released(copy, V0, BLOCKS, audience, CASE, because=code) == copy
    assert set(denied(released(document, V1, because=code)).values()) == {("DN_UNVERIFIED", "R 7024(a)")}


def test_at_v1_whoever_asked_for_pieces_gets_the_categories(document):
    copy = for_person(document, V1, "pieces")

    assert copy["block_status"] == {**dict.fromkeys(CATEGORY_BLOCKS, "answered"), "pieces": "denied"}
    assert denied(copy) == {"pieces": ("DN_UNVERIFIED", "R 7024(a)")}
    assert copy["collected"]


def test_an_account_that_was_opened_again_releases_all_that_was_asked(document):
    copy = for_person(document, ACCOUNT, "pieces")

    assert [block for block, status in copy["block_status"].items() if status == "answered"] == ["pieces"]
    assert copy["denials"] == []


def test_the_handler_reads_every_block_asked_for_and_what_the_person_would_get(document):
    copy = released(document, V0, ("sold_or_shared", "disclosed"))

    assert copy["sold_or_shared"] == document["sold_or_shared"]
    assert copy["coverage"] == document["coverage"]
    assert copy["block_status"]["disclosed"] == "denied"
    assert copy["block_status"]["collected"] == "not_requested"
    assert copy["for_review"]


def test_nothing_is_for_release_without_a_case(document):
    without, with_case = (for_person(document, V2, case=case) for case in (None, CASE))

    assert (without["for_release"], with_case["for_release"]) == (False, True)
    codes = [{each["code"] for each in copy["statements"]} for copy in (without, with_case)]
    assert ["NOT_FOR_RELEASE" in each for each in codes] == [True, False]
    assert (without["request"]["id"], with_case["request"]["id"]) == (None, CASE)
    assert not released(document, V2, case_id=CASE)["for_release"]


def test_a_word_that_the_policy_does_not_know_bars_the_release(document):
    gap = {"reason": "UNKNOWN_WORD", "producer": None, "system": None, "from": None, "to": None}
    coverage = document["coverage"] | {"gaps": [*document["coverage"]["gaps"], gap], "complete": False}

    assert not for_person(as_another(document, coverage=coverage), V2)["for_release"]


def an_unreviewed_sale(document):
    pair = document["sold_or_shared"]["pairs"][0] | {"unreviewed": True}
    return as_another(document, sold_or_shared=document["sold_or_shared"] | {"pairs": [pair]})


def codes(copy: dict[str, Any]) -> set[str]:
    return {each["code"] for each in copy["statements"]}


def test_dd20_what_nobody_has_reviewed_is_shown_and_bars_the_release(document):
    document = an_unreviewed_sale(document)
    copy, handlers = for_person(document, V2), released(document, V2, case_id=CASE)

    assert [pair["unreviewed"] for pair in copy["sold_or_shared"]["pairs"]] == [True]
    assert not copy["for_release"]
    assert "UNREVIEWED" not in codes(copy)
    assert "UNREVIEWED" in codes(handlers)
    assert why_not(copy) == ["A disclosure in it is unreviewed: somebody has to look at it first."]


def test_what_is_not_released_bars_nothing(document):
    document = an_unreviewed_sale(document)

    assert for_person(document, V2, "collected")["for_release"]
    assert for_person(document, V0)["for_release"]
    assert "UNREVIEWED" not in codes(released(document, V0, case_id=CASE))


@pytest.mark.parametrize(
    ("block", "word"),
    [("collected", "UNMAPPED"), ("sources", "SRC_UNKNOWN"), ("third_parties", "RCP_UNKNOWN")],
)
def test_a_word_without_a_category_of_the_law_bars_the_release(document, block, word):
    without = as_another(document, **{block: [document[block][0] | {"category": word}]})

    assert not for_person(without, V2)["for_release"]
    assert "UNKNOWN_WORD" in codes(released(without, V2, case_id=CASE))
    assert for_person(without, V2, "purposes")["for_release"]


def test_a_copy_that_is_for_release_is_asked_no_reason(document):
    assert why_not(for_person(document, V2)) == []
    assert why_not(for_person(document, V2, case=None)) == ["It was made without a verified request."]
    assert why_not(released(document, V2, case_id=CASE)) == ["It is the handler's copy."]


def test_another_ground_denies_the_block_whatever_the_level(document):
    reason = {"block": "pieces", "code": "DN_TRADE_SECRET", "basis": "§1798.100(f)", "statement": "s"}
    copy = for_person(as_another(document, denials=[reason]), V2)

    assert copy["block_status"]["pieces"] == "denied"
    assert copy["pieces"]["items"] == []
    assert copy["denials"] == [reason]


def test_exemptions_are_named_with_their_words_and_without_a_count(document):
    copy = for_person(document, V1)

    assert [each["code"] for each in copy["exclusions"]] == [each["code"] for each in document["exclusions"]]
    assert {each["count"] for each in copy["exclusions"]} == {None}
    assert all(each["statement"] for each in copy["exclusions"])


def test_a_report_names_the_one_it_adds_to_and_what_was_decided_till_then(document):
    earlier, desk = str(uuid4()), {"desk": 3}
    for audience in Audience:
        copy = released(document, V2, BLOCKS, audience, CASE, supplement_of=earlier, desk=desk)
        assert copy["request"]["supplement_of"] == earlier
        assert copy["positions"] == (document["positions"] | desk if audience is Audience.HANDLER else {})


def test_a_real_answer_keeps_its_shape_and_loses_what_is_the_handlers(tmp_path):
    business = Business(tmp_path)
    business.collects("email_address", "2026-01-01T00:00Z", system="shop", held_in="shop:17")
    document = business.answer()
    business.close()
    copy = for_person(document, V2)

    assert copy.keys() == document.keys() - {"for_review"}
    assert [each["category"] for each in copy["collected"]] == ["PI_A_IDENTIFIERS"]
    assert [each["element"] for each in copy["pieces"]["items"]] == ["email_address"]
    text = canonical(copy).decode()
    for hidden in (str(business.subject), "shop:17", document["collected"][0]["evidence"]["first"][0]):
        assert hidden in canonical(document).decode()
        assert hidden not in text


def test_a_stopped_answer_passes_as_it_is():
    assert for_person({"stopped": "TWO_ACCOUNTS"}, V2) == {"stopped": "TWO_ACCOUNTS"}


def test_every_ground_has_a_basis_and_one_sentence():
    assert ground("DN_DEL_EX3").basis == "§1798.105(d)"
    assert ground("DN_EXEMPT_HIPAA_PHI").statement.count(".") == 1
    with pytest.raises(Refused, match="no such reason"):
        ground("DN_WHIM")
