"""How does a log go on in another topic, and every record keep the time at which it was recorded?

Nothing is copied. The old topic ends in the archive, the new one begins where it ends; offsets go on
counting, and the log keeps its name.
"""

from pathlib import Path

from lineage.archive import manifest as manifests
from lineage.archive.form import partitions
from lineage.archive.knowing import chains_of, check
from lineage.archive.manifest import Part
from lineage.archive.owning import owned
from lineage.errors import Refused
from lineage.logs import Log


def go_on(folder: Path, log: Log, topic: str) -> dict[int, int]:
    """From now on the log goes on in ``topic``; where it begins there, per partition.

    ``log`` is the old one, to which nobody writes any more. Raises Refused when not all of it is archived, or
    when the topic was the log's before; ArchiveInUse, and what :func:`check` raises.
    """
    with owned(folder):
        manifest = manifests.read(folder)
        if topic in {each.topic for each in manifest.topics}:
            raise Refused(f"the log was in the topic {topic} before; give the new one a name of its own")
        chains = chains_of(folder, partitions(folder))
        bounds = check(folder, manifest, log, chains)
        starts = {part: found[-1].last + 1 for part, found in chains.items()}
        left = {
            part: starts.get(part, first) - manifest.tail.start(part)
            for part, (first, end) in bounds.items()
            if manifest.tail.start(part) + end > starts.get(part, first)
        }
        # A log may end with offsets that no record has: it is asked for records.
        if left and len(log.read(left, limit=1, wait_seconds=1.0)):
            raise Refused(
                f"{log.name}, partitions {sorted(left)}: not all is archived. Stop who writes there, run "
                "'lineage archive --once', then try again."
            )
        manifests.write(folder, manifest.going_on(Part(topic, starts)))
    return starts
