"""`lineage report check`: may these reports leave the house?"""

import json
from pathlib import Path
from typing import Any

import click

from lineage.errors import Refused
from lineage.printable import printable


@click.command("check")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--audience",
    type=click.Choice(["handler", "person"]),
    help="Whose copy they are; by default each report tells by itself.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A line a problem, or a JSON list of them.",
)
def command(files: tuple[Path, ...], audience: str | None, form: str) -> None:
    """Name everything that forbids sending the reports in FILE…, one JSON document each (- is stdin).

    Merged lists, names that are not the statute's, a negative without complete coverage, a refusal without
    facts, digests that do not fit, what a person's copy must not hold: each is named by its JSON path and the
    rule. No value of the report is repeated.

    \b
    Example:
      lineage report check answer.json

    Ends with 0 when all are in order, 1 when one is not or cannot be read.
    """
    from lineage.report.check import problems
    from lineage.report.request import Audience

    refused = 0
    found: list[dict[str, str]] = []
    for file in files:
        name = _name(file)
        wrong = problems(document_in(file), Audience(audience) if audience else None)
        refused += bool(wrong)
        found += [
            {"file": name, "path": each.path, "rule": each.rule, "sentence": each.sentence} for each in wrong
        ]
        if form == "text":
            click.echo("\n".join(f"{name}: {each}" for each in wrong) or f"{name}: in order")
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if refused:
        raise Refused(
            f"{refused} of {len(files)} must not go out. Make the report anew; do not mend the file."
        )


def document_in(file: Path) -> Any:
    """What the file says (- is stdin). Raises Refused: it is not one JSON document with every key once."""
    name = _name(file)
    try:
        with click.open_file(str(file), encoding="utf-8") as opened:
            return json.load(opened, object_pairs_hook=_each_key_once)
    except OSError as error:
        raise Refused(f"{name}: cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise Refused(f"{name}: is not one JSON document in UTF-8 with every key once.") from None


def _name(file: Path) -> str:
    return "(standard input)" if str(file) == "-" else printable(str(file))


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)
