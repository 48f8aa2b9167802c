"""Why can a value of the log not be read? Two reasons, each a code that is stored with the parked record."""

from lineage.errors import LineageError

UNKNOWN_SCHEMA = "UNKNOWN_SCHEMA"
UNDECODABLE = "UNDECODABLE"


class Undecodable(LineageError):
    """The bytes are not a whole event. The message is the reason code, never a byte of the value."""

    code = UNDECODABLE

    def __init__(self) -> None:
        super().__init__(self.code)


class UnknownSchema(Undecodable):
    """Not among the released schemas: a newer producer, a foreign value, or an id not known here yet."""

    code = UNKNOWN_SCHEMA
