"""Where a lab's client and server stand: on machines of their own, with a good or a bad line between, or on loopback."""

import os
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

from netviz.lab.here import on_loopback
from netviz.lab.laboratory import Choices
from netviz.lab.line import Line
from netviz.lab.namespaces import Namespace
from netviz.lab.networks import Network, direct, over_wire

ECHO: Final = 7007
"""Port of a server that says back what it hears, for who wants to open connections by hand."""

_MOST_SAID: Final = 4096
_PATIENCE: Final = 600.0


@contextmanager
def placed(choices: Choices, ports: Sequence[int], line: Line | None = None) -> Iterator[Network]:
    """Client and server for a lab; `line` is its own line, which what was chosen replaces."""
    with ExitStack() as stack:
        if choices.place == "loopback":
            network = stack.enter_context(on_loopback(ports))
        elif chosen := choices.line or line:
            network = stack.enter_context(over_wire(fate=chosen))
        else:
            network = stack.enter_context(direct())
        yield network


def machines_of(network: Network, first: str = "client") -> dict[str, Namespace]:
    """The machines by role, the one to watch first."""
    both = {"client": network.client, "server": network.server}
    return {first: both[first], **both}


def filter_of(choices: Choices, network: Network) -> str:
    """Of loopback only the lab's ports; of a lab's own machines everything."""
    if choices.place == "machines":
        return ""
    return " or ".join(f"port {port}" for port in sorted(network.ports.values()))


def typed(machine: Namespace, line: str) -> str:
    """What to type in a terminal to run a program on a machine."""
    if not machine.name:
        return line
    return f"{'sudo ' if 'SUDO_UID' in os.environ else ''}ip netns exec {machine.name} {line}"


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Say back what is heard until the other end has no more to say."""
        self.request.settimeout(_PATIENCE)
        with suppress(OSError):
            while heard := self.request.recv(_MOST_SAID):
                self.request.sendall(heard)


class _EchoServer(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


@contextmanager
def echoing(network: Network) -> Iterator[str]:
    """An echo server runs on the server during the block; yields what to type to talk to it."""
    address, port = network.server_address, network.port(ECHO)
    with network.server.entered():
        server = _EchoServer((address, port), _Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="echo", daemon=True)
    thread.start()
    try:
        yield typed(network.client, f"nc {address} {port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
