"""How does a network fail? Toxiproxy stands between a program and the broker and does it.

It is built once, by Go, into the user's cache.
"""

import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

from broker import free_ports

MODULE: Final = "github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0"
KINDS: Final = ("latency", "cut", "reset", "torn", "refused")
"""Late answers; silence on open connections; connections reset; ended in the middle; nobody listens."""


class NoProxy(Exception):
    """There is no toxiproxy, and none can be built; the message says why."""


class Network:
    """Proxies before addresses of this machine. Raises NoProxy."""

    def __init__(self) -> None:
        program = built()
        self._port, _ = free_ports()
        prefix = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        self._process = subprocess.Popen(
            [*prefix, str(program), "-host", "127.0.0.1", "-port", str(self._port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 10
        while True:
            try:
                self._asked("GET", "/version")
                return
            except OSError as error:
                if time.monotonic() > until:
                    self.stop()
                    raise NoProxy("toxiproxy does not answer") from error
                time.sleep(0.05)

    def door(self, name: str, listen: str, upstream: str) -> None:
        """Open a way from one address to the other."""
        self._asked("POST", "/proxies", {"name": name, "listen": listen, "upstream": upstream})

    def fails(self, door: str, kind: str, chance: Random) -> Callable[[], None]:
        """Let one way fail in one of the KINDS; what is returned mends it."""
        if kind == "refused":
            self._asked("POST", f"/proxies/{door}", {"enabled": False})
            return lambda: self._asked("POST", f"/proxies/{door}", {"enabled": True})
        given: dict[str, dict[str, Any]] = {
            "latency": {"type": "latency", "attributes": {"latency": 400, "jitter": 350}},
            "cut": {"type": "timeout", "attributes": {"timeout": 0}},
            "reset": {"type": "reset_peer", "attributes": {"timeout": chance.randrange(300)}},
            "torn": {"type": "limit_data", "attributes": {"bytes": chance.randrange(1, 20_000)}},
        }
        way = chance.choice(("upstream", "downstream"))
        # Two failures of one kind may overlap on one way.
        toxic = {"name": f"{kind}-{chance.getrandbits(32)}", "stream": way, **given[kind]}
        self._asked("POST", f"/proxies/{door}/toxics", toxic)
        return lambda: self._asked("DELETE", f"/proxies/{door}/toxics/{toxic['name']}")

    def _asked(self, method: str, path: str, told: Mapping[str, Any] | None = None) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request(method, path, None if told is None else json.dumps(told))
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status < 300, (method, path, answer.status, said)
        finally:
            connection.close()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def built() -> Path:
    """The program, in the user's cache. Raises NoProxy."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "personal-data-lineage"
    ready = cache / "toxiproxy-2.5.0"
    if ready.is_file():
        return ready
    if shutil.which("go") is None:
        raise NoProxy("toxiproxy is not there, and there is no Go to build it")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        done = subprocess.run(
            ["go", "install", MODULE],
            env=os.environ | {"GOBIN": folder},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode:
            raise NoProxy(f"Go did not build toxiproxy: {done.stderr[-300:]}")
        os.replace(Path(folder) / "server", ready)  # whole or not at all
    return ready
