"""Where do the tests find a real PostgreSQL?

In this order: the address in `LINEAGE_TEST_POSTGRES`; the programs of an installed PostgreSQL, run on a free
port with their data in a temporary folder. One server serves a whole run of the tests.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

START_SECONDS = 30
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")


class NoPostgres(Exception):
    """There is no server, and none can be started; the message says why."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a server (`postgresql://user@host:port`), without a database. Raises NoPostgres."""
    if given := os.environ.get("LINEAGE_TEST_POSTGRES"):
        yield given
        return
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="lineage-postgres-"))
    as_user = _as_user(folder)
    process: subprocess.Popen[bytes] | None = None
    try:
        data, port = folder / "data", _free_port()
        made = subprocess.run(
            [*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "lineage", "--no-sync"],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=folder,
        )
        if made.returncode:
            raise NoPostgres(f"initdb: {made.stderr[-300:]}")
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
        process = subprocess.Popen(
            [*as_user, programs / "postgres", "-D", data, "-p", str(port), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        address = f"postgresql://lineage@127.0.0.1:{port}"
        _wait(address, process)
        yield address
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # its fast end, which waits for no client
            process.wait(timeout=START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str) -> str:
    """The address of a database that nobody has used, on that server."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"{address}/{name}"


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).parent
    for place in PLACES:
        for folder in sorted(Path("/").glob(place.removeprefix("/")), reverse=True):
            if (folder / "initdb").exists():
                return folder
    raise NoPostgres("LINEAGE_TEST_POSTGRES is not set, and no initdb is installed")


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; then its own user runs it."""
    if os.geteuid() != 0:
        return []
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError:
        raise NoPostgres("the tests run as root, and there is no user postgres to run the server") from None
    # With the tests it ends, however they end.
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=INT"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        if process.poll() is not None:
            raise NoPostgres(f"the server ended while starting, with {process.returncode}")
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise NoPostgres(f"no server answers in {START_SECONDS} s") from None
            time.sleep(0.05)
        else:
            return
