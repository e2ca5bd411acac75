"""Names of ICMP errors by type and code, as their RFCs have them. In no language: terms of the protocol."""

from typing import Final

from netviz.model.packets import PacketTable

_ICMP: Final = 1
_V4: Final = {
    (3, 0): "net unreachable", (3, 1): "host unreachable", (3, 2): "protocol unreachable", (3, 3): "port unreachable",
    (3, 4): "fragmentation needed", (3, 5): "source route failed", (3, 9): "net prohibited", (3, 10): "host prohibited",
    (3, 13): "communication prohibited", (11, 0): "TTL exceeded in transit", (11, 1): "reassembly time exceeded",
    (12, 0): "parameter problem",
}  # fmt: skip
"""RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1."""
_V6: Final = {
    (1, 0): "no route", (1, 1): "prohibited", (1, 3): "address unreachable", (1, 4): "port unreachable",
    (1, 5): "source address failed policy", (1, 6): "reject route", (3, 0): "hop limit exceeded in transit",
    (3, 1): "reassembly time exceeded", (4, 0): "erroneous header", (4, 1): "unknown next header",
}  # fmt: skip
"""RFC 4443 section 3."""
PORT_UNREACHABLE: Final = "port unreachable"


def icmp_name(packets: PacketTable, row: int) -> str:
    """Name of the error in a packet; type and code in numbers where they have none."""
    kind, code = divmod(packets.value("flags", row), 256)
    names = _V4 if packets.value("ip_protocol", row) == _ICMP else _V6
    return names.get((kind, code), f"type {kind} code {code}")
