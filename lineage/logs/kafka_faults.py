"""What does an error of the Kafka client mean, and what should a person do about it?"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    LogTruncationError,
    MessageSizeTooLargeError,
    OffsetOutOfRangeError,
)

from lineage.errors import LogChanged, LogUnavailable, Refused
from lineage.logs.kafka_refusals import last_refusal

# At debug level kafka-python prints key and value of every record it sends: tokens and events of people.
logging.getLogger("kafka").setLevel(logging.INFO)


def unavailable(bootstrap: str, topic: str, what: object) -> LogUnavailable:
    """The error for a broker that does not answer or does not confirm, with what to look at."""
    reason = type(what).__name__ if isinstance(what, KafkaError) else what
    return LogUnavailable(
        f"Kafka at {bootstrap}, topic {topic}: {reason}. See that the broker runs and that kafka_bootstrap, "
        "kafka_topic and the credentials are right, then try again."
    )


def missing_topic(bootstrap: str, topic: str) -> LogUnavailable:
    """The error for a topic that is not there, with the command that makes it as it must be."""
    return LogUnavailable(
        f"Kafka at {bootstrap} has no topic {topic}. Correct kafka_topic, or make the topic with 'lineage "
        "topic create', which has the broker stamp its records (message.timestamp.type=LogAppendTime)."
    )


# For every client: left alone, a client that has seen a long outage looks for the broker only every 30 s.
RECONNECT_MILLISECONDS = 1000


@contextmanager
def faults(bootstrap: str, topic: str) -> Iterator[None]:
    """Turn the client's errors into ours, by what the caller can do. Client errors do not hold payload."""
    began = time.monotonic()
    try:
        yield
    except (OffsetOutOfRangeError, LogTruncationError) as error:
        raise LogChanged(
            f"Kafka at {bootstrap}, topic {topic}: {type(error).__name__}: a position asked for is not, "
            "or no longer, in the topic. It was made anew, cut off, or kept for too short a time; "
            "rebuild from the archive or from what is left."
        ) from error
    except MessageSizeTooLargeError as error:
        raise Refused(f"topic {topic}: a record is larger than the broker takes; split it") from error
    except KafkaTimeoutError as error:
        raise unavailable(bootstrap, topic, last_refusal(began) or error) from error
    except (KafkaError, OSError) as error:
        raise unavailable(bootstrap, topic, error) from error
