"""Does a key go where every other Kafka client sends it?"""

from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import DefaultPartitioner

from lineage.logs.kafka_writer import RememberingPartitioner


class Cluster:
    """The partitions of one topic, as kafka-python's metadata tells them."""

    def __init__(self, partitions: int) -> None:
        self._partitions = set(range(partitions))

    def topics(self) -> set[str]:
        return {"topic"}

    def partitions_for_topic(self, topic: str) -> set[int]:
        return self._partitions

    available_partitions_for_topic = partitions_for_topic


@given(st.binary(max_size=40), st.lists(st.integers(1, 40), min_size=1, max_size=3))
def test_a_key_goes_where_kafka_sends_it_also_after_partitions_were_added(
    key: bytes, partitions: list[int]
) -> None:
    ours = RememberingPartitioner()
    for count in sorted(partitions):
        asked = ("topic", key, key, b"value", b"value", Cluster(count))
        assert ours.partition(*asked) == DefaultPartitioner().partition(*asked)
