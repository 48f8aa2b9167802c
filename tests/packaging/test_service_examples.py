"""The shops in examples/services: does a customer's visit stand in a report, whatever the framework?"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from lineage.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "services"
GPC = {"Sec-GPC": "1"}

Ask = Callable[..., Any]


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def flask_shop() -> Iterator[Ask]:
    shop = loaded("flask_shop")
    client = shop.app.test_client()
    yield lambda method, path, headers=None: client.open(path, method=method, headers=headers)
    shop.upload_addresses()
    shop.service.close()


@contextmanager
def django_shop() -> Iterator[Ask]:
    from werkzeug.test import Client

    shop = loaded("django_shop")
    client = Client(shop.app)
    yield lambda method, path, headers=None: client.open(path, method=method, headers=headers)
    shop.upload_addresses()
    shop.service.close()


@contextmanager
def fastapi_shop() -> Iterator[Ask]:
    """By a server of its own, over HTTP."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    folder = str(EXAMPLES / "fastapi_shop")
    command = ["-m", "uvicorn", "--app-dir", folder, "app:app", "--port", str(port), "--log-level", "warning"]
    server = subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            until = time.monotonic() + 60
            while server.poll() is None and time.monotonic() < until:
                with socket.socket() as there:
                    if there.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield client.request
    finally:
        server.terminate()
        _, lines = server.communicate(timeout=60)
    assert lines == ""


def typed(*words: str) -> str:
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def visited(ask: Ask, account: str) -> None:
    """A customer comes, asks not to be sold, logs in, orders, and looks around."""
    assert ask("POST", "/orders").status_code == 401
    assert "of our own" in ask("GET", "/").text
    answer = ask("GET", "/", headers=GPC)
    assert "as your browser asks" in answer.text
    assert len(answer.headers["x-request-id"]) == 36
    ask("POST", f"/login?account={account}")
    assert ask("POST", "/orders").status_code == 200
    for _ in range(3):
        assert ask("GET", "/", headers=GPC).status_code == 200


SHOPS = {"fastapi": fastapi_shop, "flask": flask_shop, "django": django_shop}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One log, in which a customer has visited each of the shops."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("LINEAGE_")]:
            environment.delenv(name)
        environment.setenv("LINEAGE_HOME", str(folder))
        typed("policy", "adopt", str(EXAMPLES / "policy"))
        for name, shop in SHOPS.items():
            with shop() as ask:
                visited(ask, f"poisoned-{name}")
        yield folder


def test_each_shop_told_of_both_opt_outs_of_the_order_and_of_the_night(home: Path) -> None:
    asked = """
        select event, activity, namespace, count(distinct incarnation)::int as shops, count(*)::int as events
        from events group by all order by all
    """
    told = json.loads(typed("sql", asked, "--format", "json"))

    assert [tuple(row.values()) for row in told] == [
        ("ChoiceMade", None, "account", 3, 3),
        ("ChoiceMade", None, "cookie", 3, 3),
        ("Collected", "order_placed", "account", 3, 3),
        ("Collected", "page_viewed", "account", 3, 6),  # the first of the day, and all the others
        ("Collected", "page_viewed", "cookie", 3, 3),
        ("PopulationShared", "addresses_uploaded", None, 2, 2),
        ("Shared", "order_paid", "account", 3, 3),
    ]
    assert b"poisoned" not in b"".join(path.read_bytes() for path in home.iterdir() if path.is_file())


@pytest.mark.parametrize("name", SHOPS)
def test_what_a_customer_does_in_a_shop_stands_in_their_report(home: Path, name: str) -> None:
    report = json.loads(typed("report", f"account:poisoned-{name}", "--received", "2027-01-01T00:00Z"))
    collected = {line["category"]: line for line in report["collected"]}

    assert {pair["recipient_category"] for pair in report["disclosed"]["pairs"]} >= {"RCP_PAYMENT"}
    assert "PI_D_COMMERCIAL" in collected
    pages = collected["PI_F_INTERNET_ACTIVITY"]
    assert (pages["events"], pages["occurrences"]) == (2, 3)
