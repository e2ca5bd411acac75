"""ICMP errors find the connection whose SYN they quote, in whatever batches the packets come."""

import numpy as np
import pytest

from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.pipeline.analyzer import Analyzer
from netviz.pipeline.store import Store
from netviz.tcp.connection import Opening

V4 = bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])
V6 = bytes(15) + b"\x01", bytes(15) + b"\x02"


def ip(source: bytes, destination: bytes, protocol: int, payload: bytes) -> bytes:
    if len(source) == 4:
        total = (20 + len(payload)).to_bytes(2, "big")
        return b"\x45\x00" + total + bytes(4) + b"\x40" + bytes([protocol]) + bytes(2) + source + destination + payload
    return b"\x60\0\0\0" + len(payload).to_bytes(2, "big") + bytes([protocol, 64]) + source + destination + payload


def syn(ends: tuple[bytes, bytes], seq: int = 7, ports: tuple[int, int] = (40000, 80)) -> bytes:
    numbers = b"".join(port.to_bytes(2, "big") for port in ports) + seq.to_bytes(4, "big")
    return ip(*ends, 6, numbers + bytes(4) + b"\x50\x02\x10\x00" + bytes(4))


def error(ends: tuple[bytes, bytes], kind: int, code: int, quoted: bytes) -> bytes:
    return ip(ends[1], ends[0], 1 if len(ends[0]) == 4 else 58, bytes([kind, code]) + bytes(6) + quoted)


def store_of(frames: list[bytes], size: int) -> Store:
    """Raw IP packets a millisecond apart, in batches of a size, asked after each of them."""
    analyzer = Analyzer(CaptureInfo("raw", "pcap"))
    for first in range(0, len(frames), size):
        part = frames[first : first + size]
        lengths = np.array([len(frame) for frame in part], np.int32)
        count = len(part)
        analyzer.feed(
            FrameBatch(
                b"".join(part), np.cumsum(lengths, dtype=np.int64) - lengths, lengths, lengths,
                np.arange(first, first + count, dtype=np.int64) * 1_000_000, np.full(count, 101, np.uint16),
                np.zeros(count, np.uint16),
            )
        )  # fmt: skip
        for connection in range(analyzer.store.connection_count()):
            analyzer.store.connection(connection)
    return analyzer.store


@pytest.mark.parametrize("size", [1, 2, 9])
@pytest.mark.parametrize(("ends", "kind", "code"), [(V4, 3, 3), (V4, 3, 1), (V4, 11, 0), (V6, 1, 4), (V6, 3, 0)])
def test_an_error_about_the_syn_makes_the_opening_unreachable(ends, kind, code, size) -> None:
    packet = syn(ends)
    store = store_of([packet, error(ends, kind, code, packet[:48] if len(ends[0]) == 16 else packet[:28])], size)
    found = store.connection(0)
    assert found.opening is Opening.UNREACHABLE
    assert [(step.packet, step.event) for step in found.transitions] == [(1, "SEND_SYN"), (2, "RECV_UNREACHABLE")]


def test_the_error_counts_for_the_connection_that_the_ports_had_then() -> None:
    packets = [syn(V4, 7), error(V4, 3, 1, syn(V4, 7)[:28]), syn(V4, 9), error(V4, 3, 1, syn(V4, 7)[:28])]
    store = store_of(packets, 9)
    assert [store.connection(each).opening for each in (0, 1)] == [Opening.UNREACHABLE, Opening.NO_ANSWER]


def extended(following: int, extension: bytes) -> bytes:
    """An IPv6 SYN with an extension header."""
    whole = syn(V6)
    return whole[:6] + bytes([following]) + whole[7:40] + extension + whole[40:48]


@pytest.mark.parametrize(
    ("extension", "opening"),
    [
        (extended(0, b"\x06" + bytes(7)), Opening.UNREACHABLE),
        (extended(44, b"\x06" + bytes(7)), Opening.UNREACHABLE),
        (extended(44, b"\x06\x00\x00\x08" + bytes(4)), Opening.NO_ANSWER),
        (extended(0, b"\x3b" + bytes(7)), Opening.NO_ANSWER),
        (extended(0, b"\x00" + bytes(7)), Opening.NO_ANSWER),
    ],
)
def test_extension_headers_before_the_quoted_segment(extension: bytes, opening: Opening) -> None:
    assert store_of([syn(V6), error(V6, 1, 0, extension)], 9).connection(0).opening is opening


FRAGMENT = syn(V4)[:6] + b"\x00\x01" + syn(V4)[8:]


@pytest.mark.parametrize(
    "quoted", [b"", b"\x45", syn(V4)[:27], FRAGMENT, syn(V4)[:9] + b"\x11" + syn(V4)[10:], b"\x41" + syn(V4)[1:],
               b"\x75" + syn(V4)[1:], syn(V4, ports=(1, 2)), syn(V6)[:30]],
)  # fmt: skip
def test_what_quotes_no_known_segment_is_of_no_connection(quoted: bytes) -> None:
    assert store_of([syn(V4), error(V4, 3, 1, quoted)], 9).connection(0).opening is Opening.NO_ANSWER


@pytest.mark.parametrize(("kind", "code"), [(3, 4), (8, 0), (5, 1)])
def test_other_messages_end_no_attempt(kind: int, code: int) -> None:
    assert store_of([syn(V4), error(V4, kind, code, syn(V4)[:28])], 9).connection(0).opening is Opening.NO_ANSWER
