"""What keeps a service's events until the log has them? One SQLite file on the service's own disk.

A publisher's life puts records in (:class:`Life`), one drainer at a time hands them to the log and takes out
what was confirmed (:class:`Drainer`). The room deals in bytes and numbers; what stands in a record, and what
a report says, is known to ``lineage.publish``.
"""

from lineage.spool.draining import Drainer
from lineage.spool.file import Durability, SpoolFile
from lineage.spool.life import Life
from lineage.spool.queue import Left, Queue, Waiting

__all__ = ["Drainer", "Durability", "Left", "Life", "Queue", "SpoolFile", "Waiting"]
