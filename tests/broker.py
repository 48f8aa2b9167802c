"""Where do the tests find a real Kafka broker?

In this order: the address in `LINEAGE_TEST_KAFKA`; the image of docker-compose.yml where a Docker daemon
answers; Kafka's own jars, fetched once by Maven and run by Java. One broker serves a whole run of the tests.
"""

import base64
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import yaml
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

COMPOSE = Path(__file__).parent.parent / "docker-compose.yml"
VERSION = "4.1.1"
START_SECONDS = 90
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>tests</groupId><artifactId>kafka</artifactId><version>1</version>
<packaging>pom</packaging><dependencies><dependency><groupId>org.apache.kafka</groupId>
<artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency></dependencies></project>
"""


class NoBroker(Exception):
    """There is no broker, and none can be started; the message says why."""


class Broker:
    """A broker that somebody else runs: it can be used, not stopped."""

    def __init__(self, bootstrap: str, client: Mapping[str, str] | None = None) -> None:
        self.bootstrap = bootstrap
        self.client = dict(client or {})  # what a client has to be told beside the address

    def kill(self) -> None:
        """End the broker at once, as a power cut would."""
        raise NotImplementedError("the broker of LINEAGE_TEST_KAFKA is not ours to end")

    def start(self) -> None:
        """Start it (again), on the same port and data."""

    def restart(self) -> None:
        """Kill it and start it on the same port and data."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """Let go of it at the end of the run."""

    def _running(self) -> str | None:
        """None while it runs, else what it said last."""
        return None

    def wait(self) -> None:
        """Return when it answers. Raises NoBroker."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            if (last_words := self._running()) is not None:
                raise NoBroker(f"the broker ended while starting: {last_words}")
            try:
                KafkaAdminClient(
                    bootstrap_servers=self.bootstrap, bootstrap_timeout_ms=1000, **self.client
                ).close()
            except KafkaError as error:
                if time.monotonic() > deadline:
                    raise NoBroker(f"no broker answers at {self.bootstrap} in {START_SECONDS} s") from error
                time.sleep(0.1)
            else:
                return


class JarBroker(Broker):
    """Kafka's jars in a Java process of its own; data in a temporary folder."""

    def __init__(self) -> None:
        for program in ("java", "mvn"):
            if shutil.which(program) is None:
                raise NoBroker(
                    f"LINEAGE_TEST_KAFKA is not set, no Docker daemon answers, and {program} is missing"
                )
        self._jars = f"{jars()}/*"
        self._folder = Path(tempfile.mkdtemp(prefix="lineage-kafka-"))
        port, controller = free_ports()
        super().__init__(f"127.0.0.1:{port}", self._client())
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = self._folder / "server.properties"
        settings = server_settings(f"127.0.0.1:{port}", f"127.0.0.1:{port}", f"127.0.0.1:{controller}")
        settings["log.dirs"] = str(self._folder / "data")
        settings |= self._doors(port)
        self._settings.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        try:
            self._java(
                "kafka.tools.StorageTool",
                "format",
                "-t",
                kafka_id(),
                "-c",
                str(self._settings),
                *self._users(),
            )
            self.start()
        except BaseException:
            self.stop()
            raise

    def _client(self) -> dict[str, str]:
        return {}

    def _doors(self, port: int) -> dict[str, str]:
        """Server settings of its own, which go before the usual ones."""
        return {}

    def _users(self) -> list[str]:
        """Who may come in: options for formatting."""
        return []

    def _java(self, *arguments: str) -> None:
        done = subprocess.run(
            ["java", "-cp", self._jars, *arguments], capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            raise NoBroker(f"{arguments[0]}: {(done.stderr or done.stdout)[-500:]}")

    def start(self) -> None:
        # A killed test run cannot clean up: where the system offers it, the broker then ends with its parent.
        prefix = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        java = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", self._jars]
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [*prefix, *java, "kafka.Kafka", str(self._settings)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.wait()

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)
        self._process = None

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _running(self) -> str | None:
        if self._process is None or self._process.poll() is None:
            return None
        return (self._folder / "output").read_text(errors="replace")[-500:]


class DockerBroker(Broker):
    """The broker image that docker-compose.yml names, in a container of its own."""

    def __init__(self) -> None:
        port, _ = free_ports()
        super().__init__(f"127.0.0.1:{port}")
        self._name = f"lineage-test-{uuid.uuid4().hex[:12]}"
        image = yaml.safe_load(COMPOSE.read_text())["services"]["kafka"]["image"]
        environment: list[str] = []
        for key, value in server_settings(self.bootstrap, f"0.0.0.0:{port}", "localhost:9093").items():
            environment += ["--env", f"KAFKA_{key.upper().replace('.', '_')}={value}"]
        run = ["docker", "run", "--detach", "--name", self._name, "--publish", f"{self.bootstrap}:{port}"]
        done = subprocess.run([*run, *environment, image], capture_output=True, text=True, timeout=600)
        if done.returncode:
            self.stop()
            raise NoBroker(f"docker run: {done.stderr[-500:]}")
        self.wait()

    def start(self) -> None:
        subprocess.run(["docker", "start", self._name], check=True, capture_output=True, timeout=60)
        self.wait()

    def kill(self) -> None:
        subprocess.run(["docker", "kill", self._name], check=True, capture_output=True, timeout=60)

    def stop(self) -> None:
        subprocess.run(["docker", "rm", "--force", "--volumes", self._name], capture_output=True, timeout=60)


def open_broker() -> Broker:
    """The first broker that can be had. Raises NoBroker."""
    if address := os.environ.get("LINEAGE_TEST_KAFKA"):
        broker = Broker(address)
        broker.wait()
        return broker
    if docker_answers():
        return DockerBroker()
    return JarBroker()


def docker_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, timeout=60).returncode == 0


def jars() -> Path:
    """Kafka's jars in the user's cache, fetched when they are not there yet."""
    cache = cached()
    ready = cache / f"kafka-{VERSION}"
    if ready.is_dir():
        return ready
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        pom, fetched = Path(folder) / "pom.xml", Path(folder) / "libs"
        pom.write_text(POM)
        command = [
            "mvn",
            "-q",
            "-B",
            "-f",
            str(pom),
            "dependency:copy-dependencies",
            f"-DoutputDirectory={fetched}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise NoBroker(f"Maven did not bring Kafka {VERSION}: {(done.stdout + done.stderr)[-500:]}")
        try:
            fetched.rename(ready)  # whole or not at all, also when two runs fetch at once
        except OSError:
            if not ready.is_dir():
                raise
    return ready


def cached() -> Path:
    """Where the tests keep what they fetched or built, for other runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "personal-data-lineage"


def server_settings(advertised: str, listener: str, controller: str) -> dict[str, str]:
    """One node that is broker and controller; everything that Kafka wants threefold, once."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"PLAINTEXT://{listener},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{advertised}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        # A killed broker may come back only when its controller has given it up: after 9 s, left alone.
        "broker.session.timeout.ms": "1500",
        "broker.heartbeat.interval.ms": "400",
        "auto.create.topics.enable": "false",
    }


def kafka_id() -> str:
    """A cluster id as Kafka writes it: 16 random bytes in URL-safe base 64, not beginning with a dash."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return text


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]
