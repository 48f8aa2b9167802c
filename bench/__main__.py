"""``python -m bench``: how fast is it, beside what it stands on? Prints a table and writes results.md."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import (
    archive,
    choices,
    complete,
    garbled,
    heavy,
    letters,
    memory,
    project,
    publish,
    relational,
    report,
    service,
    spool,
    verify,
)
from bench.figures import Figure, table
from bench.machine import described

HERE = Path(__file__).parent
QUICK = 10
SERVED = 5_000
PROJECTED, PUBLISHED, KEPT, LOGGED, GARBLED = 500_000, 40_000, 4_000_000, 5_000_000, 1_000_000
ARCHIVED = 2_000_000
OTHERS = 1_000_000
CHOOSERS = 1_000_000
BY_THEMSELVES = (
    *("project", "publish", "spool", "archive", "memory", "verify", "garbled", "heavy"),
    *("choices", "service"),
)
ON_CROWD = {
    "report": report.measure,
    "complete": complete.measure,
    "relational": relational.measure,
    "letters": letters.measure,
}
"""What asks a database of many people, which is made once."""


def main() -> None:
    asked = _asked()
    share = QUICK if asked.quick else 1
    figures: list[Figure] = []
    if asked.only in (None, "project", "publish", "spool", "archive"):
        figures += _on_broker(asked, share)
    if asked.only in (None, "verify"):
        figures += verify.measure(asked.events or PROJECTED // share)
    if asked.only in (None, "garbled"):
        figures += garbled.measure(asked.events or GARBLED // share)
    if asked.only in (None, "heavy"):
        figures += heavy.measure(asked.events or OTHERS // share)
    if asked.only in (None, "choices"):
        figures += choices.measure(asked.events or CHOOSERS // share)
    if asked.only in (None, "service"):
        figures += service.measure(asked.events or SERVED // share)
    with tempfile.TemporaryDirectory() as folder:
        crowd, kept = asked.file or Path(folder) / "crowd.duckdb", asked.events or KEPT // share
        for name, measured in ON_CROWD.items():
            if asked.only in (None, name):
                figures += measured(kept, crowd)
    if asked.only in (None, "memory"):
        figures += memory.measure(asked.events or LOGGED // share)
    text = (
        "# Speed\n\nRatios are of one run, peer and product in turn on the same machine, broker and data.\n\n"
        f"{described()}\n\n    python -m bench {' '.join(sys.argv[1:])}".rstrip()
        + f"\n\n{table(figures)}\n"
    )
    print(text)
    if asked.only is None and not asked.quick and asked.events is None:
        (HERE / "results.md").write_text(text, encoding="utf-8")


def _on_broker(asked: argparse.Namespace, share: int) -> list[Figure]:
    sys.path.insert(0, str(HERE.parent / "tests"))
    from broker import open_broker  # type: ignore[import-not-found]  # of tests/, found at run time

    measures: dict[str, tuple[Callable[[str, int], list[Figure]], int]] = {
        "project": (project.measure, PROJECTED),
        "publish": (publish.measure, PUBLISHED),
        "spool": (spool.measure, PUBLISHED),
        "archive": (archive.measure, ARCHIVED),
    }
    figures = []
    broker = open_broker()
    try:
        for name, (measure, events) in measures.items():
            if asked.only in (None, name):
                figures += measure(broker.bootstrap, asked.events or events // share)
    finally:
        broker.stop()
    return figures


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=[*BY_THEMSELVES, *ON_CROWD])
    parser.add_argument("--events", type=int, help="how many events, in place of the usual number")
    parser.add_argument("--quick", action="store_true", help="a tenth of the events; results.md stays")
    parser.add_argument("--file", type=Path, help="where the database of many people is kept, or found")
    return parser.parse_args()


if __name__ == "__main__":
    main()
