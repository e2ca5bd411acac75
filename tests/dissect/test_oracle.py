"""tshark as a second witness: fields of the common protocols in the shipped captures are where it has them."""

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from netviz.dissect.packet import dissect

CAPTURES = Path(__file__).parents[2] / "captures"
KEYS = {
    "eth.dst", "eth.src", "eth.type", "vlan.id", "vlan.etype", "arp.hw.type", "arp.proto.type", "arp.hw.size",
    "arp.proto.size", "arp.opcode", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.hw_mac", "arp.dst.proto_ipv4",
    "ip.version", "ip.hdr_len", "ip.dsfield", "ip.dsfield.dscp", "ip.dsfield.ecn", "ip.len", "ip.id", "ip.flags",
    "ip.flags.df", "ip.flags.mf", "ip.frag_offset", "ip.ttl", "ip.proto", "ip.checksum", "ip.src", "ip.dst",
    "ipv6.plen", "ipv6.nxt", "ipv6.hlim", "ipv6.src", "ipv6.dst", "ipv6.fraghdr.nxt", "ipv6.fraghdr.offset",
    "ipv6.fraghdr.ident", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.hdr_len", "tcp.flags",
    "tcp.window_size_value", "tcp.checksum", "tcp.urgent_pointer", "tcp.options", "tcp.options.mss_val",
    "tcp.options.wscale.shift", "tcp.options.sack_perm", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr",
    "tcp.options.sack_le", "tcp.options.sack_re", "udp.srcport", "udp.dstport", "udp.length", "udp.checksum",
    "icmp.type", "icmp.code", "icmp.checksum", "icmp.ident", "icmp.seq", "icmpv6.type", "icmpv6.code",
    "icmpv6.checksum", "dns.id", "dns.flags", "dns.count.queries", "dns.count.answers", "dns.qry.name", "dns.qry.type",
    "dns.qry.class", "dns.resp.name", "dns.resp.type", "dns.resp.ttl", "dns.resp.len", "dns.a", "dns.aaaa",
    "http.request.method", "http.request.uri", "http.request.version", "http.response.version", "http.response.code",
    "http.response.phrase",
}  # fmt: skip
"""Fields that tshark and netviz give the same span; tshark says whole bytes where netviz says bits."""

PLAIN = ["-n", "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed"),
]

Spans = dict[str, list[tuple[int, int]]]


def as_tshark_has_them(path: Path) -> list[Spans]:
    """Key -> (start, end) of every field, for each packet."""
    run = subprocess.run(["tshark", *PLAIN, "-r", str(path), "-T", "pdml"], capture_output=True, check=True)
    packets = []
    for packet in ElementTree.fromstring(run.stdout).iter("packet"):
        spans: Spans = defaultdict(list)
        for field in packet.iter("field"):
            key, start, size = field.get("name", ""), field.get("pos"), int(field.get("size") or 0)
            if key in KEYS and start is not None and size and field.get("hide") != "yes":
                spans[key].append((int(start), int(start) + size))
        packets.append(spans)
    return packets


def as_netviz_has_them(look: SimpleNamespace, frame: bytes, link_type: int, length: int) -> Spans:
    spans: Spans = defaultdict(list)
    for field in look.fields(dissect(frame, link_type, length)):
        if field.key in KEYS:
            spans[field.key].append(tuple(field.span))
    return spans


def frames(path: Path) -> list[tuple[bytes, int, int]]:
    from netviz.capture.opening import open_capture

    source = open_capture(str(path))
    return [
        (batch.frame(index), int(batch.link_types[index]), int(batch.lengths[index]))
        for batch in source.batches()
        for index in range(len(batch))
    ]


def compared(look: SimpleNamespace, path: Path) -> int:
    """Hold every packet of a capture against tshark; returns how many fields were the same."""
    theirs, ours, same = as_tshark_has_them(path), frames(path), 0
    assert len(theirs) == len(ours)
    for number, (spans, frame) in enumerate(zip(theirs, ours, strict=True), 1):
        found = as_netviz_has_them(look, *frame)
        for key in set(spans) | set(found):
            # tshark knows HTTP on its ports and by a look at a whole stream; netviz by the bytes of this segment.
            if key.startswith("http.") and not spans[key]:
                continue
            assert sorted(found[key]) == sorted(spans[key]), f"packet {number}: {key}"
            same += len(found[key])
    return same


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap*")), ids=lambda path: path.name)
def test_fields_of_the_shipped_captures_are_where_tshark_has_them(look: SimpleNamespace, path: Path) -> None:
    assert compared(look, path) > 0


def test_fields_of_frames_made_here(build: SimpleNamespace, look: SimpleNamespace, tmp_path: Path) -> None:
    syn = bytes.fromhex("020405b4 0402 080a 00000001 00000002 01 030307")
    sack = bytes.fromhex("0101 050a 00000010 00000020")
    arp = bytes.fromhex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002")
    made = [
        build.ethernet(build.ipv4(build.tcp(options=syn, flags=2))),
        build.ethernet(build.ipv4(build.tcp(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", ports=(50000, 80)))),
        build.ethernet(build.ipv4(build.tcp(options=sack, flags=0x10))) + bytes(4),
        build.ethernet(b"\x20\x07\x08\x00" + build.ipv4(build.udp(b"abc"), 17), 0x8100),
        build.ethernet(arp, 0x0806) + bytes(18),
        build.ethernet(build.ipv4(bytes([8, 0, 0, 0, 0, 1, 0, 2]) + b"ping", 1)),
        build.ethernet(build.ipv6(build.udp(b"abc"), 17), 0x86DD),
        build.ethernet(build.ipv4(build.ipv4(build.udp(b"abc"), 17), 4)),
    ]
    path = tmp_path / "made.pcap"
    records = b"".join(bytes(8) + len(each).to_bytes(4, "little") * 2 + each for each in made)
    path.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000") + records)
    assert compared(look, path) > 150
