"""Which worlds does the gallery have?"""

from typing import Final

from gallery.world import World
from gallery.worlds.all_year import everything_sold, nothing_held, ordinary, very_long
from gallery.worlds.limits import before_the_records, excluded, gaps, refused_period, unready, withheld
from gallery.worlds.persons import (
    denied_pieces,
    erased,
    not_californian,
    processor_only,
    under_16,
    unverified,
    vaulted,
)

WORLDS: Final[tuple[World, ...]] = (
    ordinary,
    nothing_held,
    everything_sold,
    under_16,
    gaps,
    before_the_records,
    denied_pieces,
    unverified,
    not_californian,
    withheld,
    erased,
    vaulted,
    processor_only,
    excluded,
    refused_period,
    unready,
    very_long,
)
"""In the order in which one looks at them."""
