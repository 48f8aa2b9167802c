"""Which archive does a command speak of? The one of the settings, where there is one."""

from pathlib import Path

from lineage.archive.manifest import is_archive, read
from lineage.errors import Refused
from lineage.settings import Settings


def archive_of(settings: Settings) -> tuple[Path, str]:
    """The archive's folder, and the name of its log.

    Raises Refused when there is none, ArchiveDamaged when it does not say whose it is.
    """
    folder = settings.archive_folder
    if not is_archive(folder):
        raise Refused(f"{folder} is no archive. LINEAGE_ARCHIVE names the folder that the archiver fills.")
    return folder, read(folder).log
