"""What is kept of a refused record, and whose gap is it? All of it, and its key's person, or everybody."""

import polars as pl

from lineage.projection.columns import EVENT_ROW, PARKED_ROW
from lineage.projection.content import ORDER, PLACE, content_of
from lineage.projection.project import WITHOUT_SUBJECT, Projected

TOKEN_LENGTH = 16

# What a refused record's row takes from the record as it stands. An event's own `reason` is another thing.
TOLD = [name for name in PARKED_ROW if name in {*EVENT_ROW, "content"} - {"reason"}]


def parked_rows(projected: Projected, readable: pl.DataFrame) -> pl.DataFrame:
    """The refused records, whole, in the order of the log; ``readable`` has its reason in ``_why``."""
    records = projected.records
    readable = readable.with_columns(content_of(readable))
    rows = [
        {
            **{name: told[name] for name in PARKED_ROW if name in TOLD},
            "reason": told["_why"],
            "key": records.key[told["_row"]],
            "value": records.value[told["_row"]],
            "subjects": concerned(told["event"], told["subject"], records.key[told["_row"]]),
        }
        for told in readable.select("_row", "_why", "event", *TOLD).iter_rows(named=True)
    ]
    places = projected.log
    for row, reason in projected.unreadable:
        key = records.key[row]
        rows.append(
            {
                **{name: places[name][row] for name in ORDER},
                "reason": reason,
                "key": key,
                "value": records.value[row],
                "subjects": concerned(None, None, key),
            }
        )
    return pl.DataFrame(rows, schema=PARKED_ROW).sort(PLACE)


def concerned(event: str | None, subject: bytes | None, key: bytes | None) -> list[bytes] | None:
    """Whose gap a refused record is: its key's person, and the one it names; None: it may be anybody's."""
    if event in WITHOUT_SUBJECT:
        return None
    if key is None or not (key == subject or _is_token(key)):
        return None
    return sorted({key, subject} if subject is not None else {key})


def _is_token(key: bytes) -> bool:
    """Sixteen bytes with the variant of a UUID (RFC 9562): a producer's name of sixteen letters has not
    got it.
    """
    return len(key) == TOKEN_LENGTH and key[8] >> 6 == 0b10
