"""What does a torture do, from the first fault to the last count?"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from lineage.archive.form import ends as archived
from lineage.errors import LineageError
from lineage.logs.kafka import KafkaLog
from lineage.publish.adopting import adopt
from torture import keeping, telling
from torture.counting import count
from torture.disk import NoDisk, SmallDisk
from torture.doors import DoorsBroker
from torture.faults import Faults
from torture.found import LINEAGE, Installation
from torture.keeping import TORTURED
from torture.network import Network, NoProxy
from torture.program import Program
from torture.result import Result

TOPIC: Final = "tortured-events"
PARTITIONS: Final = 3
DISK_MEBIBYTES: Final = 512
OUTBOX: Final = "ledger.sqlite"
BOOKS: Final = {"publisher": "shop", "tillone": "tillone", "tilltwo": "tilltwo", "ledger": "ledger"}
"""Who tells, and in which folder it writes that down."""

CATCH_UP_SECONDS: Final = 180.0
END_SECONDS: Final = 60.0
TESTS: Final = Path(__file__).parents[1]
Made = TypeVar("Made")


def torture(seconds: float, seed: int, rate: int = 150) -> Result:
    """Let everything fail for so long, then catch up, then count. ``rate``: events a second, about.

    Raises NoBroker where there is no Java for a broker of our own.
    """
    result, chance = Result({"seed": seed}), Random(seed)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lineage-torture-")))
        home = work / "home"
        home.mkdir()
        if (network := _or_left_out(Network, NoProxy, result)) is not None:
            stack.callback(network.stop)
        if (disk := _or_left_out(lambda: SmallDisk(home, DISK_MEBIBYTES), NoDisk, result)) is not None:
            stack.callback(disk.gone)
        commands = _commands(work, rate)
        broker = DoorsBroker(list(commands), network)
        stack.callback(broker.stop)
        log = stack.enter_context(KafkaLog(broker.bootstrap, TOPIC, connect_seconds=30))
        log.ensure_topic(partitions=PARTITIONS)
        adopt(TORTURED, log)
        keeping.make_outbox(work / OUTBOX)

        given = _environment(work, home)
        programs: dict[str, Program] = {}
        for name, command in commands.items():
            at = given | {"LINEAGE_KAFKA_BOOTSTRAP": broker.at[name]}
            programs[name] = Program(command, at, work / f"{name}.txt")
            stack.callback(programs[name].told_to_end, 1)
        faults = Faults(programs, broker, network, disk, chance)
        _all_have_begun(work)
        with _timed(result, "seconds of faults"):
            faults.happen(seconds)
        result.figures |= {"faults": faults.counted.total(), **dict(sorted(faults.counted.items()))}
        with _timed(result, "seconds to catch up"):
            here = Installation(given | {"LINEAGE_KAFKA_BOOTSTRAP": broker.bootstrap}, home, work)
            late = _catch_up(here, log, programs)
        result.must_be_zero["programs that did not catch up"] = late
        _end(result, programs)
        with _timed(result, "seconds to count"):
            count(result, here, log, chance)
    return result


def _all_have_begun(work: Path) -> None:
    """On a busy machine a program needs long to begin; killed before it tells anything it shows nothing."""
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline and not all(telling.confirmed(work / name) for name in BOOKS.values()):
        time.sleep(0.2)


@contextmanager
def _timed(result: Result, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    result.figures[what] = round(time.monotonic() - began)


def _end(result: Result, programs: Mapping[str, Program]) -> None:
    for name, program in programs.items():
        program.told_to_end(END_SECONDS)
        result.figures |= {
            f"{name} ended with {code}": number for code, number in sorted(program.ends.items())
        }
        result.unexplained += [f"{name} {said}" for said in program.unexplained]
    result.must_be_zero["ends that no fault explains"] = len(result.unexplained)


def _or_left_out(make: Callable[[], Made], cannot: type[Exception], result: Result) -> Made | None:
    try:
        return make()
    except cannot as why:
        result.left_out.append(str(why))
        return None


def _commands(work: Path, rate: int) -> dict[str, tuple[str, ...]]:
    """What is tortured, besides the broker: among it two processes of one service, with one spool."""

    def _tells(module: str, name: str, a_second: int, *how: str) -> tuple[str, ...]:
        return sys.executable, "-m", f"torture.{module}", str(work / name), str(a_second), *how

    return {
        "publisher": _tells("telling", "shop", rate),
        "tillone": _tells("keeping", "tillone", rate // 4, "spool"),
        "tilltwo": _tells("keeping", "tilltwo", rate // 4, "spool"),
        "ledger": _tells("keeping", "ledger", rate // 4, "outbox"),
        "relay": (*LINEAGE, "outbox", "relay"),
        "projector": (*LINEAGE, "project", "--follow"),
        "archiver": (*LINEAGE, "archive", "--follow"),
    }


def _environment(work: Path, home: Path) -> dict[str, str]:
    """Small batches, small segments, many checkpoints: a fault then meets each step often."""
    settings = {
        "home": home,
        "log": "kafka",
        "kafka_topic": TOPIC,
        "secret": secrets.token_hex(32),
        "actor": "torture",
        "batch_records": 300,
        "batch_seconds": 0.1,
        "archive_records": 500,
        "archive_seconds": 1.0,
        "checkpoints": work / "checkpoints",
        "checkpoint_minutes": 0.05,
        "outbox_url": f"sqlite:///{work / OUTBOX}",
        "heartbeat_seconds": 2.0,
    }
    given = {f"LINEAGE_{name.upper()}": str(value) for name, value in settings.items()}
    return {"PYTHONPATH": f"{TESTS.parent}:{TESTS}"} | given


def _catch_up(here: Installation, log: KafkaLog, programs: Mapping[str, Program]) -> int:
    """Let everybody come to the end of what was told; how many did not within CATCH_UP_SECONDS."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    (here.book / telling.ENOUGH).touch()
    late = sum(not programs[name].ended(max(0.0, deadline - time.monotonic())) for name in BOOKS)
    programs["relay"].told_to_end(END_SECONDS)
    late += here.empties("spool", "drain") + here.empties("outbox", "relay", "--once")
    ends = {part: end for part, (_, end) in log.bounds().items()}
    for reached in (log.committed, lambda: archived(here.archive)):
        while not (arrived := _reached(reached, ends)) and time.monotonic() < deadline:
            time.sleep(0.3)
        late += not arrived
    return late


def _reached(places: Callable[[], Mapping[int, int]], ends: Mapping[int, int]) -> bool:
    try:
        return dict(places()) == ends
    except (LineageError, FileNotFoundError):  # segments change while one looks
        return False
