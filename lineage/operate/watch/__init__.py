"""How is a consumer seen from outside while it runs? As numbers, as a pulse, as lines on standard error.

Nothing that leaves here is about a person: counts, offsets, times, reasons, and the names of our own parts.
"""

from lineage.operate.watch.lines import lines_on_stderr
from lineage.operate.watch.served import Watched, served
from lineage.operate.watch.waiting import WaitingWatch
from lineage.operate.watch.watching import ArchiverWatch, ProjectorWatch, Watch

__all__ = [
    "ArchiverWatch",
    "ProjectorWatch",
    "WaitingWatch",
    "Watch",
    "Watched",
    "lines_on_stderr",
    "served",
]
