"""An Ethernet frame with a TCP segment: what rules of the line look at, and how a forged one is made."""

import struct
from dataclasses import dataclass
from typing import Final

from netviz.lab.wire import Sender
from netviz.model.protocols import ACK, FIN, RST, SYN

_ETHERNET: Final = 14
_IPV4: Final = b"\x08\x00"
_IPV6: Final = b"\x86\xdd"
_TCP: Final = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """One TCP segment on the line."""

    raw: bytes
    sender: Sender
    transport: int
    """Where the TCP header begins."""

    flags: int
    seq: int
    ack: int
    length: int
    """Payload bytes."""

    def has(self, wanted: int, without: int = 0) -> bool:
        """Whether all flags of the one kind are set and none of the other."""
        return self.flags & wanted == wanted and not self.flags & without

    @property
    def is_syn(self) -> bool:
        """The first segment of an opening."""
        return self.has(SYN, ACK)

    @property
    def is_syn_ack(self) -> bool:
        """The second one."""
        return self.has(SYN | ACK)

    @property
    def is_pure_ack(self) -> bool:
        """An acknowledgement and nothing else."""
        return self.has(ACK, SYN | FIN | RST) and not self.length

    @property
    def is_data(self) -> bool:
        """Carries payload."""
        return self.length > 0

    @property
    def is_fin(self) -> bool:
        """Closes one direction."""
        return self.has(FIN)


def read_frame(raw: bytes, sender: Sender) -> Frame | None:
    """The segment of a frame; None where it carries none."""
    kind = raw[12:14]
    if kind == _IPV4 and len(raw) > 33 and raw[23] == _TCP:
        at = _ETHERNET + (raw[14] & 15) * 4
        end = _ETHERNET + int.from_bytes(raw[16:18], "big")
    elif kind == _IPV6 and len(raw) > 53 and raw[20] == _TCP:
        at = _ETHERNET + 40
        end = at + int.from_bytes(raw[18:20], "big")
    else:
        return None
    if len(raw) < at + 20:
        return None
    seq, ack, bits = struct.unpack_from("!IIH", raw, at + 4)
    return Frame(raw, sender, at, bits & 0xFFF, seq, ack, end - at - (bits >> 12) * 4)


def forged(
    frame: Frame, flags: int, seq: int, ack: int = 0, payload: bytes = b"", window: int = 1000, back: bool = False
) -> bytes:
    """A segment without options on the connection of `frame`, in the name of its sender (`back`: of its receiver)."""
    raw, at = frame.raw, frame.transport
    ports = raw[at : at + 4]
    link, network = raw[:12], raw[14:at]
    if back:
        ports, link = ports[2:] + ports[:2], link[6:] + link[:6]
    tcp = ports + struct.pack("!IIHHHH", seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 5 << 12 | flags, window, 0, 0) + payload
    if raw[12:14] == _IPV4:
        source, destination = network[12:16], network[16:20]
    else:
        source, destination = network[8:24], network[24:40]
    if back:
        source, destination = destination, source
    pseudo = source + destination + struct.pack("!II", len(tcp), _TCP)
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    return link + raw[12:14] + _network(raw[12:14], network, source + destination, len(tcp)) + tcp


def _network(kind: bytes, old: bytes, addresses: bytes, size: int) -> bytes:
    if kind == _IPV6:
        return old[:4] + struct.pack("!H", size) + old[6:8] + addresses
    head = b"\x45\x00" + struct.pack("!H", 20 + size) + old[4:6] + b"\0\0\x40\x06\0\0" + addresses
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:]


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return int(~total & 0xFFFF)
