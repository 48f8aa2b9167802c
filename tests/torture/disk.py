"""How does a disk become full? It is a small one, and something else takes the rest of it."""

import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

BALLAST = "ballast"
MEBIBYTE = bytes(1 << 20)


class NoDisk(Exception):
    """A disk of one's own cannot be had; the message says why."""


class SmallDisk:
    """A disk in memory, mounted at ``folder``. Raises NoDisk where there is no right to mount."""

    def __init__(self, folder: Path, mebibytes: int) -> None:
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
        try:
            done = subprocess.run(mount, capture_output=True, text=True)
        except FileNotFoundError:
            raise NoDisk("there is no mount here") from None
        if done.returncode:
            raise NoDisk("there is no right to mount a disk")

    def is_full(self) -> Callable[[], None]:
        """Take all that is left; what is returned gives it back."""
        ballast = self.folder / BALLAST
        file = os.open(ballast, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            with suppress(OSError):
                while os.write(file, MEBIBYTE):
                    pass
        finally:
            os.close(file)
        return lambda: ballast.unlink(missing_ok=True)

    def gone(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True, capture_output=True)
