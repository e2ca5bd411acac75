"""One row of the packet list. Texts are protocol terms and numbers, safe for a terminal, in no language."""

from collections.abc import Callable
from typing import Final, NamedTuple

from netviz.model.endpoint import address_text
from netviz.model.protocols import ACK, PROTOCOL_NAMES, SYN, Broken, Fragment, Protocol, flags_text
from netviz.model.safe import safe
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import carries_websocket
from netviz.wire.dns import question
from netviz.wire.options import tcp_options

_TCP: Final = 6
_UDP: Final = 17
_INFO_LENGTH: Final = 400
_SEQ_MASK: Final = 0xFFFFFFFF


class PacketLine(NamedTuple):
    """One packet as the list shows it. All texts are safe for a terminal."""

    number: int
    time: int
    """Nanoseconds since the epoch."""

    source: str
    destination: str
    source_port: int | None
    destination_port: int | None
    protocol: str
    length: int
    captured: int
    info: str
    connection: int | None
    exchange: int | None
    analysis: tuple[str, ...]
    broken: str | None
    """Name of the reason (model.protocols.Broken), None for a packet that could be read."""


def packet_line(store: Store, row: int) -> PacketLine:
    """The list's row for one row of the packet table."""
    packets = store.packets
    source, destination = (address_text(address) for address in packets.addresses(row))
    ip_protocol = packets.value("ip_protocol", row)
    has_ports = ip_protocol in (_TCP, _UDP, 132) and packets.value("transport_offset", row) >= 0
    exchange = store.exchange_of(row)
    protocol = PROTOCOL_NAMES[packets.value("protocol", row)]
    if exchange is not None and protocol == "TCP":
        protocol = "WebSocket" if carries_websocket(store, row) else "HTTP"
    broken = Broken(packets.value("broken", row))
    return PacketLine(
        row + 1,
        packets.value("time", row),
        source,
        destination,
        packets.value("source_port", row) if has_ports else None,
        packets.value("destination_port", row) if has_ports else None,
        protocol,
        packets.value("length", row),
        packets.value("captured", row),
        safe(_info(store, row, exchange), _INFO_LENGTH),
        store.connection_of(row),
        exchange,
        store.analysis(row),
        broken.name.lower().replace("_", "-") if broken else None,
    )


def _info(store: Store, row: int, exchange: int | None) -> str:
    packets = store.packets
    if packets.value("broken", row):
        return f"[{Broken(packets.value('broken', row)).name.lower().replace('_', ' ')}]"
    fragment = packets.value("fragment", row)
    if fragment not in (Fragment.WHOLE, Fragment.COMPLETED):
        return _fragment(store, row)
    describe = _DESCRIBED.get(packets.value("protocol", row))
    if describe is not None:
        return describe(store, row)
    if packets.value("connection", row) >= 0:
        return _segment(store, row, exchange)
    if packets.value("ip_protocol", row) == _UDP:
        ports = f"{packets.value('source_port', row)} → {packets.value('destination_port', row)}"
        return f"{ports} Len={packets.value('payload_length', row)}"
    return ""


def _segment(store: Store, row: int, exchange: int | None) -> str:
    packets = store.packets
    flags, length = packets.value("flags", row), packets.value("payload_length", row)
    mine, theirs = _first_seqs(store, row)
    parts = [
        f"{packets.value('source_port', row)} → {packets.value('destination_port', row)} [{flags_text(flags)}]",
        f"Seq={_relative(packets.value('seq', row), mine)}",
    ]
    if flags & ACK:
        parts.append(f"Ack={_relative(packets.value('ack', row), theirs)}")
    parts.append(f"Win={store.window(row)}")
    if length:
        parts.append(f"Len={length}")
    if flags & SYN:
        parts.extend(_syn_options(store, row))
    if exchange is not None:
        parts.append(f"(HTTP #{exchange})")
    return " ".join(parts)


def _first_seqs(store: Store, row: int) -> tuple[int | None, int | None]:
    """Initial sequence numbers of who sent the packet and of the other side."""
    connection = store.connection(store.packets.value("connection", row))
    role = connection.role_of(store.packets.value("side", row))
    other = "server" if role == "client" else "client"
    return connection.first_seq.get(role), connection.first_seq.get(other)  # type: ignore[call-overload]


def _relative(number: int, first: int | None) -> int:
    return number if first is None else (number - first) & _SEQ_MASK


