"""Labs below and beside TCP: neighbours, echoes, a route over three hosts, fragments, names over UDP and over TCP."""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from netviz.lab.laboratory import Choices, Lab, LiveStage, Running
from netviz.lab.labs.places import filter_of, machines_of, placed, typed
from netviz.lab.names import Zone, question, resolving, resolving_over_tcp, status_of
from netviz.lab.namespaces import Namespace
from netviz.lab.networks import Network
from netviz.lab.requirements import CannotRecord
from netviz.lab.route import FAR, NEAR, route
from netviz.lab.scenario import Stage
from netviz.lab.scenarios.network import forget_neighbours, ping
from netviz.lab.story import Story, Table

NAMES: Final = 5353 - 300
"""Port 53 needs root; on loopback this one, or the next that is free, stands in for it."""

_APART: Final = 0.4
_PATIENCE: Final = 5.0
_PROBED: Final = 33434
"""First of the ports that traceroute sends to, since no program listens there."""

_ERROR: Final = struct.Struct("=IBBBBII")
_IP_RECVERR: Final = 11
_ZONE: Final[Zone] = {
    "www.shop.example": {"A": "10.9.0.1", "AAAA": "fd09::1"},
    "api.shop.example": {"A": "10.9.0.3"},
}


def arp(stage: Stage) -> None:
    """Both ends forget each other's hardware address, then one greets the other."""
    forget_neighbours(stage.network.client, stage.network.server)
    ping(stage, stage.network.server_address)


def fragments(stage: Stage) -> None:
    """An echo request and its reply, both too long for the link."""
    ping(stage, "-s", "4000", stage.network.server_address, count=1)


@contextmanager
def _ping_lab(choices: Choices, play: Callable[[Stage], None], typing: str) -> Iterator[Running]:
    with placed(choices, ()) as network:
        yield Running(
            machines_of(network),
            network.interface,
            play=lambda story: play(LiveStage(network, story)),
            commands=(typed(network.client, typing.format(server=network.server_address)),),
        )


@contextmanager
def _route_lab(choices: Choices) -> Iterator[Running]:
    with route(choices.line) as (client, router, server):
        yield Running(
            {"client": client, "router": router, "server": server},
            "eth0",
            play=partial(_follow_route, client),
            commands=(
                typed(client, f"ping -c 3 {FAR}"),
                typed(client, f"ping -c 1 -t 1 {FAR}"),
                typed(client, f"ip route get {FAR}"),
            ),
        )


def _follow_route(client: Namespace, story: Story) -> None:
    """ping to the far server, then UDP probes whose TTL grows until nobody throws them away on the way."""
    stage = LiveStage(Network(client, client, client), story)
    ping(stage, FAR)
    for hops in range(1, 5):
        answered = hop(client, FAR, hops)
        story.lookups.append({"name": FAR, "type": f"TTL {hops}", "status": answered})
        if answered == FAR:
            return
    raise CannotRecord("lab-went-otherwise", what=f"{FAR} is further than {NEAR}")


def hop(client: Namespace, target: str, hops: int) -> str:
    """Who answers a UDP probe that lives for so many hops: the address of the machine that sent the ICMP error.

    Raises: CannotRecord where nobody does.
    """
    with client.entered():
        probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with probe:
        probe.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
        probe.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        probe.connect((target, _PROBED + hops))
        probe.send(b"how far is it?")
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            try:
                _, extra, _, _ = probe.recvmsg(64, 256, socket.MSG_ERRQUEUE)
            except BlockingIOError:
                time.sleep(0.01)
                continue
            for _, _, data in extra:
                if len(data) >= _ERROR.size + 8:
                    return socket.inet_ntoa(data[_ERROR.size + 4 : _ERROR.size + 8])
    raise CannotRecord("lab-went-otherwise", what=f"nobody answered a probe of {hops} hops")


@contextmanager
def _names_lab(choices: Choices, both: bool) -> Iterator[Running]:
    wanted = NAMES if choices.place == "loopback" else 53
    with placed(choices, (wanted,)) as network:
        address, port = network.server_address, network.port(wanted)
        with (
            resolving(network.server, address, _ZONE, port),
            resolving_over_tcp(network.server, address, _ZONE, port),
        ):
            dig = f"dig @{address} -p {port} www.shop.example"
            yield Running(
                machines_of(network),
                network.interface,
                filter_of(choices, network),
                partial(_udp_and_tcp if both else _many_names, network, port),
                commands=(typed(network.client, dig), typed(network.client, f"{dig} +tcp")),
            )


def _udp_and_tcp(network: Network, port: int, story: Story) -> None:
    """The same question twice: one datagram each way, and a connection opened and closed around it."""
    story.lookups.append(_ask(network, port, "www.shop.example", "A", tcp=False))
    time.sleep(_APART)
    story.lookups.append(_ask(network, port, "www.shop.example", "A", tcp=True))


def _many_names(network: Network, port: int, story: Story) -> None:
    """An address, one of IPv6, a name that has none, a name that is not there."""
    for name, kind in (("www", "A"), ("www", "AAAA"), ("api", "AAAA"), ("nothing", "A")):
        story.lookups.append(_ask(network, port, f"{name}.shop.example", kind, tcp=False))


def _ask(network: Network, port: int, name: str, kind: str, tcp: bool) -> Table:
    with network.client.entered():
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    with client:
        client.settimeout(_PATIENCE)
        client.connect((network.server_address, port))
        query = question(time.monotonic_ns() & 0xFFFF, name, kind)
        client.sendall(len(query).to_bytes(2, "big") + query if tcp else query)
        answer = client.recv(4096)
    return {"name": name, "type": kind, "status": status_of(answer[2:] if tcp else answer)}


def _pings(name: str, play: Callable[[Stage], None], typing: str) -> Lab:
    return Lab(name, "network", ("machines",), partial(_ping_lab, play=play, typing=typing), programs=("ping",))


LABS: Final = (
    _pings("arp", arp, "ping -c 2 {server}"),
    _pings("fragments", fragments, "ping -c 1 -s 4000 {server}"),
    Lab("traceroute", "network", ("machines",), _route_lab, programs=("ping",)),
    Lab("dns", "network", ("machines", "loopback"), partial(_names_lab, both=False)),
    Lab("udp-tcp", "network", ("machines", "loopback"), partial(_names_lab, both=True)),
)
