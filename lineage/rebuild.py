"""How is the database made anew from the log? Beside the old one, which answers nothing wrong meanwhile."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from lineage.framing import NO_IDS, SchemaIds
from lineage.logs import Log
from lineage.projection.limits import ParkedLimit
from lineage.projector import Progress, Projector
from lineage.store import Store
from lineage.store.opening import MEMORY_MEBIBYTES

log = logging.getLogger(__name__)

ORDERING_MEBIBYTES = 256
"""What the database may take to write all events anew in order: the memory that the batches took is kept by
the allocators of this process for the next ones. With twice as much it is a sixth quicker.
"""


def rebuild(
    source: Log,
    path: Path,
    *,
    say: Callable[[str], None] = log.warning,
    accept_missing_start: bool = False,
    ids: SchemaIds = NO_IDS,
    limit: ParkedLimit | None = None,
    on_batch: Callable[[Progress], None] | None = None,
    memory_mebibytes: int = MEMORY_MEBIBYTES,
) -> Progress:
    """Project the whole log into a new file and put it in the place of ``path`` when it is complete.

    Until then the old file stays as it is; a rebuild that was cut short is begun again. Raises StoreInUse
    when another process owns the old file, and what :meth:`Projector.catch_up` raises.
    """
    beside = path.with_name(path.name + ".rebuilding")
    _remove(beside)
    # Held open all the while: no other process may go on writing into a file that is about to be replaced.
    with Store(path, say=say), Store(beside, say=say, memory_mebibytes=memory_mebibytes) as store:
        progress = Projector(
            source,
            store,
            accept_missing_start=accept_missing_start,
            ids=ids,
            limit=limit,
            asked=False,  # before it is complete
            on_batch=on_batch,
        ).catch_up()
        store.limit_memory(min(memory_mebibytes, ORDERING_MEBIBYTES))
        store.compact()
    os.replace(beside, path)
    return progress


def _remove(path: Path) -> None:
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)
