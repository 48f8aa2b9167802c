"""Do the broker's batches, unpacked in one go, hold what kafka-python reads from them record by record?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.memory_records import MemoryRecordsBuilder

from lineage.logs.kafka_batches import unpacked

parts = st.none() | st.binary(max_size=40) | st.binary(min_size=60, max_size=70) | st.just(b"x" * 9000)
headers = st.lists(st.tuples(st.text(max_size=5), st.none() | st.binary(max_size=200)), max_size=3)
told = st.lists(
    st.tuples(st.integers(0, 2**40), parts, parts, headers, st.integers(0, 300)), min_size=1, max_size=40
)


def batch_of(records: list[tuple[int, bytes | None, bytes | None, object, int]], codec: int) -> bytes:
    builder = MemoryRecordsBuilder(magic=2, compression_type=codec, batch_size=2**30, offset=7)
    for at, key, value, each, gap in records:
        builder.append(timestamp=at, key=key, value=value, headers=each)
        builder.skip(gap)
    builder.close()
    return bytes(builder.buffer())


@given(records=told, codec=st.sampled_from([0, 1, 3, 4]))
def test_a_batch_holds_what_its_records_hold(
    records: list[tuple[int, bytes | None, bytes | None, object, int]], codec: int
) -> None:
    data = batch_of(records, codec)
    one_by_one = list(DefaultRecordBatch(data))

    offsets, times, keys, values = unpacked(DefaultRecordBatch(data))

    assert offsets == [each.offset for each in one_by_one]
    assert times == [each.timestamp * 1000 for each in one_by_one]
    assert keys == [each.key for each in one_by_one]
    assert values == [each.value for each in one_by_one]


def test_in_a_batch_that_the_broker_stamped_all_records_have_its_time() -> None:
    data = bytearray(batch_of([(5, b"k", b"v", [], 0), (9, b"k", b"w", [], 0)], 0))
    data[22] |= 0x08  # the attribute for LogAppendTime
    assert unpacked(DefaultRecordBatch(data))[1] == [9000, 9000]


def test_a_batch_that_ends_too_early_is_corrupt() -> None:
    data = batch_of([(5, b"k" * 30, b"v" * 30, [], 0)], 0)
    with pytest.raises(CorruptRecordError):
        unpacked(DefaultRecordBatch(data[:-10]))
