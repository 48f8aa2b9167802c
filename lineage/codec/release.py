"""How does a changed schema get released? ``python -m lineage.codec.release`` in the source tree.

Writes the whole, reference-free text of every event's schema to ``schemas/released/``, named by its
fingerprint, and its name to the end of ``schemas/releases.txt``. Nothing there is ever removed: the log holds
values of every schema that was released before.
"""

import json
import sys
from pathlib import Path

from lineage.codec.kept import LIST, RELEASED, digest, listed
from lineage.codec.schemas import Registry
from lineage.errors import Refused
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
    """Write what is missing or whose documentation changed; the names of the files written.

    Raises Refused when a released schema would get another default or another unit under its old name.
    """
    order = listed(root)
    made = {name: (text, digest(json.loads(text))) for name, text in texts(root).items()}
    for name, (_, said) in made.items():
        if order.get(Path(name).stem, said) != said:
            raise Refused(
                f"{name}: was released with another default or unit, which its fingerprint does not show. "
                "Put the released one back; 'lineage schemas check' names the field."
            )
    place = root / RELEASED
    place.mkdir(exist_ok=True)
    changed = []
    for name, (text, said) in made.items():
        path = place / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
        order.setdefault(path.stem, said)
    (root / LIST).write_text("".join(f"{name} {said}\n" for name, said in order.items()), encoding="utf-8")
    return changed


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\n" for name in release(folder("schemas")))
