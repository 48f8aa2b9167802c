"""Every question is a file, and a question may stand on another.

``answer.sql`` asks ``from line``; ``line.sql`` asks ``from worded``; and so on. Composing puts what a
question stands on in front of it as CTEs, each once, in the order they need each other: so that each thought
is written in one place, and the whole of it is one statement for the database. What several questions stand
on is materialized. A question known to have no rows stays in place, and the database plans around it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import duckdb

from lineage.questions.declared import NOTHING, Declared

_FOLDER = Path(__file__).parent
_CONSTANT = re.compile(r"\$(\w+)")
_REFERENCE = re.compile(r"\b(?:from|join)\s+([a-z_]+)\b")
_COMMENT = re.compile(r"--.*")
_SEVERAL = re.compile(r"in \(select unnest\((\$\w+(?:::uuid\[\])?)\)\)")


@lru_cache(maxsize=64)
def compose(
    name: str,
    declared: Declared = NOTHING,
    given: tuple[tuple[str, str], ...] = (),
    silent: frozenset[str] = frozenset(),
) -> str:
    """The whole statement of one question, ready to run with the parameters that its parts name.

    ``declared``: what the policy says, written in place of the names of its constants. ``given``: relations
    that are not read from their file or table, each with the text to read it by.
    ``silent``: questions that have no rows, whoever is asked about.
    """
    texts = dict(given)
    order: list[str] = []
    _visit(name, texts, order)
    *below, last = order
    asked = Counter(part for each in order if each not in texts for part in _references(_text(each)))
    ctes = [
        f"{part} as (\nselect *\nfrom (\n{texts.get(part) or _text(part)}\n)\nwhere false\n)"
        if part in silent
        else f"{part} as {'' if asked[part] == 1 else 'materialized '}(\n{texts.get(part) or _text(part)}\n)"
        for part in below
    ]
    return _CONSTANT.sub(lambda found: declared.constants.get(found[1], found[0]), _opened(ctes, _text(last)))


def _opened(ctes: list[str], text: str) -> str:
    comment, own, rest = text.partition("\nwith ")
    if own:
        # The last question brings CTEs of its own: they follow those that it stands on.
        return comment + "\nwith " + ",\n\n".join([*ctes, rest])
    return "with " + ",\n\n".join(ctes) + "\n\n" + text if ctes else text


@lru_cache(maxsize=64)
def statement(
    name: str, declared: Declared = NOTHING, silent: frozenset[str] = frozenset()
) -> duckdb.Statement:
    """The same, parsed: a third of what a small answer costs is reading the text of its question."""
    [parsed] = duckdb.extract_statements(compose(name, declared, silent=silent))
    return parsed


def of_one(text: str) -> str:
    """The same question where each list of tokens holds one alone.

    An equality finds its place in the sorted rows at once and is planned in half the time; for several tokens
    it would read everything.
    """
    return _SEVERAL.sub(r"= (\1)[1]", text)


def _visit(name: str, given: Mapping[str, str], order: list[str]) -> None:
    text = "" if name in given else _text(name)
    for reference in dict.fromkeys(_references(text)):
        is_part = reference in given or (_FOLDER / f"{reference}.sql").exists()
        if is_part and reference != name and reference not in order:
            _visit(reference, given, order)
    order.append(name)


def _references(text: str) -> list[str]:
    return _REFERENCE.findall(_COMMENT.sub("", text))


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip().removesuffix(";")
