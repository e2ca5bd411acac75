"""Frames by hand for the tests of `wire/`, and the captures that come with the repository."""

import struct
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.model.frames import FrameBatch
from netviz.model.limits import LimitCounter, Limits
from netviz.model.packets import Columns
from netviz.wire.decode import decode
from netviz.wire.flows import FlowTable
from netviz.wire.fragments import Reassembler

CAPTURES = sorted(
    path for path in (Path(__file__).parents[2] / "captures").glob("**/*.pcap*") if path.parent.name != "tcp"
)
"""Without those of the TCP scenarios, whose frames are all alike: what they show is in the numbers (test_tcp_truth)."""


def batch(
    frames: Sequence[bytes],
    link_types: int | Sequence[int] = 1,
    lengths: Sequence[int] | None = None,
    times: Sequence[int] | None = None,
) -> FrameBatch:
    """Frames back to back in one buffer, with nothing behind the last one."""
    count = len(frames)
    captured = np.array([len(frame) for frame in frames], np.int32)
    offsets = np.cumsum(captured, dtype=np.int64) - captured
    links = np.full(count, link_types, np.uint16) if isinstance(link_types, int) else np.array(link_types, np.uint16)
    wire = captured if lengths is None else np.array(lengths, np.int32)
    when = np.zeros(count, np.int64) if times is None else np.array(times, np.int64)
    return FrameBatch(b"".join(frames), offsets, captured, wire, when, links, np.zeros(count, np.uint16))


def row(frame: bytes, link_type: int = 1, length: int | None = None) -> dict[str, int]:
    """The decoded columns of one frame as plain numbers."""
    columns = decode(batch([frame], link_type, None if length is None else [length]))
    return {name: int(values[0]) for name, values in columns.items()}


def run(whole: FrameBatch, size: int) -> tuple[Columns, dict[int, bytes], FlowTable]:
    """All columns, reassembled datagrams and flows of a capture that comes in batches of `size`."""
    reassembler, flows = Reassembler(Limits(), LimitCounter()), FlowTable()
    parts: list[Columns] = []
    datagrams: dict[int, bytes] = {}
    for start in range(0, len(whole), size):
        part = whole.part(start, min(start + size, len(whole)))
        columns = decode(part)
        complete = reassembler.feed(part, columns, start)
        columns["flow"], columns["side"] = flows.assign(part, columns, complete)
        datagrams |= complete
        parts.append(columns)
    names = parts[0] if parts else {}
    return {name: np.concatenate([part[name] for part in parts]) for name in names}, datagrams, flows


def read(path: Path) -> FrameBatch:
    """A capture file as one batch."""
    source = open_capture(str(path))
    frames: list[bytes] = []
    links: list[int] = []
    lengths: list[int] = []
    times: list[int] = []
    for part in source.batches():
        frames += [part.frame(index) for index in range(len(part))]
        links += part.link_types.tolist()
        lengths += part.lengths.tolist()
        times += part.times.tolist()
    source.close()
    return batch(frames, links, lengths, times)


LOCAL = "fd" + "00" * 14


def ethernet(payload: bytes, ethertype: int = 0x0800) -> bytes:
    return bytes.fromhex("020000000002 020000000001") + struct.pack("!H", ethertype) + payload


def ipv4(
    payload: bytes,
    protocol: int = 6,
    source: str = "0a000001",
    destination: str = "0a000002",
    identification: int = 0,
    fragment: int = 0,
    options: bytes = b"",
    total: int | None = None,
) -> bytes:
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if total is None else total
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0, length, identification, fragment, 64, protocol, 0)
    return head + bytes.fromhex(source) + bytes.fromhex(destination) + options + payload


def ipv6(
    payload: bytes,
    following: int = 6,
    source: str = "fd" + "00" * 14 + "01",
    destination: str = "fd" + "00" * 14 + "02",
) -> bytes:
    head = struct.pack("!IHBB", 6 << 28, len(payload), following, 64)
    return head + bytes.fromhex(source) + bytes.fromhex(destination) + payload


