"""How many letters on paper does a batch write in a second, and in how much memory?"""

import re
import shutil
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from bench.complete import BATCH, PEOPLE
from bench.crowd import RECEIVED, made, somebody
from bench.eventful import ASKED, tell
from bench.figures import Figure, Spent
from lineage.forms import Form
from lineage.forms import made as formed
from lineage.report import Audience, Reporter, Verification
from lineage.report.answering import answered
from lineage.report.batch import Batch
from lineage.report.request import Request
from lineage.store import Store

ALONE = 20
"""So many letters are also made one by one, in one process."""


def measure(events: int, crowd: Path) -> list[Figure]:
    """A batch of PDFs for persons, on a copy of the crowd's database, which is made where there is none."""
    if not crowd.exists():
        made(crowd, events)
    letter = partial(formed, form=Form.PDF)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "letters.duckdb"
        shutil.copyfile(crowd, path)
        with Store(path) as store:
            reader = store.cursor()
            people = somebody(reader, BATCH)
            tell(store, people[:PEOPLE])
            requests = [
                Request(
                    subject=person,
                    received=RECEIVED,
                    verification=Verification.V2_HIGH,
                    audience=Audience.PERSON,
                )
                for person in people
            ]
            reporter = Reporter(reader)
            some = reporter.report(requests[:: BATCH // ALONE], as_of=ASKED)
            letter(some[0])  # the fonts are read once
            begun = Spent.now()
            for document in some:
                letter(document)
            alone = Spent.since(begun).seconds / len(some)
            batch = Batch({str(number): each for number, each in enumerate(requests)}, digest="")
            (folder / "letters").mkdir()
            begun, done, largest = Spent.now(), 0, 0.0
            for each in answered(reporter, batch, folder / "letters", ASKED, forms={"pdf": letter}):
                done, largest = done + each.written, max(largest, _largest_child())
            together = Spent.since(begun).seconds / done
            size = sum(each.stat().st_size for each in (folder / "letters").glob("*.pdf")) / done
    ours = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(
            f"letters: {done:,} PDFs in a batch / one by one, letters a second",
            alone / together,
            f"{1 / together:.1f} letters a second, {size / 1024:.0f} KiB each; "
            f"at most {ours:.0f} MiB here and {largest:.0f} MiB in a process that writes",
        )
    ]


def _largest_child() -> float:
    """The most memory that a process begun by this one has had so far, in MiB; 0 where there is no /proc."""
    most = 0.0
    for begun in Path("/proc/self/task").glob("*/children"):
        for child in begun.read_text().split():
            with suppress(OSError):  # it has ended
                found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{child}/status").read_text())
                most = max(most, int(found[1]) / 1024 if found else 0.0)
    return most
