"""Which broker can be tortured? One of our own, with a door for each program, so that each can fail alone.

Kafka tells a client to come back to the address that belongs to the listener at which it came in: a listener
each, advertised at its proxy, keeps a program behind its own proxy.
"""

import signal
from collections.abc import Callable, Sequence

from broker import JarBroker, free_ports

from torture.network import Network


class DoorsBroker(JarBroker):
    """Kafka by Java, with a listener for each of ``names``; with a network its proxies stand before them.

    ``at`` says where each program finds it. Raises NoBroker where there is no Java.
    """

    def __init__(self, names: Sequence[str], network: Network | None) -> None:
        self.at: dict[str, str] = {}
        self._names, self._network = names, network
        super().__init__()

    def _doors(self, port: int) -> dict[str, str]:
        controller = free_ports()[1]
        inside = {"PLAINTEXT": f"127.0.0.1:{port}"}
        outside = dict(inside)
        for name in self._names:
            near, far = (f"127.0.0.1:{each}" for each in free_ports())
            inside[name.upper()] = near
            outside[name.upper()] = self.at[name] = near if self._network is None else far
            if self._network is not None:
                self._network.door(name, listen=far, upstream=near)
        return {
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"{_listed(inside)},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": _listed(outside),
            "listener.security.protocol.map": ",".join(
                f"{each}:PLAINTEXT" for each in (*inside, "CONTROLLER")
            ),
        }

    def stopped(self) -> Callable[[], None]:
        """SIGSTOP; what is returned lets the same process go on."""
        process = self._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        return lambda: process.send_signal(signal.SIGCONT)


def _listed(doors: dict[str, str]) -> str:
    return ",".join(f"{name}://{address}" for name, address in doors.items())
