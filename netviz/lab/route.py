"""Three hosts in a row: a client, a router, a server on the far side of it. Knows addresses, no traffic."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from netviz.lab.line import Line
from netviz.lab.namespaces import Namespace, namespace, run
from netviz.lab.wire import Wire, carrying, tap

NEAR: Final = "10.9.0.1"
"""The router's address on the client's side."""

FAR: Final = "10.9.1.2"
"""The server's."""

Hosts = tuple[Namespace, Namespace, Namespace]


@contextmanager
def route(line: Line | None = None) -> Iterator[Hosts]:
    """Client, router and server for the time of the block; `line`, where given, lies between client and router."""
    with ExitStack() as stack:
        client, router, server = (stack.enter_context(namespace(role)) for role in ("client", "router", "server"))
        for host in (client, router, server):
            for scope in ("all", "default"):
                host.setting(f"ipv6.conf.{scope}.disable_ipv6", 1)
        wire = _near_link(stack, client, router, line)
        run("ip", "link", "add", "eth1", "netns", router.name, "type", "veth",
            "peer", "name", "eth0", "netns", server.name)  # fmt: skip
        _address(client, "eth0", "02:00:00:09:00:02", "10.9.0.2/24")
        _address(router, "eth0", "02:00:00:09:00:01", f"{NEAR}/24")
        _address(router, "eth1", "02:00:00:09:01:01", "10.9.1.1/24")
        _address(server, "eth0", "02:00:00:09:01:02", f"{FAR}/24")
        client.ip("route", "add", "default", "via", NEAR)
        server.ip("route", "add", "default", "via", "10.9.1.1")
        router.setting("ipv4.ip_forward", 1)
        if wire is not None:
            stack.enter_context(carrying(wire))
        yield client, router, server


def _near_link(stack: ExitStack, client: Namespace, router: Namespace, line: Line | None) -> Wire | None:
    if line is None:
        run("ip", "link", "add", "eth0", "netns", client.name, "type", "veth",
            "peer", "name", "eth0", "netns", router.name)  # fmt: skip
        return None
    near, far = (tap(machine, "eth0") for machine in (client, router))
    stack.callback(os.close, near)
    stack.callback(os.close, far)
    return Wire(near, far, fate=line)


def _address(machine: Namespace, interface: str, mac: str, address: str) -> None:
    machine.ip("link", "set", interface, "address", mac)
    machine.ip("link", "set", interface, "up")
    machine.ip("address", "add", address, "dev", interface)
