"""Where does the log lie when the broker has forgotten it? In a folder of segments that are never changed.

The archive is the beginning of the log: what reads the log reads archive and tail together.
"""

from lineage.archive.archiver import Archived, Archiver
from lineage.archive.manifest import is_archive
from lineage.archive.whole import WholeLog, open_whole_log

__all__ = ["Archived", "Archiver", "WholeLog", "is_archive", "open_whole_log"]