def _syn_options(store: Store, row: int) -> list[str]:
    packets = store.packets
    whole = packets.reassembled.get(row) or packets.frame(row)
    options = tcp_options(whole[packets.value("transport_offset", row) + 20 : packets.value("payload_offset", row)])
    found = []
    if options.mss is not None:
        found.append(f"MSS={options.mss}")
    if options.window_scale is not None:
        found.append(f"WS={1 << options.window_scale}")
    if options.sack_permitted:
        found.append("SACK_PERM")
    return found


def _start_line(store: Store, row: int) -> str:
    payload = store.packets.payload(row)[:2048]
    return payload.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "backslashreplace")


def _dns(store: Store, row: int) -> str:
    payload = store.packets.payload(row)
    if store.packets.value("ip_protocol", row) == _TCP:
        payload = payload[2:]
    return str(question(payload) or "")


def _arp(store: Store, row: int) -> str:
    packets = store.packets
    arp = packets.frame(row)[packets.value("network_offset", row) :]
    if len(arp) < 28 or arp[4] != 6 or arp[5] != 4:
        return ""
    sender, target = address_text(arp[14:18]), address_text(arp[24:28])
    if int.from_bytes(arp[6:8], "big") == 1:
        return f"request: {target}? → {sender}"
    return f"reply: {sender} = {address_text(arp[8:14])}"


_ICMP_NAMES: Final = {0: "Echo Reply", 3: "Destination Unreachable", 5: "Redirect", 8: "Echo", 11: "Time Exceeded"}
_ICMPV6_NAMES: Final = {
    1: "Destination Unreachable",
    2: "Packet Too Big",
    3: "Time Exceeded",
    128: "Echo Request",
    129: "Echo Reply",
    133: "Router Solicitation",
    134: "Router Advertisement",
    135: "Neighbor Solicitation",
    136: "Neighbor Advertisement",
    143: "Multicast Listener Report v2",
}
_ECHOES: Final = {Protocol.ICMP: (0, 8), Protocol.ICMPV6: (128, 129)}


def _icmp(store: Store, row: int) -> str:
    packets = store.packets
    protocol = Protocol(packets.value("protocol", row))
    kind, code = divmod(packets.value("flags", row), 256)
    names = _ICMP_NAMES if protocol is Protocol.ICMP else _ICMPV6_NAMES
    text = names.get(kind, f"type {kind}") + (f" (code {code})" if code else "")
    whole = packets.reassembled.get(row) or packets.frame(row)
    echo = whole[packets.value("transport_offset", row) + 4 :][:4]
    if kind in _ECHOES[protocol] and len(echo) == 4:
        text += f" id={int.from_bytes(echo[:2], 'big')} seq={int.from_bytes(echo[2:], 'big')}"
    return text


def _fragment(store: Store, row: int) -> str:
    packets = store.packets
    frame, network = packets.frame(row), packets.value("network_offset", row)
    kind = Fragment(packets.value("fragment", row)).name.lower()
    if packets.value("ethertype", row) == 0x0800 and len(frame) >= network + 8:
        identification = int.from_bytes(frame[network + 4 : network + 6], "big")
        offset = (int.from_bytes(frame[network + 6 : network + 8], "big") & 0x1FFF) * 8
        return f"fragment ({kind}) id=0x{identification:04x} offset={offset}"
    return f"fragment ({kind})"


_TLS_RECORDS: Final = {20: "Change Cipher Spec", 21: "Alert", 22: "Handshake", 23: "Application Data"}
_TLS_HANDSHAKES: Final = {1: "Client Hello", 2: "Server Hello", 11: "Certificate", 4: "New Session Ticket"}


def _tls(store: Store, row: int) -> str:
    payload = store.packets.payload(row)
    if len(payload) < 6:
        return "TLS"
    name = _TLS_RECORDS.get(payload[0], f"type {payload[0]}")
    if payload[0] == 22:
        name = _TLS_HANDSHAKES.get(payload[5], name)
    return f"{name}, record of {int.from_bytes(payload[3:5], 'big')} bytes"


_DESCRIBED: Final[dict[int, Callable[[Store, int], str]]] = {
    Protocol.HTTP: _start_line,
    Protocol.DNS: _dns,
    Protocol.MDNS: _dns,
    Protocol.ARP: _arp,
    Protocol.ICMP: _icmp,
    Protocol.ICMPV6: _icmp,
    Protocol.TLS: _tls,
}
