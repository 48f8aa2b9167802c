"""`lineage topic create`: make the Kafka topic as the projection needs it."""

import click

from lineage.settings import load_settings


@click.group("topic")
def command() -> None:
    """The Kafka topic of the events."""


@command.command("create")
def create() -> None:
    """Make the topic with partitions, retention and the log's own clock (LogAppendTime), as the settings say.

    A topic that exists is left as it is.

    \b
    Example:
      LINEAGE_KAFKA_BOOTSTRAP=localhost:9092 lineage topic create

    Ends with 0, or 4 when no broker answers.
    """
    settings = load_settings()
    if settings.log != "kafka":
        raise click.UsageError("the embedded log has no topic; set LINEAGE_LOG=kafka")
    from lineage.logs.kafka import KafkaLog

    with KafkaLog(
        settings.kafka_bootstrap, settings.kafka_topic, client_options=settings.kafka_client_options()
    ) as log:
        made = log.ensure_topic(
            partitions=settings.kafka_partitions,
            replication=settings.kafka_replication,
            retention_days=settings.kafka_retention_days,
        )
    click.echo(f"{settings.kafka_topic}: {'made' if made else 'was there already'}")
