"""The snapshot of choices of this installation: its key, its log's name, what was decided at its desk."""

from datetime import datetime
from pathlib import Path

import duckdb

from lineage.archive.manifest import is_archive, read
from lineage.desk.opening import open_desk
from lineage.operate.choices.exporting import Exported, export
from lineage.proof.keys import signer
from lineage.settings import Settings


def export_here(
    reader: duckdb.DuckDBPyConnection,
    settings: Settings,
    path: Path,
    secret: str,
    caught_up_at: datetime | None = None,
) -> Exported:
    """Write it with what the settings name. Raises as ``export`` does; Refused, DeskUnavailable."""
    archive = settings.archive_folder
    log = read(archive).log if is_archive(archive) else settings.kafka_topic
    with open_desk(settings) as desk:
        decided, discarded = desk.verdicts(), desk.discarded()
    return export(
        reader,
        path,
        signer(settings.home, log),
        secret,
        log=log,
        caught_up_at=caught_up_at,
        decided=decided,
        discarded=discarded,
    )
