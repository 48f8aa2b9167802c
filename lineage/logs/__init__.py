"""Which log do the settings name? The embedded file for one machine, or a Kafka topic."""

from lineage.logs.embedded import EmbeddedLog
from lineage.logs.record import Log, Records
from lineage.settings import Settings

__all__ = ["EmbeddedLog", "Log", "Records", "open_log"]


def open_log(settings: Settings) -> Log:
    """The log that the settings name. A Kafka log connects when it is first used. Raises LogUnavailable."""
    if settings.log == "embedded":
        return EmbeddedLog(settings.home / "log.sqlite", name=settings.kafka_topic)
    from lineage.logs.kafka import KafkaLog  # a second of imports that the embedded log does not need

    return KafkaLog(
        settings.kafka_bootstrap, settings.kafka_topic, client_options=settings.kafka_client_options()
    )
