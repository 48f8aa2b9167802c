"""How do numbers reach Prometheus? Counted here, told in its text format (version 0.0.4).

A number may have one label, such as the partition. Safe to share between threads.
"""

from collections.abc import Iterator
from threading import Lock
from typing import Final, Literal

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Number:
    """A counter, which only rises, or a gauge. ``label`` names what tells its values apart."""

    def __init__(self, name: str, kind: Literal["counter", "gauge"], means: str, label: str | None) -> None:
        self.name, self.kind, self._means, self._label = name, kind, means, label
        self._values: dict[str, float] = {} if label else {"": 0}
        self._lock = Lock()

    def add(self, amount: float = 1, of: object = "") -> None:
        """Raise it by ``amount``, which is not negative for a counter."""
        with self._lock:
            self._values[str(of)] = self._values.get(str(of), 0) + amount

    def set(self, value: float, of: object = "") -> None:
        """Put a gauge to a value."""
        with self._lock:
            self._values[str(of)] = value

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self._means}"
        yield f"# TYPE {self.name} {self.kind}"
        with self._lock:
            found = sorted(self._values.items())
        for of, value in found:
            label = f'{{{self._label}="{_escaped(of)}"}}' if self._label else ""
            yield f"{self.name}{label} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


class Numbers:
    """All numbers of one process."""

    def __init__(self) -> None:
        self._numbers: list[Number] = []

    def counter(self, name: str, means: str, label: str | None = None) -> Number:
        """A new counter; its name ends with `_total`."""
        return self._kept(Number(name, "counter", means, label))

    def gauge(self, name: str, means: str, label: str | None = None) -> Number:
        """A new gauge; its name ends with its unit."""
        return self._kept(Number(name, "gauge", means, label))

    def _kept(self, number: Number) -> Number:
        self._numbers.append(number)
        return number

    def text(self) -> str:
        """All of them, as Prometheus reads it."""
        return "".join(f"{line}\n" for number in self._numbers for line in number.lines())
