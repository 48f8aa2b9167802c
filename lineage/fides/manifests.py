"""Are these files fideslang manifests, and what stands in them?

YAML or JSON, judged by fideslang's own models. Nothing of a value is repeated when one is refused: manifests
name contacts.
"""

import json
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from lineage.errors import Refused
from lineage.policy.scalars import plain
from lineage.policy.tree import Problems, shown, tree

if TYPE_CHECKING:
    from fideslang import FidesModelType

MISSING: Final = (
    "fideslang is not installed, and its manifests are read by it. "
    "Run: pip install 'personal-data-lineage[fideslang]'"
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a manifest: its type (``system``), what fideslang read, and the file it stands in."""

    kind: str
    model: Any
    file: str


def read(paths: Sequence[Path]) -> list[Resource]:
    """Every resource of these files, in their order.

    Raises Refused, naming file, resource and field of everything that fideslang does not take; also when
    fideslang is not installed or a file cannot be read.
    """
    try:
        from fideslang import model_map
    except ModuleNotFoundError:
        raise Refused(MISSING) from None
    found: list[Resource] = []
    wrong: list[str] = []
    for path in paths:
        for kind, number, told in _resources(path):
            if kind not in model_map:
                wrong.append(f"{path.name}: holds {shown(kind)}, which fideslang does not know; take it out")
            else:
                _add(found, wrong, model_map[kind], told, Resource(kind, None, path.name), number)
    if wrong:
        raise Refused("\n".join(wrong))
    return found


def _add(
    found: list[Resource],
    wrong: list[str],
    model: "FidesModelType",
    told: object,
    where: Resource,
    number: int,
) -> None:
    place = f"{where.file}: {where.kind}[{number}]"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of fields that fideslang leaves out, and that say nothing here
            found.append(Resource(where.kind, model.model_validate(told), where.file))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=False, include_input=False):
            # Its message may repeat the value, so the kind of error has to do.
            path = "".join(_step(step) for step in each["loc"])
            wrong.append(f"{place}{path}: is not as fideslang wants it ({each['type']}); correct it")


def _step(step: object) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{str(step) if str(step).isidentifier() else '(…)'}"


def _resources(path: Path) -> Iterator[tuple[str, int, object]]:
    """Type, number and content of each resource of a file. Raises Refused."""
    content = _content(path)
    if not isinstance(content, dict):
        raise Refused(f"{path.name}: is no manifest; it needs types of resources, such as system: […]")
    for kind, rows in content.items():
        if rows is None:
            continue
        if not isinstance(rows, list):
            raise Refused(f"{path.name}: {shown(str(kind))} needs a list of resources, each beginning with -")
        for number, row in enumerate(rows):
            yield str(kind), number, row


def _content(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path.name}: is not UTF-8; save it as UTF-8") from None
    if path.suffix == ".json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise Refused(f"{path.name}: is not JSON; write it again from where it came") from None
    problems = Problems()
    top = tree(path.name, text, problems)
    problems.raise_any()
    return plain(top)
