"""Where do the folders lie that ship with the package: schemas, consumers, examples?

In an installed wheel they stand inside the package; in a source tree and an editable install beside it.
"""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder of that name: ``schemas``, ``consumers`` or ``examples``.

    Raises FileNotFoundError when the installation lacks it, which only a broken installation does.
    """
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no folder {name!r} in or beside {PACKAGE}: install the package again")
