"""This machine itself in the place of a lab's machines: loopback, for who has no root. Knows no traffic."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from netviz.lab.namespaces import Namespace
from netviz.lab.networks import Network
from netviz.lab.requirements import CannotRecord

LOOPBACK: Final = "lo"
ADDRESS: Final = "127.0.0.1"
_TRIES: Final = 50


@dataclass(frozen=True, slots=True)
class ThisMachine(Namespace):
    """The machine that this process runs on. Its settings are its owner's: none is changed."""

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Nothing to enter."""
        yield

    def command(self, *arguments: str) -> list[str]:
        """The program as it is."""
        return list(arguments)

    def resolve_with(self, server: str) -> None:
        """Left alone."""

    def ip(self, *arguments: str) -> None:
        """Left alone."""

    def setting(self, name: str, value: int | str) -> None:
        """Left alone."""


HERE: Final = ThisMachine("")


@contextmanager
def on_loopback(wanted: Sequence[int]) -> Iterator[Network]:
    """Client and server are both this machine; each wanted port is stood in for by one that is free."""
    ports = {port: free_port(port) for port in wanted}
    yield Network(HERE, HERE, HERE, LOOPBACK, ADDRESS, ADDRESS, ports)


def loopback_addresses() -> tuple[str, ...]:
    """The addresses that `localhost` may mean here: a browser tries the one of IPv6 first, where there is one."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return (ADDRESS,)
    return (ADDRESS, "::1")


def free_port(wanted: int, taken: Sequence[int] = ()) -> int:
    """The wanted TCP port, or the next one after it that nobody has on any loopback address.

    Raises: CannotRecord where none of the next 50 is free.
    """
    addresses = loopback_addresses()
    for port in range(wanted, min(wanted + _TRIES, 65_536)):
        if port not in taken and all(_is_free(address, port) for address in addresses):
            return port
    raise CannotRecord("lab-no-free-port", first=wanted, last=wanted + _TRIES - 1)


def _is_free(address: str, port: int) -> bool:
    with ExitStack() as stack, suppress(OSError):
        probe = stack.enter_context(socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET))
        # As servers bind: what only waits out its time after a close is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((address, port))
        return True
    return False