def tcp(
    payload: bytes = b"", source: int = 40000, destination: int = 80, seq: int = 1, ack: int = 0, flags: int = 0x10,
    window: int = 1024, options: bytes = b"",
) -> bytes:  # fmt: skip
    offset = (5 + len(options) // 4) << 12
    return struct.pack("!HHIIHHHH", source, destination, seq, ack, offset | flags, window, 0, 0) + options + payload


def udp(payload: bytes = b"", source: int = 40000, destination: int = 9, length: int | None = None) -> bytes:
    return struct.pack("!HHHH", source, destination, len(payload) + 8 if length is None else length, 0) + payload


@pytest.fixture(scope="session")
def build() -> SimpleNamespace:
    """Makers of headers: each takes what it carries."""
    return SimpleNamespace(ethernet=ethernet, ipv4=ipv4, ipv6=ipv6, tcp=tcp, udp=udp)


@pytest.fixture(scope="session")
def make_batch() -> Callable[..., FrameBatch]:
    return batch


@pytest.fixture(scope="session")
def decoded() -> Callable[..., dict[str, int]]:
    """Frame bytes (and a link type, a length on the wire) -> its columns as numbers."""
    return row


@pytest.fixture(scope="session")
def run_in_batches() -> Callable[[FrameBatch, int], tuple[Columns, dict[int, bytes], FlowTable]]:
    return run


@pytest.fixture(scope="session")
def read_capture() -> Callable[[Path], FrameBatch]:
    return read


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `capture` runs on each capture in the repository."""
    if "capture" in metafunc.fixturenames:
        metafunc.parametrize("capture", CAPTURES, ids=[path.name for path in CAPTURES])


@pytest.fixture(scope="session")
def traffic(build: SimpleNamespace) -> FrameBatch:
    """Generated frames of many kinds, the same each time: whole, fragmented, tunnelled, cut and damaged."""
    return batch(list(_traffic(np.random.default_rng(20), 1500)))


def _traffic(random: np.random.Generator, count: int) -> Iterable[bytes]:
    texts = (b"", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b"SSH-2.0-x\r\n")
    for number in range(count):
        ports = [int(port) for port in random.integers(1, 6, 2) * 1000]
        segment = tcp(texts[number % 5], *ports, seq=number, flags=int(random.integers(0, 512)))
        ends = [f"0a0000{int(end):02x}" for end in random.integers(1, 9, 2)]
        kind = int(random.integers(0, 12))
        if kind < 5:
            yield ethernet(ipv4(segment, 6, *ends))
        elif kind == 5:
            yield ethernet(ipv6(udp(bytes(12), *ports), 17))
        elif kind == 6:
            yield ethernet(struct.pack("!HHHH", 5, 0x8100, 7, 0x86DD) + ipv6(segment, 6), 0x88A8)
        elif kind == 7:
            inner = ethernet(ipv4(segment, 6, *ends))
            yield ethernet(ipv4(udp(bytes.fromhex("0800000000000100") + inner, 5000, 4789), 17))
        elif kind == 8:
            cut = 8 * int(random.integers(1, 3))
            for part in (udp(bytes(30), *ports)[:cut], udp(bytes(30), *ports)[cut:]):
                rest = 0 if len(part) > cut or part[:2] == b"\0\0" else 0x2000
                yield ethernet(ipv4(part, 17, *ends, number, rest if rest else cut // 8))
        elif kind == 9:
            whole = ethernet(ipv4(segment, 6, *ends))
            yield whole[: int(random.integers(0, len(whole)))]
        elif kind == 10:
            damaged = bytearray(ethernet(ipv4(segment, 6, *ends)))
            damaged[int(random.integers(12, len(damaged)))] = int(random.integers(0, 256))
            yield bytes(damaged)
        else:
            yield ethernet(bytes.fromhex("0001080006040001") + bytes(20), 0x0806)
