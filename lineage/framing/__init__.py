"""How does a value say which schema wrote it? By what stands before its body, in one of two framings.

Single-object encoding (Avro specification): ``C3 01`` and eight bytes of fingerprint. The framing of
Confluent's serialisers: ``00`` and the four bytes of an id that a schema registry gave out. Both may stand in
one topic.
``headers`` has both and what an id means; ``kept`` the file that remembers it, so that no reader and no
writer ever waits for a registry.
"""

from lineage.framing.headers import NO_IDS, SchemaIds, header_of
from lineage.framing.kept import keep_ids, known_ids

__all__ = ["NO_IDS", "SchemaIds", "header_of", "keep_ids", "known_ids"]
