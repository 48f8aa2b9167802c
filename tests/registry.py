"""Where do the tests find a real schema registry?

In this order: the address in `LINEAGE_TEST_REGISTRY` (with the path of its API); Apicurio Registry, fetched
once by Maven and run by Java, everything in memory. One registry serves a whole run of the tests.
"""

import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

from broker import free_ports

from lineage.errors import RegistryUnavailable
from lineage.registry.client import RegistryClient

VERSION = "2.6.13.Final"
ARTIFACT = f"io.apicurio:apicurio-registry-app:{VERSION}:tar.gz:all"
API = "/apis/ccompat/v7"
START_SECONDS = 90


class NoRegistry(Exception):
    """There is no registry, and none can be started; the message says why."""


class ForeignRegistry:
    """A registry that somebody else runs: it can be used, not stopped."""

    def __init__(self, url: str) -> None:
        self.url = url

    def stop(self) -> None:
        """Let go of it at the end of the run."""


class JarRegistry(ForeignRegistry):
    """Apicurio in a Java process of its own."""

    def __init__(self) -> None:
        for program in ("java", "mvn"):
            if shutil.which(program) is None:
                raise NoRegistry(f"LINEAGE_TEST_REGISTRY is not set, and {program} is missing")
        port, _ = free_ports()
        super().__init__(f"http://127.0.0.1:{port}{API}")
        home = unpacked()
        self._folder = Path(tempfile.mkdtemp(prefix="lineage-registry-"))
        prefix = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        java = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        (runner,) = home.glob("*-runner.jar")
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [*prefix, *java, "-jar", str(runner)],
                cwd=self._folder,
                env=os.environ | {"QUARKUS_HTTP_PORT": str(port), "QUARKUS_HTTP_HOST": "127.0.0.1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def _wait(self) -> None:
        client = RegistryClient(self.url, timeout_seconds=2.0)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                client.subjects()
            except RegistryUnavailable as error:
                if self._process.poll() is not None:
                    said = (self._folder / "output").read_text(errors="replace")[-500:]
                    raise NoRegistry(f"the registry ended while starting: {said}") from error
                if time.monotonic() > deadline:
                    raise NoRegistry(f"no registry answers in {START_SECONDS} s") from error
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)


def open_registry() -> ForeignRegistry:
    """The first registry that can be had. Raises NoRegistry."""
    if address := os.environ.get("LINEAGE_TEST_REGISTRY"):
        return ForeignRegistry(address)
    return JarRegistry()


def unpacked() -> Path:
    """Apicurio in the user's cache, fetched when it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "personal-data-lineage"
    ready = cache / f"apicurio-{VERSION}"
    if ready.is_dir():
        return ready
    cache.mkdir(parents=True, exist_ok=True)
    plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        for command in (
            ["mvn", "-q", "-B", f"{plugin}:get", f"-Dartifact={ARTIFACT}", "-Dtransitive=false"],
            ["mvn", "-q", "-B", f"{plugin}:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"],
        ):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
            if done.returncode:
                raise NoRegistry(f"Maven did not bring {ARTIFACT}: {(done.stdout + done.stderr)[-500:]}")
        (packed,) = Path(folder).glob("*.tar.gz")
        whole = Path(folder) / "whole"
        with tarfile.open(packed) as archive:
            archive.extractall(whole, filter="data")
        try:
            whole.rename(ready)  # whole or not at all, also when two runs fetch at once
        except OSError:
            if not ready.is_dir():
                raise
    return ready
