"""How does a backup become an installation again? Into an empty home, once every file is found unchanged."""

import os
from pathlib import Path
from typing import Final

from lineage.errors import Refused
from lineage.operate.backup.files import copy_file, on_disk
from lineage.operate.backup.manifest import ARCHIVE, SECRET, SECRETS, Manifest, known_by, read, verify
from lineage.settings import FILE, Settings

MAY_BE_THERE: Final = {FILE, *SECRETS}
"""What a home folder may hold before: the settings of this machine, and the secrets brought there."""


def restore(settings: Settings, folder: Path) -> Manifest:
    """Put what a backup holds where the settings want it. The database is to be made then.

    Raises Refused, before anything is written, when the home folder or the archive is not empty, when a file
    of the backup was changed, or when the settings name another log or another secret than it was made with.
    """
    manifest = read(folder)
    _refuse_unless_empty(settings)
    if (settings.log, settings.kafka_topic) != (manifest.log, manifest.topic):
        raise Refused(
            f"the backup is of the log {manifest.log}, topic {manifest.topic}; the settings name "
            f"{settings.log}, topic {settings.kafka_topic}: correct log and kafka_topic"
        )
    _refuse_another_secret(settings, manifest)
    verify(folder, manifest)
    with on_disk(settings.home):
        for name in sorted(manifest.files):
            target = _target(settings, name)
            if name in SECRETS and target.exists():
                continue  # brought there; the secret is known to be the right one
            beside = target.with_name(f".{target.name}.restoring")
            copy_file(folder / name, beside)
            os.replace(beside, target)
    return manifest


def _target(settings: Settings, name: str) -> Path:
    first, _, rest = name.partition("/")
    return settings.archive_folder / rest if first == ARCHIVE else settings.home / name


def _refuse_unless_empty(settings: Settings) -> None:
    home, archive = settings.home, settings.archive_folder
    found = {path.name for path in home.iterdir()} - MAY_BE_THERE if home.is_dir() else set()
    if found:
        raise Refused(
            f"{home} is not empty ({', '.join(sorted(found)[:3])}): nothing was restored. Set LINEAGE_HOME "
            "to a new folder, or move what is there away"
        )
    if archive.is_dir() and any(archive.iterdir()):
        raise Refused(f"the archive {archive} is not empty: nothing was restored. Move what is there away")


def _refuse_another_secret(settings: Settings, manifest: Manifest) -> None:
    if not manifest.secret:
        return
    found = known_by(settings)
    if found == manifest.secret or (not found and SECRET in manifest.files):
        return
    what = "another secret than the backup was made with" if found else "no secret"
    raise Refused(
        f"there is {what}: under it nobody would be found. Bring the right one (LINEAGE_SECRET, secret_file, "
        f"or the file {settings.home / SECRET}), then restore again"
    )
