"""Does the database stand on the archive? Each record must be in it in exactly one way, and nothing else.

Up to where both reach: what is archived and not projected yet is nobody's fault, nor what Kafka alone has.
"""

from pathlib import Path

import duckdb

from lineage.archive import manifest
from lineage.archive.form import chain, partitions
from lineage.errors import Refused, StoreInUse, StoreUnreadable
from lineage.proof.finding import Finding, What, of_range
from lineage.store import sql
from lineage.store.tracking import DuckDBTracking


def unmatched(archive: Path, database: Path) -> list[Finding]:
    """Where archive and database do not agree.

    Raises Refused when there is no database, StoreInUse when another process has it, StoreUnreadable,
    ArchiveDamaged.
    """
    if not database.is_file():
        raise Refused(f"{database}: there is no database; 'lineage rebuild' makes one")
    log = manifest.read(archive).log
    try:
        with duckdb.connect(str(database), read_only=True) as reader:
            positions = DuckDBTracking(reader).positions()
            return [
                found
                for part in partitions(archive)
                if (position := positions.get(f"{log}/{part}")) is not None
                for found in _of_partition(reader, archive, part, position.offset)
            ]
    except duckdb.IOException:
        raise StoreInUse(f"another process owns {database.name}; stop it first") from None
    except duckdb.Error as error:
        raise StoreUnreadable(
            f"{database} cannot be compared with the archive ({type(error).__name__}); see what 'lineage "
            "verify' says of the archive alone, then run 'lineage rebuild'"
        ) from None


def _of_partition(
    reader: duckdb.DuckDBPyConnection, archive: Path, part: int, projected: int
) -> list[Finding]:
    segments = chain(archive, part)
    if not segments:
        return []
    given = {
        "segments": [str(each.path) for each in segments],
        "partition": part,
        "through": min(projected, segments[-1].last),
    }
    rows = reader.execute(sql.text("unmatched.sql", __package__), given).fetchall()
    return [of_range(What(what), part, segments, first, last, "the database") for what, first, last in rows]
