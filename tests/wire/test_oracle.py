"""Columns held against two others: a decoder of one packet at a time written apart from ours, and tshark."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.model.frames import FrameBatch
from netviz.model.protocols import Broken, Fragment

COLUMNS = (
    "ethertype", "network_offset", "transport_offset", "payload_offset", "payload_length", "ip_protocol", "source_port",
    "destination_port", "flags", "seq", "ack", "window", "fragment", "broken",
)  # fmt: skip


class OnePacket:
    """A frame of Ethernet, tags, IP, TCP, UDP and ICMP, read byte by byte. Stops by returning."""

    def __init__(self, frame: bytes) -> None:
        self.frame, self.limit, self.end = frame, len(frame), len(frame)
        self.found = dict.fromkeys(COLUMNS, 0) | {
            "network_offset": -1, "transport_offset": -1, "payload_offset": -1, "ip_protocol": 255,
        }  # fmt: skip
        self.ethernet()

    def number(self, at: int, width: int) -> int:
        return int.from_bytes(self.frame[at : at + width])

    def room(self, at: int, width: int, broken: Broken) -> bool:
        if at + width > self.limit:
            self.found["broken"] = broken
        return at + width <= self.limit

    def ethernet(self) -> None:
        if not self.room(0, 14, Broken.LINK_TOO_SHORT):
            return
        at, ethertype = 14, self.number(12, 2)
        while ethertype in (0x8100, 0x88A8, 0x9100):
            if not self.room(at, 4, Broken.LINK_TOO_SHORT):
                return
            at, ethertype = at + 4, self.number(at + 2, 2)
        if ethertype in (0x0800, 0x86DD):
            self.found["ethertype"] = ethertype
            (self.ipv4 if ethertype == 0x0800 else self.ipv6)(at)

    def ipv4(self, at: int) -> None:
        if not self.room(at, 20, Broken.NETWORK_TOO_SHORT):
            return
        if self.number(at, 1) >> 4 != 4:
            self.found["broken"] = Broken.NETWORK_BAD_VERSION
            return
        self.found["network_offset"] = at
        header, total = (self.number(at, 1) & 15) * 4, self.number(at + 2, 2)
        if header < 20 or 0 < total < header:
            self.found["broken"] = Broken.NETWORK_BAD_LENGTH
            return
        self.ends(at + total if total else self.end)
        self.found["ip_protocol"] = protocol = self.number(at + 9, 1)
        if self.room(at, header, Broken.NETWORK_TOO_SHORT):
            field = self.number(at + 6, 2)
            if self.is_first(field & 0x1FFF, bool(field & 0x2000)):
                self.transport(at + header, protocol)

    def ends(self, end: int) -> None:
        self.end, self.limit = end, min(self.limit, end)

    def is_first(self, offset: int, more: bool) -> bool:
        part = Fragment.MIDDLE if offset and more else Fragment.LAST if offset else Fragment.FIRST if more else 0
        self.found["fragment"] = self.found["fragment"] or part
        return offset == 0

    def ipv6(self, at: int) -> None:
        if not self.room(at, 40, Broken.NETWORK_TOO_SHORT):
            return
        if self.number(at, 1) >> 4 != 6:
            self.found["broken"] = Broken.NETWORK_BAD_VERSION
            return
        self.found["network_offset"] = at
        length, following = self.number(at + 4, 2), self.number(at + 6, 1)
        at += 40
        self.ends(at + length if length else self.end)
        self.found["ip_protocol"] = following
        self.transport(at, following, (0, 43, 44, 51, 60))

    def transport(self, at: int, protocol: int, extensions: tuple[int, ...] = (51,)) -> None:
        while protocol in extensions:
            extensions = (0, 43, 44, 51, 60)
            if not self.room(at, 8, Broken.NETWORK_TOO_SHORT):
                return
            length = {44: 8, 51: (self.number(at + 1, 1) + 2) * 4}.get(protocol, (self.number(at + 1, 1) + 1) * 8)
            if not self.room(at, length, Broken.NETWORK_TOO_SHORT):
                return
            field = self.number(at + 2, 2)
            is_first = protocol != 44 or self.is_first(field & 0xFFF8, bool(field & 1))
            protocol, at = self.number(at, 1), at + length
            self.found["ip_protocol"] = protocol
            if not is_first:
                return
        {6: self.tcp, 17: self.udp, 1: self.icmp, 58: self.icmp}.get(protocol, lambda _: None)(at)

    def ports(self, at: int, width: int) -> bool:
        if not self.room(at, 4, Broken.TRANSPORT_TOO_SHORT):
            return False
        self.found |= {
            "transport_offset": at, "source_port": self.number(at, 2), "destination_port": self.number(at + 2, 2),
        }  # fmt: skip
        return self.room(at, width, Broken.TRANSPORT_TOO_SHORT)

    def payload(self, at: int) -> None:
        self.found |= {"payload_offset": at, "payload_length": max(self.end - at, 0)}

    def tcp(self, at: int) -> None:
        if not self.ports(at, 20):
            return
        header = (self.number(at + 12, 1) >> 4) * 4
        self.found |= {
            "seq": self.number(at + 4, 4), "ack": self.number(at + 8, 4), "flags": self.number(at + 12, 2) & 0xFFF,
            "window": self.number(at + 14, 2),
        }  # fmt: skip
        if header < 20 or at + header > self.end:
            self.found["broken"] = Broken.TRANSPORT_BAD_LENGTH
            return
        self.payload(at + header)
        self.room(at, header, Broken.TRANSPORT_TOO_SHORT)

    def udp(self, at: int) -> None:
        if not self.ports(at, 8):
            return
        length, behind = self.number(at + 4, 2), self.end - at
        if 0 < length < 8 or (length > behind and not self.found["fragment"]):
            self.found["broken"] = Broken.TRANSPORT_BAD_LENGTH
            return
        self.end = at + (min(length, behind) or behind)
        self.payload(at + 8)

    def icmp(self, at: int) -> None:
        if self.room(at, 2, Broken.TRANSPORT_TOO_SHORT):
            self.found |= {"transport_offset": at, "flags": self.number(at, 2)}
            if self.room(at, 8, Broken.TRANSPORT_TOO_SHORT):
                self.payload(at + 8)


TAGS = (b"", bytes.fromhex("8100 0005"), bytes.fromhex("88a8 0005 8100 0006"))
EXTENSIONS = {0: "0001040000000000", 60: "0002" + "00" * 22, 51: "0004" + "00" * 22, 44: "00000000aabbccdd"}


@st.composite
def packets(draw: st.DrawFn, build: SimpleNamespace) -> bytes:
    """A packet that is right, and then perhaps a few bytes that are not, and perhaps its end missing."""
    protocol = draw(st.sampled_from((1, 6, 17, 58)))
    word, port = st.integers(0, 2**32 - 1), st.integers(0, 65535)
    payload = draw(st.binary(max_size=20))
    if protocol == 6:
        options = bytes(4 * draw(st.integers(0, 10)))
        content = build.tcp(
            payload, draw(port), draw(port), draw(word), draw(word), draw(st.integers(0, 0xFFF)), draw(port), options
        )
    else:
        content = (
            build.udp(payload, draw(port), draw(port)) if protocol == 17 else draw(st.binary(min_size=8)) + payload
        )
    if draw(st.booleans()):
        ethertype, packet = b"\x08\x00", build.ipv4(
            content, protocol, fragment=draw(st.sampled_from((0, 0, 0x4000, 0x2000, 0x2003, 0x0003))),
            options=bytes(4 * draw(st.integers(0, 10))),
        )  # fmt: skip
    else:
        for kind in draw(st.lists(st.sampled_from(tuple(EXTENSIONS)), max_size=3)):
            content = bytes([protocol]) + bytes.fromhex(EXTENSIONS[kind])[1:] + content
            protocol = kind
        ethertype, packet = b"\x86\xdd", build.ipv6(content, protocol)
    frame = bytearray(bytes(12) + draw(st.sampled_from(TAGS)) + ethertype + packet + bytes(draw(st.integers(0, 6))))
    for _ in range(draw(st.integers(0, 3))):
        frame[draw(st.integers(12, len(frame) - 1))] = draw(st.integers(0, 255))
    return bytes(frame[: draw(st.integers(len(frame) // 2, len(frame)))])


FOLLOWED = {0x8100, 0x88A8, 0x9100, 0x0800, 0x86DD}
MORE_KINDS = {2, 4, 33, 41, 47, 132}


@settings(deadline=None, max_examples=500)
@given(st.data())
def test_a_decoder_of_one_packet_at_a_time_agrees(
    decoded: Callable[..., dict[str, int]], build: SimpleNamespace, data: st.DataObject
) -> None:
    frame = data.draw(packets(build))
    expected, found = OnePacket(frame).found, decoded(frame)
    if found["ip_protocol"] in MORE_KINDS or (expected["network_offset"] < 0 and not expected["ethertype"]):
        return
    if found["destination_port"] == 4789 and found["ip_protocol"] == 17:
        return
    assert {name: found[name] for name in COLUMNS} == expected


FIELDS = (
    "frame.protocols", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.window_size_value",
    "tcp.len", "tcp.stream", "udp.srcport", "udp.dstport", "udp.length", "udp.stream",
)  # fmt: skip
TCP_FIELDS = {
    "tcp.srcport": "source_port", "tcp.dstport": "destination_port", "tcp.seq_raw": "seq", "tcp.ack_raw": "ack",
    "tcp.flags": "flags", "tcp.window_size_value": "window", "tcp.len": "payload_length",
}  # fmt: skip
UDP_FIELDS = {"udp.srcport": "source_port", "udp.dstport": "destination_port"}


def tshark(path: Path) -> list[dict[str, str]]:
    """What tshark says of each packet; of repeated fields the innermost."""
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=l", "-E", "separator=|"]
    for name in FIELDS:
        command += ["-e", name]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [dict(zip(FIELDS, line.split("|"), strict=True)) for line in run.stdout.splitlines()]


def transport_of(said: dict[str, str]) -> str | None:
    """The innermost transport; what an ICMP error quotes is no transport of the packet."""
    names = said["frame.protocols"].split(":")
    return (
        None
        if {"icmp", "icmpv6"} & set(names)
        else next((name for name in reversed(names) if name in ("tcp", "udp")), None)
    )


@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_tshark_agrees_on_a_capture(
    capture: Path, read_capture: Callable[[Path], FrameBatch], run_in_batches: Callable[..., tuple]
) -> None:
    columns, _, _ = run_in_batches(read_capture(capture), 1000)
    said = tshark(capture)
    assert len(said) == len(columns["protocol"])
    flows: dict[tuple[str, str], int] = {}
    for index, one in enumerate(said):
        found = {name: int(values[index]) for name, values in columns.items()}
        transport = transport_of(one)
        whole = found["fragment"] in (Fragment.WHOLE, Fragment.COMPLETED) and found["transport_offset"] >= 0
        assert {6: "tcp", 17: "udp"}.get(found["ip_protocol"] if whole else 0) == transport, index + 1
        if transport is None:
            continue
        fields = TCP_FIELDS if transport == "tcp" else UDP_FIELDS
        assert {name: int(one[name], 0) for name in fields} == {name: found[column] for name, column in fields.items()}
        if transport == "udp":
            assert int(one["udp.length"]) == found["payload_length"] + 8
        assert flows.setdefault((transport, one[f"{transport}.stream"]), found["flow"]) == found["flow"]
