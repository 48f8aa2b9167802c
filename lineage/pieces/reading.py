"""What does a system of record answer? The one interface of all connectors."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lineage.errors import LineageError
from lineage.pieces.wanted import Question

Record = Mapping[str, Any]
"""One record of a system: column -> value, the key's column among them."""

Reader = Callable[[Question, str], Sequence[Record]]
"""Asks one system: the question and the address (URL or folder) in, the records of its keys out.

Raises SystemSilent when the system does not answer, for whatever reason.
"""


class SystemSilent(LineageError):
    """A system of record did not answer. The message names the system and a cause without values."""

    def __init__(self, system: str, cause: str) -> None:
        super().__init__(
            f"{system}: did not answer ({cause}). Check its connector and address, and try again."
        )
        self.system, self.cause = system, cause
