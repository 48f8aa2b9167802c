"""Does a spool hold events that the log should have by now, or lives that a person has to close?"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lineage.operate.examine.finding import Finding, ok, warn
from lineage.publish.spooled import moment, spool_file
from lineage.settings import Settings
from lineage.spool import Queue

LONG_MINUTES: Final = 15.0


def spooled(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What waits in the spool of this installation; nothing where there is none."""
    path = settings.spool_file
    if not path.exists():
        return
    queue = Queue(spool_file(path, settings))
    records, oldest = queue.depth()
    minutes = 0.0 if oldest is None else max(0.0, (now - moment(oldest)).total_seconds() / 60)
    said = f"{path}: {records} events wait, the oldest for {minutes:.0f} minutes"
    if minutes > LONG_MINUTES:
        yield warn(
            "spool", said, "see that the log can be reached and the service runs, or 'lineage spool drain'"
        )
    else:
        yield ok("spool", said)
    if dead := len(queue.dead()):
        yield warn(
            "spool: lives",
            f"{dead} were killed without a promise to resume: answers about their time stay incomplete",
            "see 'lineage spool status --killed'; who knows how they ended closes them in the policy",
        )
