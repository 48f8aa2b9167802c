"""How is a folder of exports asked? By one CSV or JSON file, of which only the columns asked for are kept."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lineage.pieces.reading import Record, SystemSilent
from lineage.pieces.wanted import Question


def read(question: Question, address: str) -> Sequence[Record]:
    """The records under the question's keys, from the file in this folder (see ``reading.Reader``).

    A CSV file has a head line; a JSON file holds a list of objects.
    """
    connector = question.connector
    names = (connector.key, *question.columns())
    path = Path(address) / connector.table
    try:
        return [
            {name: record[name] for name in names}
            for record in _records(path)
            if str(record[connector.key]) in question.elements
        ]
    # The text of these errors may hold a part of the file.
    except KeyError:
        raise SystemSilent(question.system, "a column is missing in its file") from None
    except (OSError, ValueError, TypeError, csv.Error, RecursionError) as error:
        raise SystemSilent(question.system, type(error).__name__) from None


def _records(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".json":
        found: Iterable[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        yield from found
    else:
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, strict=True)
