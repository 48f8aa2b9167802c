"""``python -m torture``: everything fails for a while; is every confirmed event in the answers, once?

Prints a table, and ends with 0 when all holds, 1 when anything was lost, doubled or otherwise wrong, 2 when
there is no broker to torture.
"""

import argparse
import sys
from random import SystemRandom

import click
from broker import NoBroker

from lineage.cli.output import FORMATS, show
from torture.tortured import torture

DEFAULT_SECONDS = 20 * 60.0


def main() -> int:
    """Run it; the exit code."""
    asked = _asked()
    try:
        result = torture(asked.seconds, asked.seed, asked.rate)
    except NoBroker as error:
        click.echo(f"torture: {error}", err=True)
        return 2
    show(("what", "figure", "verdict"), result.rows(), asked.form)
    for said in result.unexplained:
        click.echo(f"--- {said}", err=True)
    return 0 if result.holds else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=DEFAULT_SECONDS, help="how long faults happen")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32), help="of the faults")
    parser.add_argument("--rate", type=int, default=150, help="events a second, about")
    parser.add_argument("--format", dest="form", choices=FORMATS, default="table")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
