"""Do the broker's batches, unpacked in one go, hold what kafka-python reads from them record by record?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.memory_records import MemoryRecordsBuilder

from lineage.logs.kafka_columns import Columns, Unpacked, columns_of, in_one_block, one_by_one

Told = tuple[int, bytes | None, bytes | None, object, int]
"""Time, key, value, headers, and how many offsets after it are not used."""

parts = st.none() | st.binary(max_size=40) | st.binary(min_size=60, max_size=70) | st.just(b"x" * 9000)
headers = st.lists(st.tuples(st.text(max_size=5), st.none() | st.binary(max_size=200)), max_size=3)
told = st.lists(
    st.tuples(st.integers(0, 2**40), parts, parts, headers, st.integers(0, 300)), min_size=1, max_size=40
)
plain = st.tuples(
    st.integers(2**30, 2**40) | st.integers(2**40, 2**40 + 99),
    st.binary(max_size=70) | st.just(b"k" * 200),
    st.binary(max_size=70) | st.just(b"x" * 9000),
    st.just([]),
    st.just(0) | st.integers(0, 300),
)


def batch_of(records: list[Told], codec: int) -> bytes:
    builder = MemoryRecordsBuilder(magic=2, compression_type=codec, batch_size=2**30, offset=7)
    for at, key, value, each, gap in records:
        builder.append(timestamp=at, key=key, value=value, headers=each)
        builder.skip(gap)
    builder.close()
    return bytes(builder.buffer())


def as_kafka_reads(*batches: bytes) -> Columns:
    """What kafka-python reads, record by record."""
    found = [each for data in batches for each in DefaultRecordBatch(data)]
    return (
        [each.offset for each in found],
        [each.timestamp * 1000 for each in found],
        [each.key for each in found],
        [each.value for each in found],
    )


def unpacked(*batches: bytes) -> list[Unpacked]:
    return [Unpacked(DefaultRecordBatch(each)) for each in batches]


@given(records=told, codec=st.sampled_from([0, 1, 3, 4]))
def test_a_batch_holds_what_its_records_hold(records: list[Told], codec: int) -> None:
    data = batch_of(records, codec)

    [batch] = unpacked(data)

    assert one_by_one(batch) == as_kafka_reads(data)
    assert len(batch) == len(records)


@given(batches=st.lists(told, min_size=1, max_size=3), codec=st.sampled_from([0, 4]))
def test_batches_in_one_block_hold_what_they_hold_one_by_one(batches: list[list[Told]], codec: int) -> None:
    data = [batch_of(each, codec) for each in batches]

    assert in_one_block(unpacked(*data)) in (None, as_kafka_reads(*data))


@given(batches=st.lists(st.lists(plain, min_size=1, max_size=40), min_size=1, max_size=3))
def test_records_as_publishers_write_them_are_read_in_one_block(batches: list[list[Told]]) -> None:
    data = [batch_of(sorted(each), 0) for each in batches]  # time passes

    assert in_one_block(unpacked(*data)) == as_kafka_reads(*data)


@given(records=st.lists(plain, min_size=1, max_size=40), data=st.data())
def test_damage_is_never_read_as_a_block(records: list[Told], data: st.DataObject) -> None:
    """What a block gives of bytes that are no batch is what reading them one by one gives, if anything."""
    [batch] = unpacked(batch_of(records, 0))
    broken = bytearray(batch.data)
    for _ in range(data.draw(st.integers(1, 3))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    batch.data = bytes(broken[: data.draw(st.integers(1, len(broken)) | st.just(len(broken)))])

    found = in_one_block([batch])

    assert found is None or found == one_by_one(batch)


def test_many_records_and_few_are_the_same_columns() -> None:
    few = [(at, b"key", b"value" * at, [], 0) for at in range(40)]
    odd = [(7, None, b"a", [("by", b"whom")], 3)]
    batches = [batch_of(each, 3) for each in [few] * 9 + [odd]]

    assert columns_of(unpacked(*batches)) == as_kafka_reads(*batches)
    assert columns_of(unpacked(*batches[:-1])) == as_kafka_reads(*batches[:-1])
    assert columns_of(unpacked(*batches[-2:])) == as_kafka_reads(*batches[-2:])


def test_in_a_batch_that_the_broker_stamped_all_records_have_its_time() -> None:
    data = bytearray(batch_of([(5, b"k", b"v", [], 0), (9, b"k", b"w", [], 0)], 0))
    data[22] |= 0x08  # the attribute for LogAppendTime

    for read in (in_one_block, columns_of):
        found = read(unpacked(bytes(data)))
        assert found is not None
        assert found[1] == [9000, 9000]


def test_a_batch_that_ends_too_early_is_corrupt() -> None:
    data = batch_of([(5, b"k" * 30, b"v" * 30, [], 0)], 0)
    with pytest.raises(CorruptRecordError):
        columns_of(unpacked(data[:-10]))
