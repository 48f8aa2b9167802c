"""Where was it measured?"""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("duckdb", "polars", "polars-avro", "polars-hash", "pyarrow", "fastavro", "kafka-python", "crc32c")


def described() -> str:
    """Cores, memory, load, versions and the day, as lines of Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    return (
        f"{datetime.now(UTC).date()}; {cores} cores, {memory:.0f} GiB, {platform.machine()}; load {load}.\n"
        f"Python {platform.python_version()}, {packages}."
    )


def peak_bytes() -> int:
    """The most memory that this process has held, on Linux; ``ru_maxrss`` counts what it was forked from."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("VmHWM:"))
