"""Is the process still alive that began a life, or that drains? A lock on a file dies with its holder."""

import fcntl
import os
from pathlib import Path


class Held:
    """An exclusive lock on the file at ``path``. Raises BlockingIOError when somebody else holds it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            self.forget()
            raise

    def release(self, *, remove: bool = False) -> None:
        """Let go; with ``remove`` there is no such file any more."""
        if remove:
            self._path.unlink(missing_ok=True)
        self.forget()

    def forget(self) -> None:
        """Close only this copy of it: in the child of a fork the lock stays with the parent."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def is_held(path: Path) -> bool:
    """Does a living process hold it? Also not when there is no such file."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def life_lock(spool: Path, incarnation: bytes) -> Path:
    """Where a life's lock stands."""
    return spool.with_name(f"{spool.name}-lives") / incarnation.hex()


def promise(spool: Path, incarnation: bytes) -> Path:
    """What stands there as long as a life is sure that it told all it did. It is taken away where something
    could not be told, which works on a full disk, too.
    """
    return spool.with_name(f"{spool.name}-lives") / f"{incarnation.hex()}-resumes"


def drain_lock(spool: Path) -> Path:
    """Where the lock of the one drainer stands."""
    return spool.with_name(f"{spool.name}-drain")
