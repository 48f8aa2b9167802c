"""What is asked in a file of requests?"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from uuid import UUID

from lineage.errors import Refused
from lineage.report.refusal import Reason, Refusal
from lineage.report.request import BLOCKS, Audience, Request, Verification, blocks_of
from lineage.window import day, received

COLUMNS = (
    *("id", "subject", "received", "from", "everything", "blocks", "verification", "audience"),
    *("refuse", "facts"),
)
NEEDED = ("id", "subject", "received")
COLUMN = re.compile(r"[A-Za-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Batch:
    """The requests of one file, by their ids; ``digest`` is the file's SHA-256. ``audience``: whose copies
    those are that name nobody.
    """

    requests: dict[str, Request]
    digest: str
    audience: Audience = Audience.HANDLER


def read_batch(path: Path, token: Callable[[str], UUID], audience: Audience = Audience.HANDLER) -> Batch:
    """The requests of a CSV file with the columns of ``COLUMNS``; the first three are needed.

    ``audience``: whose copy it is where the line does not say so.

    Raises:
        Refused: the file, or a line of it, cannot be read; the line is named, its subject is not.
    """
    try:
        raw = path.read_bytes()
        rows = csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline=""))
        columns = rows.fieldnames or ()
        if missing := [each for each in NEEDED if each not in columns]:
            raise Refused(
                f"{path.name} lacks the columns {', '.join(missing)}. Needed are {', '.join(NEEDED)}."
            )
        if unknown := [each for each in columns if each not in COLUMNS]:
            # Without a heading the first line is a person's, and would be repeated here.
            shown = ", ".join(each if COLUMN.fullmatch(each) else "(no column's name)" for each in unknown)
            raise Refused(
                f"{path.name} has columns that mean nothing here: {shown}. Begin with a line of names; those "
                f"that are known are {', '.join(COLUMNS)}."
            )
        requests: dict[str, Request] = {}
        for number, row in enumerate(rows, start=2):
            try:
                name = _name(row["id"])
                if name in requests:
                    raise Refused("the id stands in an earlier line, too.")
                requests[name] = _request(row, token, audience)
            except Refused as error:
                raise Refused(f"{path.name}, line {number}: {error}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{path.name} cannot be read as CSV in UTF-8: {type(error).__name__}.") from None
    return Batch(requests, sha256(raw).hexdigest(), audience)


def _name(text: str) -> str:
    """An id that can name a file."""
    if not text or text.startswith(".") or any(each in text for each in "/\\:\0"):
        raise Refused("the id is empty, or cannot name a file.")
    return text


def _request(row: dict[str, str], token: Callable[[str], UUID], audience: Audience) -> Request:
    if not row["subject"] or not row["received"]:  # also where the line ends before them
        raise Refused("the subject or the day of receipt is missing.")
    try:
        request = Request(
            subject=token(row["subject"]),
            received=received(row["received"]),
            since=day(row["from"]) if row.get("from") else None,
            everything=(row.get("everything") or "false").lower() in ("true", "yes", "1"),
            blocks=blocks_of(row["blocks"]) if row.get("blocks") else BLOCKS,
            verification=Verification(row.get("verification") or Verification.V0_NONE),
            audience=Audience(row.get("audience") or audience),
        )
        reason = Reason(row["refuse"]) if row.get("refuse") else None
    except ValueError:
        raise Refused("the verification, the audience or the reason to refuse is none that exists.") from None
    facts = row.get("facts") or ""
    if reason is not None:
        return request.refusing(Refusal(reason, facts))
    if facts:
        raise Refused("there are facts, and nothing is refused.")
    return request
