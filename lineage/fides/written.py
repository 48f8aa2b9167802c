"""How is a draft written, so that a person reads it first? YAML with what to choose beside the rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from lineage.errors import Refused
from lineage.fides.drafting import Draft, DraftRow
from lineage.fides.tagged import Leftover, words
from lineage.policy.scalars import TO_CHOOSE
from lineage.policy.vocabulary import Vocabulary

HEAD: Final = f"""\
# A draft, made from fideslang manifests. Every row is a reading of their keys, the worst one where several
# are possible: read each, and put the right word where it says {TO_CHOOSE}. `lineage policy check` refuses it
# until then.
"""


def texts(draft: Draft, known: Vocabulary) -> dict[str, str]:
    """The files of the draft, by name; ``known`` are the words that a person may choose from."""
    files: dict[str, str] = {"business.yaml": HEAD + _row("name", draft.name)}
    files |= {"vocabulary.yaml": HEAD + _from("categories", known.categories)}
    files |= {"purposes.yaml": HEAD + _from("statutory purposes", known.purposes)}
    chapters: dict[str, list[str]] = defaultdict(list)
    for (file, top), rows in draft.rows.items():
        chapters[file].append(f"{top}:\n" + "".join(_lines(rows)))
    if "parties.yaml" in chapters:
        files["parties.yaml"] = (
            HEAD + _from("groups of sources", known.sources) + _from("groups of recipients", known.recipients)
        )
    for file, told in chapters.items():
        files[file] += "\n" + "\n".join(told)
    files["business.yaml"] += _left(draft.leftovers)
    return files


def write(files: Mapping[str, str], folder: Path) -> None:
    """Write the files into the folder, made when it is not there. Raises Refused, with nothing written, when
    one of them stands there: a policy is never overwritten.
    """
    there = sorted(name for name in files if (folder / name).exists())
    if there:
        raise Refused(f"there is a {there[0]} in that folder already; name another one, nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _lines(rows: Iterable[DraftRow]) -> Iterable[str]:
    for row in rows:
        yield from (_note(note, "  ") for note in row.notes)
        yield "  " + _row(row.id, row.says or None)


def _row(key: str, value: Any) -> str:
    """One key and its value on one line, as YAML has to quote them."""
    told: str = yaml.safe_dump(
        {key: value}, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return told.strip()[1:-1].removesuffix(": null") + (":" if value is None else "") + "\n"


def _note(text: str, indent: str = "") -> str:
    return f"{indent}# {words(text)}\n"  # a key may end in a new line, and shared categories are free text


def _from(what: str, ids: Iterable[str]) -> str:
    return _note(f"The {what}: {', '.join(ids)}")


def _left(leftovers: Iterable[Leftover]) -> str:
    told = [_note(f"{each.kind} {each.key}: {each.hint}") for each in leftovers]
    return "\n# What a policy has no row for, or has it elsewhere:\n" + "".join(told) if told else ""
