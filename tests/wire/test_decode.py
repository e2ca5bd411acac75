"""Columns from bytes: a table of frames by hand, any bytes at all, and any cut into batches."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.model.frames import FrameBatch
from netviz.model.packets import DECODED_COLUMNS, Columns
from netviz.model.protocols import Broken, Fragment, Protocol
from netviz.wire.decode import decode, decode_datagrams
from netviz.wire.flows import FlowTable

Decoded = Callable[..., dict[str, int]]
LINK_TYPES = (0, 1, 9, 12, 14, 50, 51, 101, 105, 108, 113, 127, 147, 228, 229, 276)

ETHERNET = "020000000002020000000001"
IPV4_TCP = "4500002c00004000400600000a0000010a000002"
IPV6_UDP = "60000000000c1140" + "fd" + "00" * 14 + "01" + "fd" + "00" * 14 + "02"
SYN = "9c40005000000001000000006002040000000000020405b4"
DATAGRAM = "9c400009000c000061626364"
TCP_COLUMNS = {
    "ip_protocol": 6, "source_port": 40000, "destination_port": 80, "flags": 0x002, "seq": 1, "ack": 0, "window": 1024,
    "payload_length": 0, "fragment": 0, "broken": 0, "ethertype": 0x0800,
}  # fmt: skip
UDP_COLUMNS = {"ip_protocol": 17, "source_port": 40000, "destination_port": 9, "payload_length": 4, "ethertype": 0x86DD}

TABLE: list[tuple[str, int, str, dict[str, int]]] = [
    ("ethernet", 1, ETHERNET + "0800" + IPV4_TCP + SYN,
     {**TCP_COLUMNS, "protocol": Protocol.TCP, "network_offset": 14, "transport_offset": 34, "payload_offset": 58}),
    ("padded to 60 bytes", 1, ETHERNET + "0800" + IPV4_TCP + SYN + "ff" * 8, {**TCP_COLUMNS, "payload_offset": 58}),
    ("802.1Q", 1, ETHERNET + "8100" + "0005" + "0800" + IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 18}),
    ("802.1ad in 802.1Q in 0x9100", 1, ETHERNET + "9100" + "0001" + "88a8" + "0002" + "8100" + "0003" + "86dd"
     + IPV6_UDP + DATAGRAM, {**UDP_COLUMNS, "network_offset": 26, "transport_offset": 66, "payload_offset": 74}),
    ("MPLS, two labels", 1, ETHERNET + "8847" + "00010040" + "00020140" + IPV4_TCP + SYN,
     {**TCP_COLUMNS, "network_offset": 22}),
    ("PPPoE session", 1, ETHERNET + "8864" + "11000001002e" + "0021" + IPV4_TCP + SYN,
     {**TCP_COLUMNS, "network_offset": 22}),
    ("802.3 with SNAP", 1, ETHERNET + "0034" + "aaaa03" + "000000" + "0800" + IPV4_TCP + SYN,
     {**TCP_COLUMNS, "network_offset": 22}),
    ("spanning tree", 1, ETHERNET + "0026" + "424203" + "00" * 43,
     {"protocol": Protocol.LLC, "network_offset": -1, "ethertype": 0, "ip_protocol": 255, "broken": 0}),
    ("cooked", 113, "0000000100060200000000010000" + "0800" + IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 16}),
    ("cooked v2", 276, "86dd" + "0000" + "00000002" + "0001" + "00" + "06" + "0200000000010000" + IPV6_UDP + DATAGRAM,
     {**UDP_COLUMNS, "network_offset": 20}),
    ("cooked netlink", 113, "0004" + "0338" + "00" * 10 + "0800" + IPV4_TCP + SYN,
     {"protocol": Protocol.UNKNOWN, "network_offset": -1, "broken": 0}),
    ("null, little endian", 0, "02000000" + IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 4}),
    ("null, big endian, another system's AF_INET6", 0, "0000001e" + IPV6_UDP + DATAGRAM,
     {**UDP_COLUMNS, "network_offset": 4}),
    ("loop", 108, "00000002" + IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 4}),
    ("raw IP, 4", 101, IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 0}),
    ("raw IP, 6", 12, IPV6_UDP + DATAGRAM, {**UDP_COLUMNS, "network_offset": 0, "transport_offset": 40}),
    ("raw IPv4", 228, IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 0}),
    ("raw IPv6", 229, IPV6_UDP + DATAGRAM, {**UDP_COLUMNS, "network_offset": 0}),
    ("PPP", 9, "ff03" + "0021" + IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 4}),
    ("PPP, all compressed", 9, "21" + IPV4_TCP + SYN, {**TCP_COLUMNS, "network_offset": 1}),
    ("PPP link control", 9, "ff03" + "c021" + "01010004",
     {"protocol": Protocol.PPP, "network_offset": -1, "broken": 0}),
    ("802.11", 105, "80000000" + "ff" * 30, {"protocol": Protocol.WIFI, "network_offset": -1, "broken": 0}),
    ("radiotap", 127, "00000800" + "00" * 30, {"protocol": Protocol.WIFI, "broken": 0}),
    ("a link type that is not known", 147, "4500", {"protocol": Protocol.UNKNOWN, "broken": 0}),
    ("an ethertype that is not known", 1, ETHERNET + "88cc" + "0207",
     {"protocol": Protocol.UNKNOWN, "ethertype": 0x88CC, "network_offset": -1, "broken": 0}),
    ("ARP", 1, ETHERNET + "0806" + "0001080006040001" + "00" * 20,
     {"protocol": Protocol.ARP, "ethertype": 0x0806, "network_offset": 14, "transport_offset": -1, "ip_protocol": 255,
      "broken": 0}),
    ("ARP cut", 1, ETHERNET + "0806" + "0001080006040001" + "00" * 19, {"broken": Broken.NETWORK_TOO_SHORT}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("link_type", "frame", "expected"), [case[1:] for case in TABLE], ids=[case[0] for case in TABLE]
)
def test_a_frame_by_hand(link_type: int, frame: str, expected: dict[str, int], decoded: Decoded) -> None:
    found = decoded(bytes.fromhex(frame), link_type)
    assert {name: found[name] for name in expected} == expected


def test_the_columns_are_those_of_the_table_with_their_types(traffic: FrameBatch) -> None:
    columns = decode(traffic)
    assert {name: values.dtype.str[1:] for name, values in columns.items()} == DECODED_COLUMNS
    assert all(values.shape == (len(traffic),) for values in columns.values())


def test_no_frames_give_no_rows(make_batch: Callable[..., FrameBatch]) -> None:
    assert all(values.shape == (0,) for values in decode(make_batch([])).values())


@pytest.mark.parametrize("cut", range(14 + 20 + 24))
def test_a_frame_cut_anywhere_says_where_it_broke(cut: int, decoded: Decoded) -> None:
    found = decoded(bytes.fromhex(ETHERNET + "0800" + IPV4_TCP + SYN)[:cut], 1, 58)
    expected = (
        Broken.LINK_TOO_SHORT if cut < 14 else Broken.NETWORK_TOO_SHORT if cut < 34 else Broken.TRANSPORT_TOO_SHORT
    )
    assert found["broken"] == expected
    assert (found["source_port"] == 40000) == (cut >= 38)
    assert (found["window"] == 1024) == (cut >= 54)
    assert (found["payload_offset"] == 58) == (cut >= 54)


def test_headers_inside_each_other_are_followed_to_a_bound(decoded: Decoded, build: SimpleNamespace) -> None:
    tags = b"".join(bytes.fromhex("00018100") for _ in range(7)) + bytes.fromhex("00010800")
    assert decoded(build.ethernet(tags + build.ipv4(build.tcp()), 0x8100))["source_port"] == 40000
    endless = b"".join(bytes.fromhex("00018100") for _ in range(400))
    assert decoded(build.ethernet(endless, 0x8100))["broken"] == Broken.TOO_DEEP


@st.composite
def frames(draw: st.DrawFn) -> tuple[list[bytes], list[int]]:
    """Any bytes, or a frame by hand with any bytes written over it, on any link type."""
    count = draw(st.integers(1, 8))
    links = draw(st.lists(st.sampled_from(LINK_TYPES), min_size=count, max_size=count))
    return [draw(st.binary(max_size=120) | damaged()) for _ in range(count)], links


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    frame = bytearray.fromhex(draw(st.sampled_from([case[2] for case in TABLE])))
    for _ in range(draw(st.integers(0, 4))):
        frame[draw(st.integers(0, len(frame) - 1))] = draw(st.integers(0, 255))
    return bytes(frame[: draw(st.integers(0, len(frame)))]) + draw(st.binary(max_size=8))


@settings(deadline=None, max_examples=120)
@given(frames())
def test_any_bytes_give_columns_within_the_frame(
    make_batch: Callable[..., FrameBatch], given_frames: tuple[list[bytes], list[int]]
) -> None:
    whole = make_batch(*given_frames)
    columns = decode(whole)
    network, transport, payload = (columns[f"{name}_offset"] for name in ("network", "transport", "payload"))
    assert np.all(network < np.maximum(whole.captured, 0))
    assert np.all(transport < np.maximum(whole.captured, 0))
    cut = columns["broken"] == Broken.TRANSPORT_TOO_SHORT
    assert np.all((payload <= whole.captured) | cut)
    assert np.all(columns["payload_length"] >= 0)
    assert np.all((transport < 0) | (network >= 0))
    assert np.all((payload < 0) | (payload > transport))
    for index in range(len(whole)):
        alone = decode(whole.part(index, index + 1))
        assert {name: values[0] for name, values in alone.items()} == {
            name: values[index] for name, values in columns.items()
        }


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.binary(max_size=80), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_datagrams_give_columns_within_them(given_datagrams: list[tuple[bytes, int]]) -> None:
    datagrams, ip_protocols = zip(*given_datagrams, strict=True)
    columns = decode_datagrams(datagrams, ip_protocols)
    for index, (datagram, ip_protocol) in enumerate(given_datagrams):
        cut = columns["broken"][index] == Broken.TRANSPORT_TOO_SHORT
        assert columns["payload_offset"][index] <= len(datagram) or cut
        assert columns["transport_offset"][index] <= len(datagram)
        alone = decode_datagrams([datagram], [ip_protocol])
        assert all(values[0] == columns[name][index] for name, values in alone.items())


def assert_same(
    one: tuple[Columns, dict[int, bytes], FlowTable], other: tuple[Columns, dict[int, bytes], FlowTable]
) -> None:
    for name, values in one[0].items():
        assert np.array_equal(values, other[0][name]), name
    assert one[1] == other[1]
    assert len(one[2]) == len(other[2])
    for flow in range(len(one[2])):
        assert one[2].endpoints(flow) == other[2].endpoints(flow)
        assert one[2].first_row(flow) == other[2].first_row(flow)


def test_batches_of_any_size_give_the_same(traffic: FrameBatch, run_in_batches: Callable[..., tuple]) -> None:
    whole = run_in_batches(traffic, 50_000)
    assert len(whole[1]) > 50
    assert set(whole[0]["broken"]) >= {0, Broken.LINK_TOO_SHORT, Broken.NETWORK_TOO_SHORT, Broken.TRANSPORT_TOO_SHORT}
    assert set(whole[0]["fragment"]) >= {Fragment.FIRST, Fragment.COMPLETED}
    for size in (1, 7, 1000):
        assert_same(run_in_batches(traffic, size), whole)


def test_batches_of_any_size_give_the_same_on_a_capture(
    capture: Path, read_capture: Callable[[Path], FrameBatch], run_in_batches: Callable[..., tuple]
) -> None:
    packets = read_capture(capture)
    whole = run_in_batches(packets, 50_000)
    for size in (1, 7):
        assert_same(run_in_batches(packets, size), whole)
