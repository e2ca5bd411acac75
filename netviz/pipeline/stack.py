"""Names of what the packet table's columns number, lowest layer first. Data and look-ups only."""

from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.osi import TCPIP_OF_OSI, Osi, TcpIp, place_of
from netviz.model.packets import PacketTable
from netviz.model.protocols import PROTOCOL_NAMES
from netviz.pipeline.chosen import ChosenPackets

LINKS: Final = {
    0: "Loopback",
    1: "Ethernet",
    9: "PPP",
    105: "802.11",
    108: "Loopback",
    113: "Linux cooked",
    127: "Radiotap",
    276: "Linux cooked v2",
}
"""LINKTYPE_ number -> the protocol whose header a frame begins with; raw IP has none."""

ETHERTYPES: Final = {0x0800: "IPv4", 0x86DD: "IPv6", 0x0806: "ARP"}
IP_PROTOCOLS: Final = {
    1: "ICMP",
    2: "IGMP",
    6: "TCP",
    17: "UDP",
    33: "DCCP",
    47: "GRE",
    58: "ICMPv6",
    132: "SCTP",
}

STACK: Final[tuple[tuple[str, dict[int, str]], ...]] = (
    ("link_type", LINKS),
    ("ethertype", ETHERTYPES),
    ("ip_protocol", IP_PROTOCOLS),
    ("protocol", {int(number): name for number, name in PROTOCOL_NAMES.items()}),
)
"""Columns from the lowest layer up, each with the names of its values."""


def layers_of(packets: PacketTable, row: int, protocol: str) -> list[str]:
    """Names of the protocols that the columns show of one packet, lowest first, with `protocol` on top."""
    names = [table.get(packets.value(column, row)) for column, table in STACK[:-1]]
    return list(dict.fromkeys(name for name in (*names, protocol) if name))


def protocol_counts(packets: PacketTable | ChosenPackets) -> dict[str, dict[str, int]]:
    """Packets and wire bytes of every protocol the packets' own bytes show, lowest layer first."""
    found: dict[str, dict[str, int]] = {}
    for column, table in STACK:
        lower = set(found)
        for number, count, size in _counted(packets[column], packets["length"]):
            name = table.get(number)
            if name is not None and name not in lower:
                entry = found.setdefault(name, {"packets": 0, "bytes": 0})
                entry["packets"] += count
                entry["bytes"] += size
    return found


def layer_counts(packets: PacketTable | ChosenPackets) -> tuple[dict[str, int], dict[str, int]]:
    """Packets with bytes of their own at each layer: OSI "1" to "7", TCP/IP "1" to "4"."""
    osi = dict.fromkeys(Osi, np.zeros(len(packets), bool))
    tcpip = dict.fromkeys(TcpIp, np.zeros(len(packets), bool))
    for column, table in STACK:
        values = packets[column]
        for number, name in table.items():
            place = place_of(name) if name != "Data" else None
            if place is not None:
                has = values == number
                osi[place.osi] = osi[place.osi] | has
                tcpip[TCPIP_OF_OSI[place.osi]] = tcpip[TCPIP_OF_OSI[place.osi]] | has
    return _numbered(osi), _numbered(tcpip)


def _numbered(marks: dict[Osi, npt.NDArray[np.bool_]] | dict[TcpIp, npt.NDArray[np.bool_]]) -> dict[str, int]:
    return {str(int(layer)): int(np.count_nonzero(has)) for layer, has in marks.items()}


def _counted(values: npt.NDArray[np.generic], lengths: npt.NDArray[np.generic]) -> list[tuple[int, int, int]]:
    if not len(values):
        return []
    counts = np.bincount(values)
    sizes = np.bincount(values, weights=lengths)
    return [(number, int(counts[number]), int(sizes[number])) for number in np.flatnonzero(counts).tolist()]
