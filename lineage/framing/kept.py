"""Where is remembered what a registry's ids mean? In ``schema-ids.json`` in the home folder.

An id gets its meaning once and for ever: the log holds values that name their schema by it. The file only
grows, and belongs into the backup; with it a rebuild needs no registry.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lineage.errors import Refused, RegistryChanged
from lineage.framing.headers import LARGEST_ID, NO_IDS, SchemaIds

FILE: Final = "schema-ids.json"
FINGERPRINT: Final = re.compile(r"[0-9a-f]{16}")


def known_ids(home: Path) -> SchemaIds:
    """The ids that this installation knows; none when there is no file. Raises Refused for a damaged one."""
    path = home / FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        meant = {int(number): printed for number, printed in told["ids"].items()}
        sound = all(
            0 <= number <= LARGEST_ID and FINGERPRINT.fullmatch(printed) for number, printed in meant.items()
        )
    except FileNotFoundError:
        return NO_IDS
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sound, meant = False, {}
    if not sound:
        raise Refused(
            f"{path} is damaged. Bring it back from a backup, or remove it and run 'lineage schemas learn'."
        )
    return SchemaIds(meant)


def keep_ids(home: Path, found: Mapping[int, str]) -> tuple[SchemaIds, int]:
    """Remember these ids, too; all that are known now, and how many of them are new.

    Raises RegistryChanged, with nothing written, when one of them already means another schema: the registry
    is another one, or was made anew. Raises Refused for an id that no value can hold.
    """
    known = known_ids(home).meant
    for number, printed in sorted(found.items()):
        if not 0 <= number <= LARGEST_ID:
            raise Refused(f"the schema registry gives out id {number}, which does not fit into four bytes")
        if known.get(number, printed) != printed:
            raise RegistryChanged(
                f"id {number} means schema {known[number]} in {home / FILE}, and {printed} in the registry "
                "that was asked: it is another one, or was made anew. The log holds values with the old ids: "
                "bring the old registry back, or write wire_format=single_object from now on."
            )
    merged = dict(known) | dict(found)
    if len(merged) > len(known):
        _write(home / FILE, {"ids": {str(number): merged[number] for number in sorted(merged)}})
    return SchemaIds(merged), len(merged) - len(known)


def _write(path: Path, told: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)  # whole or not at all
