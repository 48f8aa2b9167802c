"""A shop whose service tells what it does: its policy, its clock, and what then stands in its log."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from lineage.codec import decode
from lineage.events import Event
from lineage.logs import EmbeddedLog
from lineage.policy import Policy, parse
from lineage.service import Failure, Service
from lineage.settings import load_settings

T = TypeVar("T")

POISON = "ana.poisoned@example.com"
"""Stands wherever a person's identifier may be, and nowhere in a line, an error, a repr or an answer."""

START = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
"""Nine in the morning in Los Angeles, where the shop's days begin at 7:00 UTC."""

FILES = {
    "business.yaml": """
name: Corner Shop
systems: {web_shop: {publishes: true}}
producers: {checkout: {systems: [web_shop], from: 2026-01-01}}
""",
    "parties.yaml": """
sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}
recipients: {card_company: {name: Card Company, category: RCP_PAYMENT}}
""",
    "purposes.yaml": "purposes: {sell: {statutory: [BP5_SERVICES], wording: to sell you things}}",
    "activities.yaml": """
activities:
  page_viewed:
    {event: Collected, elements: [page_view], source: customer, purposes: [sell], system: web_shop,
     rollup: day}
  page_used:
    {event: Used, elements: [page_view], purposes: [sell], system: web_shop, rollup: day}
  order_placed:
    {event: Collected, elements: [order_history], source: customer, purposes: [sell], system: web_shop}
  order_paid:
    {event: Shared, elements: [card_pan], recipient: card_company, purposes: [sell], consideration: NONE,
     system: web_shop}
  order_routed:
    {event: Shared, elements: [order_history], purposes: [sell], consideration: NONE, system: web_shop}
  nightly_upload:
    {event: PopulationShared, elements: [email_address], recipient: card_company, purposes: [sell],
     consideration: NONE, system: web_shop}
""",
}


def awaited(call: Coroutine[Any, Any, T]) -> T:
    """What the call gives. In a thread of its own: a browser that other tests drive has a loop in this."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, call).result()


class GivenClock:
    """Says what a test has given it."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **times: float) -> None:
        self.now += timedelta(**times)


def a_policy() -> Policy:
    return parse(FILES)


class Shop:
    """A service on an embedded log of its own."""

    def __init__(self, folder: Path, policy: Policy, **options: Any) -> None:
        self.folder = folder
        self.clock = GivenClock()
        self.failures: list[Failure] = []
        self.service = Service(
            "checkout",
            policy=policy,
            settings=load_settings(home=folder, secret="0" * 64),
            clock=self.clock,
            on_failure=self.failures.append,
            **options,
        )
        self.records: Callable[..., Any] = self.service.records

    def told(self) -> list[Event]:
        """What stands in the log once the service is closed."""
        self.service.close()
        with EmbeddedLog(self.folder / "log.sqlite") as log:
            records = log.read({0: 0}, limit=10_000, wait_seconds=0)
        return [decode(value) for value in records.value if value is not None]

    def told_of(self, *activities: str) -> list[Any]:
        """The events of these activities, or of all that have one."""
        found = [event for event in self.told() if getattr(event, "activity", None)]
        return [event for event in found if not activities or event.activity in activities]  # type: ignore[attr-defined]
