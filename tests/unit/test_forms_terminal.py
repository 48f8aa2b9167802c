"""Is a page in a terminal the same without colours, and does it fit?"""

import re
from datetime import UTC, datetime

from gallery.worlds import WORLDS
from lineage.forms.happened import happened
from lineage.forms.letter import letter
from lineage.forms.terminal import WIDTH, page
from lineage.report import Audience

COLUMNS = ("occurred_at", "occurred_until", "ongoing", "event", "elements", "party", "kinds", "count")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def test_a_page_says_the_same_with_colours_and_without_and_fits() -> None:
    world = next(each for each in WORLDS if each.name == "unready")
    said = letter(world.answered().documents[Audience.HANDLER])

    plain, colourful = page(said), page(said, colour=True)

    assert not CONTROL.search(plain)
    assert CONTROL.search(colourful)
    assert [line.rstrip() for line in CONTROL.sub("", colourful).splitlines()] == plain.splitlines()
    assert max(map(len, plain.splitlines())) <= WIDTH


def test_a_timeline_reads_month_by_month() -> None:
    rows = [
        (at(2025, 8, 22), None, False, "Collected", ["full_name", "shoe_size"], "S_SHOP", [], 1),
        (at(2025, 8, 24), at(2025, 8, 30), False, "Shared", ["full_name"], "R_ADS", ["SHARE"], 1200),
        (at(2025, 9, 1), None, True, "Shared", ["full_name"], "R_HQ", ["INTERNAL"], 1),
    ]

    read = happened(COLUMNS, rows)

    august, september = read.split("September 2025")
    assert august.startswith("August 2025")
    assert "your name, shoe size" in " ".join(august.split())
    assert "24 12:00 – Aug 30" in august
    assert "Shared for advertising" in august
    assert "1,200" in august
    assert "01 12:00 – now" in september
    assert "internal" in september


def test_a_timeline_of_nobody_says_so() -> None:
    assert happened(COLUMNS, []) == "Nothing was told of this person.\n"


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)
