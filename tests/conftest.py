"""The worlds that tests share. A fixture is named by what stands there when a test begins."""

import os
import uuid
from collections.abc import Iterator

import pytest
from broker import Broker, NoBroker, open_broker
from browser import chromium as chromium  # one for all tests of a process
from galleries import answered_in as answered_in  # one for all processes
from looking import WANTED as WANTED  # loads the profile of all properties
from registry import ForeignRegistry, NoRegistry, open_registry
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class FileByFile(LoadScopeScheduling):
    """Which tests go to one process together: those of a file, for what they share is made once; and all that
    use the broker, for there is one in a run, and some of them end it.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return "broker" if file.startswith(("tests/contract/test_logs", "tests/integration/")) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FileByFile:
    """With `--numprocesses`: several processes, and still one broker.

    In the order of the folders, not of how many tests a file has: the broker's begin early, the many quick
    files of `unit` come last, and so all processes end at about the same time.
    """
    config.option.loadscopereorder = False
    return FileByFile(config, log)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are cores: many tests wait for a server, or for a deadline to pass."""
    return min((os.cpu_count() or 1) + 1, 4)


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A real Kafka broker for the whole run. Without one: skip, or fail where LINEAGE_REQUIRE_KAFKA=1."""
    try:
        found = open_broker()
    except NoBroker as error:
        if os.environ.get("LINEAGE_REQUIRE_KAFKA") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_KAFKA=1, but there is no Kafka broker: {error}")
        pytest.skip(f"no Kafka broker: {error}")
    yield found
    found.stop()


@pytest.fixture(scope="session")
def registry() -> Iterator[ForeignRegistry]:
    """A real schema registry. Without one: skip, or fail where LINEAGE_REQUIRE_KAFKA=1 wants all servers."""
    try:
        found = open_registry()
    except NoRegistry as error:
        if os.environ.get("LINEAGE_REQUIRE_KAFKA") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_KAFKA=1, but there is no schema registry: {error}")
        pytest.skip(f"no schema registry: {error}")
    yield found
    found.stop()


@pytest.fixture
def topic_name() -> str:
    """A topic that no other test knows; nobody has made it yet."""
    return f"test-{uuid.uuid4().hex}"
