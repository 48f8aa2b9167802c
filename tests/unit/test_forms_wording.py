"""How are days, numbers and names said to a reader of each language?"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.errors import Refused
from lineage.forms.parts import Said
from lineage.forms.wording import Wording, plain
from lineage.words import english, languages, words

LOS_ANGELES = "America/Los_Angeles"
ZONES = st.sampled_from([LOS_ANGELES, "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"])
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture
def english_words() -> Wording:
    return Wording("en", LOS_ANGELES)


@pytest.fixture
def spanish_words() -> Wording:
    return Wording("es", LOS_ANGELES)


@pytest.mark.parametrize(
    ("instant", "in_english", "in_spanish"),
    [
        ("2026-01-01T07:59:59.999999Z", "Dec 31, 2025", "31 dic 2025"),
        ("2026-01-01T08:00:00.000000Z", "Jan 1, 2026", "1 ene 2026"),
        ("2024-02-29T20:00:00.000000Z", "Feb 29, 2024", "29 feb 2024"),
    ],
    ids=["the last instant of a year", "the first of the next", "a leap day"],
)
def test_a_day_is_told_as_it_was_where_the_business_is(
    english_words: Wording, spanish_words: Wording, instant: str, in_english: str, in_spanish: str
) -> None:
    assert (english_words.day(instant), spanish_words.day(instant)) == (in_english, in_spanish)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-08T07:30:00.000000Z", "Mar 7, 2026"),
        ("2026-03-09T07:30:00.000000Z", "Mar 9, 2026"),
        ("2026-11-01T07:30:00.000000Z", "Nov 1, 2026"),
        ("2026-11-02T07:30:00.000000Z", "Nov 1, 2026"),
    ],
    ids=["the night before the clocks go forward", "after it", "before they go back", "after it again"],
)
def test_a_day_begins_an_hour_earlier_while_the_clocks_are_forward(
    english_words: Wording, instant: str, day: str
) -> None:
    assert english_words.day(instant) == day


@pytest.mark.parametrize("language", languages())
@given(instant=INSTANTS, zone=ZONES)
def test_any_day_has_its_number_and_year_of_that_zone(language: str, instant: datetime, zone: str) -> None:
    there = instant.astimezone(ZoneInfo(zone))

    told = Wording(language, zone).day(f"{instant:%Y-%m-%dT%H:%M:%S.%fZ}")

    numbers = told.replace(",", "").split()
    assert {str(there.day), str(there.year)} <= set(numbers)


def test_a_minute_names_its_zone_for_the_clocks_change(
    english_words: Wording, spanish_words: Wording
) -> None:
    summer, winter = "2026-06-15T17:00:00.000000Z", "2026-01-15T18:00:00.000000Z"

    assert english_words.minute(summer).startswith("June 15, 2026")
    assert english_words.minute(summer).endswith("PDT")
    assert english_words.minute(winter).endswith("PST")
    assert spanish_words.minute(summer).startswith("15 de junio de 2026")
    assert spanish_words.minute(winter).endswith("PST")


def test_a_month_has_its_name_in_each_language(english_words: Wording, spanish_words: Wording) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)

    assert (english_words.month(first), spanish_words.month(first)) == ("Jan", "ene")


@pytest.mark.parametrize("language", languages())
def test_numbers_are_written_as_in_california(language: str) -> None:
    """Mexico and the United States write 12,000; Spain would write 12.000."""
    say = Wording(language, LOS_ANGELES)

    assert [say.number(number) for number in (0, 999, 12_000, 1_234_567)] == [
        "0",
        "999",
        "12,000",
        "1,234,567",
    ]


def test_an_id_without_words_of_its_own_is_said_plainly() -> None:
    assert plain("loyalty_no") == "loyalty no"
    assert plain("email") == "email"


def test_an_element_of_the_policy_keeps_its_id_and_says_that_it_is_english(
    english_words: Wording, spanish_words: Wording
) -> None:
    assert english_words.element("loyalty_no") == Said("loyalty no")
    assert spanish_words.element("loyalty_no") == Said("loyalty no", "en")
    assert spanish_words.element("full_name") == Said("su nombre")


def test_a_purpose_of_the_statute_has_words(english_words: Wording, spanish_words: Wording) -> None:
    assert english_words.purpose("PUR_LEGAL_COMPLIANCE") == Said("Doing what a law requires of us")
    assert spanish_words.purpose("PUR_LEGAL_COMPLIANCE") == Said("Hacer lo que una ley nos exige")


def test_a_name_keeps_the_words_of_the_answer_in_english(english_words: Wording) -> None:
    assert english_words.named("categories", "PI_A_IDENTIFIERS", "Identifiers") == Said("Identifiers")


def test_a_sentence_of_another_version_stays_in_english_and_says_so(
    english_words: Wording, spanish_words: Wording
) -> None:
    later = "What a later version says."

    assert english_words.told("statements.OLDER_DATA", later) == Said(later)
    assert spanish_words.told("statements.OLDER_DATA", later) == Said(later, "en")
    assert spanish_words.told("statements.OF_A_LATER_VERSION", later) == Said(later, "en")
    assert spanish_words.negative("disclosed", later) == Said(later, "en")


def test_a_negative_without_its_sentence_about_secrecy_is_not_told_as_one(spanish_words: Wording) -> None:
    """A translation must claim neither more nor less than the answer."""
    bare = english("statements.NONE.disclosed")

    assert spanish_words.negative("disclosed", bare) == Said(bare, "en")


def test_what_is_filled_in_stays_as_it_is(spanish_words: Wording) -> None:
    odd = "{name} \n 100 % .*"

    told = spanish_words.told("statements.NOT_SEARCHED", english("statements.NOT_SEARCHED", record_types=odd))

    assert told == Said(words("es")["statements.NOT_SEARCHED"].format(record_types=odd))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(Refused, match="en, es"):
        Wording("tlh", LOS_ANGELES)
