"""Where does a service find the snapshot of choices, and when does it believe it?"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from lineage.settings import Settings


@dataclass(frozen=True, slots=True)
class ChoicesFile:
    """Where the snapshot lies, a file with the public keys that may sign it, and how old it may be."""

    path: Path
    keys: Path
    max_age: timedelta


def choices_file(settings: Settings) -> ChoicesFile:
    """As the settings say."""
    return ChoicesFile(
        settings.choices_path, settings.choices_keys_path, timedelta(minutes=settings.choices_max_age_minutes)
    )
