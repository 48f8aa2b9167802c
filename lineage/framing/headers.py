"""Which bytes stand before a body, and which schema do they name?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MARKER: Final = b"\xc3\x01"
"""The first two bytes of Avro single-object encoding, version 1."""

HEADER_BYTES: Final = 10
"""What stands before a body in it: the marker and the fingerprint."""

REGISTRY_MARKER: Final = b"\x00"
REGISTRY_HEADER_BYTES: Final = 5
"""The other framing: a zero and an id of four bytes, most significant first."""

LARGEST_ID: Final = 0x7FFF_FFFF


def header_of(value: bytes) -> bytes:
    """What stands before the body of a value, as its first byte says; shorter when the value is cut off."""
    return value[:REGISTRY_HEADER_BYTES] if value.startswith(REGISTRY_MARKER) else value[:HEADER_BYTES]


def single_object_header(fingerprint: str) -> bytes:
    """The ten bytes for a fingerprint of 16 hex digits: it stands least significant byte first."""
    return MARKER + bytes.fromhex(fingerprint)[::-1]


class SchemaIds:
    """What the ids of one schema registry mean: fingerprints of released schemas. Never changed."""

    def __init__(self, meant: Mapping[int, str]) -> None:
        """``meant``: id to the 16 hex digits of a fingerprint; several ids may mean one schema."""
        self.meant: Mapping[int, str] = MappingProxyType(dict(sorted(meant.items())))
        self._raw = {_header(number): bytes.fromhex(printed)[::-1] for number, printed in self.meant.items()}
        self._framed: dict[bytes, bytes] = {}
        for number, printed in self.meant.items():  # the least id of a schema is the one that is written
            self._framed.setdefault(single_object_header(printed), _header(number))

    def fingerprint(self, header: bytes) -> bytes | None:
        """The eight bytes of fingerprint that a header of either framing names.

        None for an id of which nothing is known here. Raises ValueError when the header is of no framing.
        """
        if len(header) == HEADER_BYTES and header.startswith(MARKER):
            return header[len(MARKER) :]
        if len(header) == REGISTRY_HEADER_BYTES and header.startswith(REGISTRY_MARKER):
            return self._raw.get(header)
        raise ValueError("no framing")

    def headers(self, fingerprint: str) -> list[bytes]:
        """Every header, of either framing, that names a schema."""
        framed = (_header(number) for number, printed in self.meant.items() if printed == fingerprint)
        return [single_object_header(fingerprint), *framed]

    def framed(self, value: bytes) -> bytes | None:
        """A value of single-object encoding with its schema's id instead; None when it has none."""
        header = self._framed.get(value[:HEADER_BYTES])
        return None if header is None else header + value[HEADER_BYTES:]

    def __len__(self) -> int:
        return len(self.meant)


def _header(number: int) -> bytes:
    return REGISTRY_MARKER + number.to_bytes(4, "big")


NO_IDS: Final = SchemaIds({})
"""No registry was ever asked."""
