"""``python -m bench``: how fast is it, beside what it stands on? Prints a table and writes results.md."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import complete, letters, project, publish, relational, report
from bench.figures import Figure, table
from bench.machine import described

HERE = Path(__file__).parent
QUICK = 10
PROJECTED, PUBLISHED, KEPT = 500_000, 40_000, 4_000_000
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
    if asked.only in (None, "project", "publish"):
        figures += _on_broker(asked, share)
    with tempfile.TemporaryDirectory() as folder:
        crowd, kept = asked.file or Path(folder) / "crowd.duckdb", asked.events or KEPT // share
        for name, measured in ON_CROWD.items():
            if asked.only in (None, name):
                figures += measured(kept, crowd)
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
    parser.add_argument("--only", choices=["project", "publish", *ON_CROWD])
    parser.add_argument("--events", type=int, help="how many events, in place of the usual number")
    parser.add_argument("--quick", action="store_true", help="a tenth of the events; results.md stays")
    parser.add_argument("--file", type=Path, help="where the database of many people is kept, or found")
    return parser.parse_args()


if __name__ == "__main__":
    main()
