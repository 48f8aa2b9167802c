"""Who starts a program again when it ends? Its supervisor, until it ends because it was told to."""

import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Final

START_AGAIN_SECONDS: Final = 0.2
RIGHT_ENDS: Final = (0, -signal.SIGKILL, -signal.SIGTERM, 4)
"""Told to end; killed; told to end while it began; log, disk or database could not be used."""


class Program:
    """A process that is started again whenever it ends with anything but 0.

    ``ends`` counts how it ended; ``unexplained`` is what it said where no fault explains that it ended so.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], output: Path) -> None:
        self.ends: Counter[int] = Counter()
        self.unexplained: list[str] = []
        # A torture that is killed cannot clean up: where the system offers it, all end with it.
        prefix = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        self._command = [*prefix, *command]
        self._environment = os.environ | environment
        self._output = output
        self._goes_on = True
        self._process = self._started()
        self._supervisor = Thread(target=self._supervise, daemon=True)
        self._supervisor.start()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._output.open("ab") as output:
            return subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def _supervise(self) -> None:
        while code := self._process.wait():
            self.ends[code] += 1
            if code not in RIGHT_ENDS:
                self.unexplained.append(
                    f"ended with {code}: {self._output.read_text(errors='replace')[-2000:]}"
                )
            time.sleep(START_AGAIN_SECONDS)
            if not self._goes_on:
                return
            self._process = self._started()
        self.ends[0] += 1

    def killed(self) -> None:
        """SIGKILL; it begins again after a moment."""
        self._process.kill()

    def stopped(self) -> Callable[[], None]:
        """SIGSTOP; what is returned lets the same process go on, if it has not been killed since."""
        process = self._process
        process.send_signal(signal.SIGSTOP)
        return lambda: process.send_signal(signal.SIGCONT)

    def ended(self, within_seconds: float) -> bool:
        """Has it ended by itself, with 0?"""
        self._supervisor.join(within_seconds)
        return not self._supervisor.is_alive()

    def told_to_end(self, within_seconds: float) -> None:
        """SIGTERM, and SIGKILL to what does not hear it; it is not started again."""
        self._goes_on = False
        self._process.terminate()
        if not self.ended(within_seconds):
            self._process.kill()
            self._supervisor.join()
