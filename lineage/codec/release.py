"""How does a changed schema get released? ``python -m lineage.codec.release`` in the source tree.

Writes the whole, reference-free text of every event's schema to ``schemas/released/``, named by its
fingerprint. No file there is ever removed: the log holds values of every schema that was released before.
"""

import json
import sys
from pathlib import Path

from lineage.codec.schemas import Registry
from lineage.events import EVENTS
from lineage.resources import folder


def texts(root: Path) -> dict[str, str]:
    """File name to text, for every event as the ``.avsc`` files stand now."""
    registry = Registry(root)
    found = {}
    for kind in EVENTS:
        written = registry.current(kind.__name__)
        text = json.dumps(written.schema, indent=1, ensure_ascii=False) + "\n"
        found[f"{written.event}-{written.fingerprint}.avsc"] = text
    return found


def release(root: Path) -> list[str]:
    """Write what is missing or whose documentation changed; the names of the files written."""
    place = root / "released"
    place.mkdir(exist_ok=True)
    changed = []
    for name, text in texts(root).items():
        path = place / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\n" for name in release(folder("schemas")))
