"""What must hold for any dated list, and for any text given as a policy?"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.errors import PolicyError
from lineage.policy import parse
from lineage.policy.dated import Dated, Span, cut_into, split, where_both
from lineage.policy.tables import boundaries

DAY_ZERO = datetime(2024, 1, 1, tzinfo=UTC)
instants = st.integers(0, 40).map(lambda days: DAY_ZERO + timedelta(days=days))


@st.composite
def dated(draw: st.DrawFn, values: st.SearchStrategy[object]) -> list[tuple[Span, object]]:
    """Pieces that do not overlap, in any order, with gaps and open ends."""
    edges = sorted(draw(st.sets(instants, min_size=2, max_size=8)))
    bounds: list[datetime | None] = [*edges]
    if draw(st.booleans()):
        bounds.insert(0, None)
    if draw(st.booleans()):
        bounds.append(None)
    spans = [Span(since, until) for since, until in pairwise(bounds)]
    kept = [(span, draw(values)) for span in spans if draw(st.booleans())]
    return draw(st.permutations(kept))


def naive(pieces: list[tuple[Span, object]], instant: datetime) -> list[object]:
    """By the words of the rule: from <= instant < until, an absent bound is open."""
    return [
        value
        for span, value in pieces
        if (span.since is None or not instant < span.since) and (span.until is None or instant < span.until)
    ]


@given(dated(st.integers(0, 3)), instants)
def test_the_value_at_an_instant_is_the_one_whose_span_holds_it(
    pieces: list[tuple[Span, object]], instant: datetime
) -> None:
    expected = naive(pieces, instant)
    assert cut_into(pieces).at(instant) == (expected[0] if expected else None)


@given(dated(st.booleans()), dated(st.booleans()), instants)
def test_control_and_brand_hold_together_exactly_where_both_hold(
    control: list[tuple[Span, bool]], brand: list[tuple[Span, bool]], instant: datetime
) -> None:
    both = any(span.holds(instant) for span in where_both(cut_into(control), cut_into(brand)))
    assert both == (naive(control, instant) == [True] and naive(brand, instant) == [True])


spans = st.sampled_from(
    [Span(), Span(DAY_ZERO + timedelta(days=5)), Span(None, DAY_ZERO + timedelta(days=20))]
)


@given(spans, st.lists(instants, max_size=6), instants)
def test_a_span_that_is_cut_is_still_the_same_span(
    span: Span, cuts: list[datetime], instant: datetime
) -> None:
    assert sum(piece.holds(instant) for piece in split(span, cuts)) == span.holds(instant)


@given(dated(st.sampled_from(["SRC_PUBLIC", "SRC_EVENT"])), instants)
def test_a_dated_list_read_from_a_file_means_what_it_says(
    pieces: list[tuple[Span, str]], instant: datetime
) -> None:
    lines = ["sources:", "  S:", "    category:"]
    for span, value in pieces:
        bounds = [("from", span.since), ("until", span.until)]
        said = [f"{key}: {at.isoformat()}" for key, at in bounds if at]
        lines.append(f"      - {{{', '.join([*said, f'value: {value}'])}}}")
    policy = parse({"business.yaml": "name: X\n", "parties.yaml": "\n".join(lines)})
    category: Dated[str] = policy.parties.sources["S"].category
    assert category.at(instant) == next(iter(naive(pieces, instant)), None)
    assert boundaries(policy) == sorted({bound for span, _ in pieces for bound in span.bounds()})


WORDS = st.sampled_from(
    ["name: X\n", "systems:\n", "  web: {publishes: true}\n", "  - ", "[", "]", "{", "}", ": ", "\n", "&a ",
     "*a ", "<<: ", "purposes:\n", "  P:\n", "    statutory: ", "from: 2025-01-01", "!!x ", "'", '"', "#",
     "\t", "é", "~"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=14).map("".join), st.lists(WORDS, max_size=14).map("".join))
def test_any_text_is_a_policy_or_a_policy_error(business: str, purposes: str) -> None:
    files = {"business.yaml": business, "purposes.yaml": purposes}
    policy, told = None, ""
    try:
        policy = parse(files)
    except PolicyError as error:
        told = str(error)
    assert all(line.split(":")[0] in files for line in told.splitlines())
    assert policy is None or parse(policy.files) == policy
