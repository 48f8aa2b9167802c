"""What must not stand in the log, though the library would write it? What is damage, though one reads it?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from worlds import an_event, shared, used

from lineage.codec import UNDECODABLE, Undecodable, decode, decode_batch, encode
from lineage.errors import Refused
from lineage.events import (
    Accounting,
    Decision,
    EmitterHeader,
    FerpaParticulars,
    PolicyAdopted,
    ProducerReported,
    SubjectDescribed,
    SubjectsLinked,
)

POISON = "ana.poisoned@example.com"
ZONELESS = datetime(2026, 3, 1, 12)  # noqa: DTZ001  # that is the point


@pytest.mark.parametrize(
    ("event", "where"),
    [
        (shared(ongoing=None), "Shared.ongoing"),
        (shared(ongoing=POISON), "Shared.ongoing"),
        (shared(count=1.5), "Shared.count"),
        (shared(count=True), "Shared.count"),
        (shared(count=2**63), "Shared.count"),
        (shared(system=None), "Shared.system"),
        (shared(producer=None), "Shared.producer"),
        (shared(regimes=None), "Shared.regimes"),
        (shared(regimes=POISON), "Shared.regimes"),
        (shared(purposes=(POISON, None)), "Shared.purposes"),
        (shared(actor=POISON.encode()), "Shared.actor"),
        (shared(undisclosed_until=ZONELESS), "Shared.undisclosed_until"),
        (shared(undisclosed_until=0), "Shared.undisclosed_until"),
        (shared(supersedes=POISON), "Shared.supersedes"),
        (
            shared(accounting=Accounting(ferpa=FerpaParticulars(exception="", requested_at=ZONELESS))),
            "Shared.accounting",
        ),
        (
            used(decision=Decision(admt_id=POISON, decision_type="credit", sole_factor=None)),  # type: ignore[arg-type]  # a caller without a type checker
            "Used.decision",
        ),
        (an_event(SubjectsLinked, other=POISON), "SubjectsLinked.other"),
        (an_event(SubjectDescribed, age_band=POISON), "SubjectDescribed.age_band"),
        (an_event(SubjectDescribed, kinds=POISON), "SubjectDescribed.kinds"),
        (an_event(ProducerReported, covers_from=ZONELESS), "ProducerReported.covers_from"),
        (an_event(ProducerReported, last_sequence=None), "ProducerReported.last_sequence"),
        (an_event(PolicyAdopted, files=POISON), "PolicyAdopted.files"),
        (an_event(PolicyAdopted, files={"business.yaml": None}), "PolicyAdopted.files"),
    ],
)
def test_what_would_be_written_as_something_else_is_refused_by_its_field(
    event: EmitterHeader, where: str
) -> None:
    with pytest.raises(Refused) as refusal:
        encode(event)
    assert str(refusal.value).startswith(f"{where}: ")
    assert POISON not in repr(refusal.value)
    assert refusal.value.__context__ is None


@pytest.mark.parametrize("kinds", [("string", "adult"), ("null", None), ("adult",), ()])
def test_a_pair_in_a_list_is_a_pair_and_not_the_name_of_a_type(kinds: tuple[Any, ...]) -> None:
    event = an_event(SubjectDescribed, kinds=kinds)
    if None in kinds:
        with pytest.raises(Refused):
            encode(event)
    else:
        assert decode(encode(event)) == event


def test_a_policy_with_anything_behind_it_is_refused_in_both_ways() -> None:
    value = encode(an_event(PolicyAdopted)) + b"\x00"
    with pytest.raises(Undecodable) as refusal:
        decode(value)
    assert refusal.value.__context__ is None
    assert decode_batch([value]).refused == [(0, UNDECODABLE)]


def test_a_time_that_no_calendar_holds_is_damage() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    value = encode(shared(undisclosed_until=last))
    assert decode_batch([value]).refused == []
    micros = (last - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert value.count(zigzag(micros)) == 1
    later = value.replace(zigzag(micros), zigzag(micros + 1))
    assert decode_batch([value, later, value]).refused == [(1, UNDECODABLE)]
    with pytest.raises(Undecodable):
        decode(later)


def zigzag(number: int) -> bytes:
    """A number as Avro writes it."""
    number <<= 1
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])
