"""What must not be lost, in one folder, and back again: the log, the desk, and word of the secret.

The database is left out: it is made again from the log. So are attachments that wait to be fetched: they hold
people's data itself, and end by themselves.
"""

from lineage.operate.backup.making import backup
from lineage.operate.backup.manifest import Manifest
from lineage.operate.backup.restoring import restore

__all__ = ["Manifest", "backup", "restore"]
