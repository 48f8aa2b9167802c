"""A consumer in a process of its own, watched as an operator watches it: by its port and its lines."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from socket import create_server
from urllib.error import HTTPError
from urllib.request import urlopen


def asked(address: str, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"{address}{path}", timeout=10) as answer:  # noqa: S310 (an address of this machine)
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def numbers(text: str) -> dict[str, float]:
    """The values of a page as Prometheus reads them; every line must be one that it reads."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (HELP \w+ .+|TYPE \w+ (counter|gauge))", line)
            continue
        name, value = re.fullmatch(r'(\w+(?:\{\w+="(?:[^"\\\n]|\\.)*"\})?) (\S+)', line).groups()  # type: ignore[union-attr]
        assert name not in found
        found[name] = float(value)
    return found


def lines_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


class Consuming:
    """`lineage consume NAME`, or another command, in a process of its own, at debug level, in JSON lines."""

    def __init__(
        self,
        home: Path,
        consumer: str = "project_lineage",
        command: tuple[str, ...] | None = None,
        **settings: object,
    ) -> None:
        with create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LINEAGE_")}
        given = {
            "home": home,
            "metrics_port": port,
            "log_format": "json",
            "log_level": "debug",
            "batch_seconds": 0.1,
        }
        environment |= {f"LINEAGE_{name.upper()}": str(value) for name, value in (given | settings).items()}
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from lineage.cli import main; main()",
                *(command or ("consume", consumer)),
            ],
            env=environment,
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, good: Callable[[dict[str, float]], bool]) -> str:
        """The page of its numbers, as soon as they are so."""
        until = time.monotonic() + 60
        while True:
            try:
                page = asked(self.address, "/metrics")[1]
                if good(numbers(page)):
                    return page
            except OSError:
                page = "nobody listens yet"
            assert time.monotonic() < until, page
            assert self.process.poll() is None, self.process.communicate()[1]
            time.sleep(0.05)

    def stops(self) -> tuple[int, str]:
        """Its exit code and all that it wrote."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=60)
        assert out == ""
        return self.process.returncode, err
