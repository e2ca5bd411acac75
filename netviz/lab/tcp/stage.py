"""Two machines on a line, sockets on both, recorders at both ends and in the middle, and the kernel as a witness."""

import os
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_INET, AF_INET6, SHUT_WR, SO_LINGER, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET
from socket import socket as Socket
from typing import Final

from netviz.lab.namespaces import Namespace, namespace
from netviz.lab.tcp.line import Line, Rule
from netviz.lab.tcp.witness import Witness, left, witnessing
from netviz.lab.tcpdump import tcpdump
from netviz.lab.wire import Sender, carrying, tap

INTERFACE: Final = "eth0"
ADDRESSES: Final[dict[int, dict[Sender, str]]] = {
    4: {"client": "10.77.0.2", "server": "10.77.0.1"},
    6: {"client": "fd77::2", "server": "fd77::1"},
}
_MACS: Final[dict[Sender, str]] = {"client": "02:00:00:77:00:02", "server": "02:00:00:77:00:01"}
PORTS: Final[dict[Sender, int]] = {"client": 40077, "server": 8077}
_PATIENCE: Final = 8.0
_FAMILIES: Final = {4: AF_INET, 6: AF_INET6}
_SETTLING: Final = 1.2
"""Seconds in which a new IPv6 address makes itself known."""


@dataclass(slots=True)
class Stage:
    """What a scenario plays on."""

    client: Namespace
    server: Namespace
    line: Line
    version: int
    kept: list[Socket] = field(default_factory=list)
    """Sockets that stay open until the recording has ended."""

    left: dict[Sender, dict[tuple[str, str], str]] = field(default_factory=dict)
    """What each machine's kernel had left at the end."""

    ended: int = 0
    """Nanoseconds since the epoch: when that was asked. Sockets that are closed later are no part of the scenario."""

    def machine(self, end: Sender) -> Namespace:
        """The machine at one end."""
        return self.client if end == "client" else self.server

    def address(self, end: Sender) -> str:
        """Its address."""
        return ADDRESSES[self.version][end]

    def socket(self, end: Sender, port: int | None = None) -> Socket:
        """A new socket at one end, bound to that end's port."""
        with self.machine(end).entered():
            made = Socket(_FAMILIES[self.version], SOCK_STREAM)
        made.settimeout(_PATIENCE)
        made.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        made.bind((self.address(end), PORTS[end] if port is None else port))
        self.kept.append(made)
        return made

    def listen(self, backlog: int = 5) -> Socket:
        """A listener at the server."""
        listener = self.socket("server")
        listener.listen(backlog)
        return listener

    def open(self, listener: Socket | None = None, port: int | None = None) -> tuple[Socket, Socket]:
        """A connection: its client's socket and its server's."""
        listener = listener or self.listen()
        client = self.socket("client", port)
        client.connect((self.address("server"), PORTS["server"]))
        server, _ = listener.accept()
        server.settimeout(_PATIENCE)
        self.kept.append(server)
        return client, server

    def wait(self, turns: float = 3) -> None:
        """As long as so many one-way journeys take."""
        time.sleep(turns * self.line.delay)


def receive(end: Socket, count: int) -> None:
    """Read exactly so many bytes."""
    while count:
        got = end.recv(min(count, 65536))
        if not got:
            return
        count -= len(got)


def drain(end: Socket) -> None:
    """Read to the end that the other side's FIN makes."""
    while end.recv(65536):
        pass


def abort(end: Socket) -> None:
    """Close with a reset: no lingering (RFC 9293 section 3.10.5, ABORT)."""
    end.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


def half_close(end: Socket) -> None:
    """Send a FIN and go on receiving."""
    end.shutdown(SHUT_WR)


@contextmanager
def stage(
    folder: Path, rules: tuple[Rule, ...], delay: float, version: int = 4, settings: tuple[tuple[str, str], ...] = ()
) -> Iterator[tuple[Stage, Witness]]:
    """Set the stage; afterwards `folder` holds client.pcap, server.pcap and middle.pcap."""
    with ExitStack() as stack:
        client, server = (stack.enter_context(namespace(role)) for role in ("client", "server"))
        machines: dict[Sender, Namespace] = {"client": client, "server": server}
        ends: dict[Sender, int] = {}
        for end, machine in machines.items():
            ends[end] = tap(machine, INTERFACE)
            stack.callback(os.close, ends[end])
            _settle(machine, end, version, settings)
        if version == 6:
            time.sleep(_SETTLING)
        line = Line(ends, delay, rules)
        stack.enter_context(carrying(line))
        witness = stack.enter_context(witnessing((*ADDRESSES[4].values(), *ADDRESSES[6].values())))
        made = Stage(client, server, line, version)
        with (
            tcpdump(client, INTERFACE, folder / "client.pcap", nanoseconds=True, quiet=0.25),
            tcpdump(server, INTERFACE, folder / "server.pcap", nanoseconds=True, quiet=0.25),
        ):
            yield made, witness
            made.wait(4)
            made.ended = time.time_ns()
            made.left = {end: left(machine) for end, machine in machines.items()}
        line.save(folder / "middle.pcap")
        for each in made.kept:
            each.close()


def _settle(machine: Namespace, end: Sender, version: int, settings: tuple[tuple[str, str], ...]) -> None:
    for scope in ("all", "default", INTERFACE):
        machine.setting(f"ipv6.conf.{scope}.disable_ipv6", int(version == 4))
        machine.setting(f"ipv6.conf.{scope}.router_solicitations", 0)
    for name, value in settings:
        machine.setting(name, value)
    peer: Sender = "server" if end == "client" else "client"
    machine.ip("link", "set", INTERFACE, "address", _MACS[end])
    machine.ip("link", "set", INTERFACE, "up")
    address, remote = ADDRESSES[version][end], ADDRESSES[version][peer]
    prefix = ("/24",) if version == 4 else ("/64",)
    machine.ip("address", "add", address + prefix[0], "dev", INTERFACE, *(("nodad",) if version == 6 else ()))
    machine.ip("neighbour", "replace", remote, "lladdr", _MACS[peer], "dev", INTERFACE)
