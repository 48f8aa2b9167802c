"""How does an event become bytes, and bytes an event? Avro, one at a time and many at once.

A value in the log is Avro *single-object encoding*: ``C3 01``, eight bytes of fingerprint, the body. Other
writers may put a registry's id before the body instead (:mod:`lineage.framing`); both are read.
"""

from lineage.codec.batch import DecodedBatch, decode_batch
from lineage.codec.refusals import UNDECODABLE, UNKNOWN_SCHEMA, Undecodable, UnknownSchema
from lineage.codec.single import decode, encode

__all__ = [
    "UNDECODABLE",
    "UNKNOWN_SCHEMA",
    "DecodedBatch",
    "Undecodable",
    "UnknownSchema",
    "decode",
    "decode_batch",
    "encode",
]
