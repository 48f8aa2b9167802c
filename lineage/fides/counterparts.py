"""Which row of a policy does a key of fideslang become? Our reading, shipped as ``counterparts.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Counterparts:
    """``elements``: data category to the shipped element that it is another name of.

    ``own``: data category to the row of an element of its own. ``uses``: data use to the row of a purpose.
    ``undecided`` and ``undecided_uses``: keys that say too little, and why.
    """

    elements: Mapping[str, str]
    own: Mapping[str, Mapping[str, Any]]
    uses: Mapping[str, Mapping[str, Any]]
    undecided: Mapping[str, str]
    undecided_uses: Mapping[str, str]


@cache
def counterparts() -> Counterparts:
    """The shipped table.

    >>> counterparts().elements["user.contact.email"]
    'email_address'
    """
    table = yaml.safe_load(files("lineage.fides").joinpath("counterparts.yaml").read_text(encoding="utf-8"))
    return Counterparts(
        elements={key: element for element, keys in table["elements"].items() for key in keys},
        own=table["own"],
        uses=table["uses"],
        undecided=table["undecided"],
        undecided_uses=table["undecided_uses"],
    )
