"""How do values come into a log that other readers know by a registry's ids? Framed anew on their way in.

Bodies are the same in both framings. What is read is handed out as it stands in the log: archives and
digests need the very bytes, and the codec reads both.
"""

from datetime import datetime

from lineage.errors import Refused
from lineage.framing import SchemaIds
from lineage.framing.headers import MARKER
from lineage.logs.in_front import InFront
from lineage.logs.record import Delivered, Log


class FramedLog(InFront):
    """A log whose values are written with ids of a schema registry; all else is the log's own."""

    def __init__(self, log: Log, ids: SchemaIds) -> None:
        super().__init__(log)
        self._ids = ids

    def append(
        self,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int | None = None,
        recorded_at: datetime | None = None,
        on_delivery: Delivered | None = None,
    ) -> None:
        """As the log's own. Raises Refused, with nothing taken, when no id is known for the schema."""
        if value is not None and value.startswith(MARKER):
            framed = self._ids.framed(value)
            if framed is None:
                raise Refused(
                    "wire_format is confluent, and no id is known for a schema of this version: run 'lineage "
                    "schemas push', or 'lineage schemas learn' where another machine has pushed it"
                )
            value = framed
        super().append(key, value, partition=partition, recorded_at=recorded_at, on_delivery=on_delivery)
