"""What can fail, and when? Everything that can here, in random order, at random moments, for a random while.

All kinds are shuffled and drawn one by one, like cards: a short torture has each of them, too.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Final

from torture.disk import SmallDisk
from torture.doors import DoorsBroker
from torture.network import KINDS, Network
from torture.program import Program

APART_SECONDS: Final = (0.2, 2.0)
LASTING_SECONDS: Final = (0.3, 4.0)
BROKER_AWAY_SECONDS: Final = (0.0, 3.0)

Mend = Callable[[], object]
Fault = Callable[[], Mend | None]
"""Begins, and returns what ends it; None when it is over at once."""


class Faults:
    """Those that are possible here; ``counted`` by kind."""

    def __init__(
        self,
        programs: Mapping[str, Program],
        broker: DoorsBroker,
        network: Network | None,
        disk: SmallDisk | None,
        chance: Random,
    ) -> None:
        self.counted: Counter[str] = Counter()
        self._chance = chance
        self._kinds: dict[str, Fault] = {}
        self._deck: list[str] = []
        self._lasting: list[tuple[float, Mend]] = []
        for name, program in programs.items():
            self._kinds[f"SIGKILL {name}"] = program.killed
            self._kinds[f"SIGSTOP {name}"] = program.stopped
        self._kinds["SIGKILL broker"] = partial(self._broker_killed, broker)
        self._kinds["SIGSTOP broker"] = broker.stopped
        if network is not None:
            for kind in KINDS:
                self._kinds[f"network {kind}"] = partial(self._network_fails, network, sorted(programs), kind)
        if disk is not None:
            self._kinds["full disk"] = disk.is_full

    def happen(self, seconds: float) -> None:
        """For so long; when this returns, all is mended."""
        end = time.monotonic() + seconds
        try:
            while (now := time.monotonic()) < end:
                self._mend(now)
                self._one_more()
                self._wait(min(end, time.monotonic() + self._chance.uniform(*APART_SECONDS)))
        finally:
            self._mend(float("inf"))

    def _one_more(self) -> None:
        if not self._deck:
            self._deck = sorted(self._kinds)
            self._chance.shuffle(self._deck)
        kind = self._deck.pop()
        mend = self._kinds[kind]()
        self.counted[kind] += 1
        if mend is not None:
            self._lasting.append((time.monotonic() + self._chance.uniform(*LASTING_SECONDS), mend))

    def _wait(self, until: float) -> None:
        while (now := time.monotonic()) < until:
            self._mend(now)
            time.sleep(0.05)

    def _mend(self, now: float) -> None:
        over = [mend for until, mend in self._lasting if until <= now]
        self._lasting = [each for each in self._lasting if each[0] > now]
        for mend in over:
            mend()

    def _broker_killed(self, broker: DoorsBroker) -> None:
        broker.kill()
        self._wait(time.monotonic() + self._chance.uniform(*BROKER_AWAY_SECONDS))
        broker.start()

    def _network_fails(self, network: Network, doors: list[str], kind: str) -> Mend:
        return network.fails(self._chance.choice(doors), kind, self._chance)
