"""Whose archive is this, and which topics did its log have one after the other? `archive.json` says so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from lineage.archive.disk import put
from lineage.errors import ArchiveDamaged
from lineage.printable import UNPRINTABLE

FILE: Final = "archive.json"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One topic of the log. ``starts``: where its offset 0 stands among the archive's, per partition."""

    topic: str
    starts: Mapping[int, int] = field(default_factory=dict)

    def start(self, partition: int) -> int:
        """A partition that the topic is the first to have begins at 0."""
        return self.starts.get(partition, 0)


@dataclass(frozen=True, slots=True)
class Manifest:
    """``log``: the name under which positions are kept, whatever its topics are called."""

    log: str
    topics: tuple[Part, ...]

    @property
    def tail(self) -> Part:
        """The topic that is written now."""
        return self.topics[-1]

    def going_on(self, part: Part) -> "Manifest":
        """The same log with one more topic."""
        return replace(self, topics=(*self.topics, part))


def is_archive(folder: Path) -> bool:
    """Whether an archive was begun there."""
    return (folder / FILE).is_file()


def read(folder: Path) -> Manifest:
    """What an archive's folder says of itself. Raises ArchiveDamaged."""
    try:
        said: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if type(said["format"]) is int and said["format"] != FORMAT:
            raise ArchiveDamaged(
                f"{folder / FILE} is of format {said['format']}, this version reads {FORMAT}: install a "
                "newer one"
            )
        manifest = Manifest(_name(said["log"]), tuple(map(_part, said["topics"])))
        manifest.tail  # noqa: B018 (there must be one)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveDamaged(
            f"{folder / FILE} does not say whose archive this is ({type(error).__name__}). Bring it back "
            "from a backup."
        ) from error
    return manifest


def _part(said: Mapping[str, Any]) -> Part:
    starts = {int(part): start for part, start in said["starts"].items()}
    if any(type(each) is not int or each < 0 for each in (*starts, *starts.values())):
        raise ValueError("partitions and their starts are whole numbers from 0 on")
    return Part(_name(said["topic"]), starts)


def _name(said: object) -> str:
    if not isinstance(said, str) or not said or UNPRINTABLE.search(said):
        raise TypeError("a log and a topic have names")
    return said


def write(folder: Path, manifest: Manifest) -> None:
    """Put it in the place of the one before, whole or not at all. Raises LogUnavailable."""
    said = {
        "format": FORMAT,
        "log": manifest.log,
        "topics": [
            {"topic": each.topic, "starts": {str(part): start for part, start in sorted(each.starts.items())}}
            for each in manifest.topics
        ],
    }
    put(folder / FILE, json.dumps(said, indent=2) + "\n")
