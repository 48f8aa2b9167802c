"""What may stand in a topic that others can write to? True records, damaged ones, and bytes of any kind."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from records import Record, key_of

from lineage.codec import encode
from lineage.codec.schemas import shipped
from lineage.events import Event
from lineage.framing.headers import HEADER_BYTES
from lineage.jsonform import from_json

EXAMPLES: Final = Path(__file__).parent.parent / "schemas" / "examples"

LONGEST: Final = 400
"""Bytes of a record that is nothing but chance."""

HUGE: Final = (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\xfe\xff\xff\xff\x0f", b"\x80" * 12)
"""Lengths and counts that no memory holds, and a number that never ends, as Avro writes them."""

IDS: Final = 2_000
"""So few that the same id comes again: as a repeat, or with other content."""

Damage = Callable[[bytes], bytes]


class Garbler:
    """Records by chance, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._events: list[Event] = [
            from_json(json.loads(path.read_text())) for path in sorted(EXAMPLES.glob("*.json"))
        ]
        found = [each for some in shipped().fingerprints().values() for each in some]
        self._headers = [b"\xc3\x01" + bytes.fromhex(each)[::-1] for each in found]
        self._damages: tuple[Damage, ...] = (
            self._bit,
            self._cut,
            self._more,
            self._spliced,
            self._huge,
            self._header,
        )

    def records(self, count: int) -> list[Record]:
        """A fifth of them true, a tenth nothing but chance, the rest true ones with one to three damages."""
        return [self._one() for _ in range(count)]

    def _one(self) -> Record:
        dice = self._chance.random()
        if dice < 0.1:
            return self._perhaps_none(), self._chance.randbytes(self._chance.randrange(LONGEST))
        event = replace(self._chance.choice(self._events), event_id=self._id())
        key, value = key_of(event), encode(event)
        if dice > 0.3:
            for _ in range(self._chance.randint(1, 3)):
                value = self._chance.choice(self._damages)(value)
        if self._chance.random() < 0.05:
            key = self._perhaps_none()
        return key, value if self._chance.random() > 0.01 else None

    def _id(self) -> UUID:
        return UUID(int=0x018F << 112 | 7 << 76 | 2 << 62 | self._chance.randrange(IDS))

    def _perhaps_none(self) -> bytes | None:
        return self._chance.choice((None, b"", self._chance.randbytes(16), self._chance.randbytes(40)))

    def _place(self, value: bytes) -> int:
        return self._chance.randrange(len(value) + 1)

    def _bit(self, value: bytes) -> bytes:
        if not value:
            return value
        changed = bytearray(value)
        changed[self._chance.randrange(len(value))] ^= 1 << self._chance.randrange(8)
        return bytes(changed)

    def _cut(self, value: bytes) -> bytes:
        return value[: self._place(value)]

    def _more(self, value: bytes) -> bytes:
        return value + self._chance.randbytes(self._chance.randrange(1, 40))

    def _spliced(self, value: bytes) -> bytes:
        here, other = self._place(value), encode(self._chance.choice(self._events))
        return value[:here] + other[self._place(other) :]

    def _huge(self, value: bytes) -> bytes:
        here = max(HEADER_BYTES, self._place(value))
        return value[:here] + self._chance.choice(HUGE) + value[here + 1 :]

    def _header(self, value: bytes) -> bytes:
        return self._chance.choice(self._headers) + value[HEADER_BYTES:]
