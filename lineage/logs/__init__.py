"""Which log do the settings name? The embedded file for one machine, or a Kafka topic."""

from lineage.framing import known_ids
from lineage.logs.embedded import EmbeddedLog
from lineage.logs.framed import FramedLog
from lineage.logs.record import Erased, Log, Records
from lineage.settings import Settings

__all__ = ["EmbeddedLog", "Erased", "Log", "Records", "open_log"]


def open_log(settings: Settings, *, until_closed: bool = False) -> Log:
    """The log that the settings name, and the framing that they want for what is written into it.

    A Kafka log connects when it is first used; ``until_closed`` is for who keeps what it has not confirmed.
    Raises LogUnavailable.
    """
    log = _log(settings, until_closed)
    return FramedLog(log, known_ids(settings.home)) if settings.wire_format == "confluent" else log


def _log(settings: Settings, until_closed: bool) -> Log:
    if settings.log == "embedded":
        return EmbeddedLog(settings.home / "log.sqlite", name=settings.kafka_topic)
    from lineage.logs.kafka import KafkaLog  # a second of imports that the embedded log does not need

    return KafkaLog(
        settings.kafka_bootstrap,
        settings.kafka_topic,
        client_options=settings.kafka_client_options(),
        until_closed=until_closed,
    )
