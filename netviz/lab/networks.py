"""Two machines, client and server, and what lies between them. Knows interfaces and addresses, no traffic.

The server has two addresses, so that two sites are two machines to look at. Frames are real Ethernet with fixed
hardware addresses; segmentation and checksum offload are off, so that a capture shows what a cable would carry.
"""

import ctypes
import fcntl
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from netviz.lab.namespaces import Namespace, namespace, run
from netviz.lab.wire import Fate, Loses, Wire, carrying, loses_nothing, tap

INTERFACE: Final = "eth0"
CLIENT, SERVER, SECOND = "10.9.0.2", "10.9.0.1", "10.9.0.3"
CLIENT_6, SERVER_6 = "fd09::2", "fd09::1"
VLAN: Final = 5

_CLIENT_MAC, _SERVER_MAC = "02:00:00:09:00:02", "02:00:00:09:00:01"
_SIOCETHTOOL: Final = 0x8946
_SETTLING: Final = 1.5
"""Seconds in which a new IPv6 address makes itself known (multicast listener reports)."""

_OFFLOADS: Final = (0x17, 0x1F, 0x24, 0x2C)
"""linux/ethtool.h: set transmit checksum, TCP segmentation, generic segmentation, generic receive offload."""


@dataclass(frozen=True, slots=True)
class Network:
    """The machines of one scenario, and where a recorder stands."""

    client: Namespace
    server: Namespace
    watched: Namespace
    """The machine on which packets are recorded."""

    interface: str = INTERFACE
    client_address: str = CLIENT
    server_address: str = SERVER
    ports: Mapping[int, int] = field(default_factory=dict)
    """Where a port that a scenario wants is not its own machine's to give: the port that stands in for it."""

    def port(self, wanted: int) -> int:
        """The port to use where a scenario wants this one."""
        return self.ports.get(wanted, wanted)


MakesNetwork = Callable[[], AbstractContextManager[Network]]


@contextmanager
def direct(watch: str = "client", ipv6: bool = False, interface: str = INTERFACE) -> Iterator[Network]:
    """A veth pair between client and server; `interface` "any" records all interfaces of the watched machine."""
    with namespace("client") as client, namespace("server") as server:
        run("ip", "link", "add", INTERFACE, "netns", client.name, "type", "veth",
            "peer", "name", INTERFACE, "netns", server.name)  # fmt: skip
        _address(client, server, ipv6)
        yield Network(client, server, client if watch == "client" else server, interface)


@contextmanager
def over_wire(
    watch: str = "server", delay: float = 0.005, loses: Loses = loses_nothing, fate: Fate | None = None
) -> Iterator[Network]:
    """A wire in user space between client and server, that takes its time and may lose frames; `fate` as in `Wire`."""
    with ExitStack() as stack:
        client, server = (stack.enter_context(namespace(role)) for role in ("client", "server"))
        wire = Wire(_tap(stack, client, INTERFACE), _tap(stack, server, INTERFACE), delay, loses, fate)
        _address(client, server, ipv6=False)
        stack.enter_context(carrying(wire))
        yield Network(client, server, client if watch == "client" else server)


@contextmanager
def over_trunk() -> Iterator[Network]:
    """Client and server on access ports of a switch in user space; recorded on the mirror port of its trunk."""
    with ExitStack() as stack:
        client, server, mirror = (stack.enter_context(namespace(role)) for role in ("client", "server", "mirror"))
        port = _tap(stack, mirror, "mirror0")
        wire = Wire(_tap(stack, client, INTERFACE), _tap(stack, server, INTERFACE), mirror=port, vlan=VLAN)
        mirror.setting("ipv6.conf.all.disable_ipv6", 1)
        mirror.ip("link", "set", "mirror0", "up")
        _address(client, server, ipv6=False)
        stack.enter_context(carrying(wire))
        yield Network(client, server, mirror, "mirror0")


def _tap(stack: ExitStack, machine: Namespace, interface: str) -> int:
    descriptor = tap(machine, interface)
    stack.callback(os.close, descriptor)
    return descriptor


def _address(client: Namespace, server: Namespace, ipv6: bool) -> None:
    ends = ((client, _CLIENT_MAC, (CLIENT,), CLIENT_6), (server, _SERVER_MAC, (SERVER, SECOND), SERVER_6))
    for machine, mac, addresses, address_6 in ends:
        for scope in ("all", "default", INTERFACE):
            machine.setting(f"ipv6.conf.{scope}.disable_ipv6", int(not ipv6))
            machine.setting(f"ipv6.conf.{scope}.router_solicitations", 0)
        machine.ip("link", "set", INTERFACE, "address", mac)
        _without_offload(machine, INTERFACE)
        machine.ip("link", "set", INTERFACE, "up")
        for address in addresses:
            machine.ip("address", "add", f"{address}/24", "dev", INTERFACE)
        if ipv6:
            machine.ip("address", "add", f"{address_6}/64", "dev", INTERFACE, "nodad")
    if ipv6:
        time.sleep(_SETTLING)


def _without_offload(machine: Namespace, interface: str) -> None:
    """Turn offloads off; a TAP interface has none to turn off and refuses, which is as good."""
    with machine.entered(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in _OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
            request = struct.pack("16sP16x", interface.encode(), ctypes.addressof(value))
            try:
                fcntl.ioctl(control, _SIOCETHTOOL, request)
            except OSError:
                continue
