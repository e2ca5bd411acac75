"""Names, neighbours and what lies below TCP: dig, ping, ARP, fragments, VLAN tags."""

import re
from functools import partial
from typing import Final

from netviz.lab.names import Zone, resolving
from netviz.lab.namespaces import Namespace, run
from netviz.lab.networks import SERVER, SERVER_6, VLAN, direct, over_trunk
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.story import Table

ZONE: Final[Zone] = {
    "www.shop.example": {"A": SERVER, "AAAA": SERVER_6},
    "api.shop.example": {"A": "10.9.0.3"},
}
_STATUS: Final = re.compile(r"status: (\w+)")
_PINGED: Final = re.compile(r"(\d+) packets transmitted, (\d+) received")


def udp_dns(stage: Stage) -> None:
    """dig asks for an address, an IPv6 address, a name with no address of that kind, and a name that is not there."""
    questions = (("www.shop.example", "A"), ("www.shop.example", "AAAA"), ("api.shop.example", "AAAA"),
                 ("nothing.shop.example", "A"))  # fmt: skip
    with resolving(stage.network.server, SERVER, ZONE), stage.recorded():
        for name, kind in questions:
            command = ("dig", f"@{SERVER}", "+tries=1", "+timeout=3", name, kind)
            with stage.network.client.entered():
                said = _STATUS.search(run(*command))
            if said is None:
                raise CannotRecord("lab-went-otherwise", what=f"dig got no answer for {name}")
            stage.story.lookups.append({"name": name, "type": kind, "status": said.group(1)})
            stage.command(" ".join(command))


def ping(stage: Stage, *arguments: str, count: int = 2) -> None:
    """ping from the client; its own count goes into the story."""
    command = ("ping", "-n", "-i", "0.2", "-c", str(count), *arguments)
    with stage.network.client.entered():
        said = _PINGED.search(run(*command))
    if said is None:
        raise CannotRecord("lab-went-otherwise", what="ping counted nothing")
    told: Table = {
        "target": arguments[-1],
        "ip_version": 6 if ":" in arguments[-1] else 4,
        "requests": int(said.group(1)),
        "replies": int(said.group(2)),
    }
    stage.story.pings.append(told)
    stage.command(" ".join(command))


def forget_neighbours(*machines: Namespace) -> None:
    """Empty the ARP and neighbour tables, so that they must be asked for again."""
    for machine in machines:
        machine.ip("neighbour", "flush", "all")


def arp_ping(stage: Stage) -> None:
    """Who has this address? Then: are you there? The same once more in IPv6."""
    forget_neighbours(stage.network.client, stage.network.server)
    with stage.recorded():
        ping(stage, SERVER)
        ping(stage, SERVER_6)


def ip_fragments(stage: Stage) -> None:
    """Echo requests too long for the link: IPv4 and IPv6 cut them into fragments."""
    with stage.recorded():
        ping(stage, "-s", "4000", SERVER, count=1)
        ping(stage, "-s", "4000", SERVER_6, count=1)


def vlan(stage: Stage) -> None:
    """ARP and ping between two access ports of one VLAN, seen on the trunk."""
    with stage.recorded():
        ping(stage, SERVER)
    stage.story.facts["vlan"] = VLAN


SCENARIOS: Final = (
    Scenario(
        "udp-dns",
        "DNS over UDP: A, AAAA, a name without that record, and a name that does not exist",
        "UDP로 주고받는 DNS: A, AAAA, 해당 레코드가 없는 이름, 존재하지 않는 이름",
        udp_dns,
        programs=("dig",),
    ),
    Scenario(
        "arp-ping",
        "ARP and ping, then neighbour discovery and ping in IPv6",
        "ARP와 ping, 이어서 IPv6의 이웃 탐색과 ping",
        arp_ping,
        programs=("ping",),
        network=partial(direct, ipv6=True),
        ip_versions=(4, 6),
    ),
    Scenario(
        "ip-fragments",
        "Pings of 4000 bytes on a link of 1500: fragments in IPv4 and in IPv6",
        "MTU 1500인 링크에서 4000바이트 ping: IPv4와 IPv6의 단편화",
        ip_fragments,
        programs=("ping",),
        network=partial(direct, ipv6=True),
        ip_versions=(4, 6),
    ),
    Scenario(
        "vlan",
        "ARP and ping on a trunk: every frame with an IEEE 802.1Q tag of VLAN 5",
        "트렁크에서 본 ARP와 ping: 모든 프레임에 VLAN 5의 IEEE 802.1Q 태그가 붙습니다",
        vlan,
        programs=("ping",),
        network=over_trunk,
    ),
)
