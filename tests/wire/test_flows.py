"""Flow numbers and sides: exact, in order of appearance, carried from batch to batch."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netviz.wire.flows
from netviz.model.endpoint import Endpoint
from netviz.model.frames import FrameBatch
from netviz.wire.decode import decode
from netviz.wire.flows import FlowTable

MakeBatch = Callable[..., FrameBatch]
A, B, C = "0a000001", "0a000002", "0a000003"


def assign(packets: list[bytes], make_batch: MakeBatch) -> tuple[list[int], list[int], FlowTable]:
    """Flows and sides of raw IP packets."""
    table = FlowTable()
    whole = make_batch(packets, 101)
    flows, sides = table.assign(whole, decode(whole), {})
    assert (flows.dtype, sides.dtype) == (np.int32, np.int8)
    return flows.tolist(), sides.tolist(), table


def test_both_directions_are_one_flow(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    there = build.ipv4(build.tcp(b"", 9000, 80), 6, B, A)
    back = build.ipv4(build.tcp(b"", 80, 9000), 6, A, B)
    flows, sides, table = assign([there, back, there], make_batch)
    assert (flows, sides) == ([0, 0, 0], [0, 1, 0])
    assert table.endpoints(0) == (Endpoint("10.0.0.2", 9000), Endpoint("10.0.0.1", 80))
    assert (len(table), table.ip_protocol(0), table.first_row(0)) == (1, 6, 0)


def test_each_part_of_the_tuple_makes_another_flow(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    packets = [
        build.ipv4(build.tcp(b"", 1, 2), 6, A, B),
        build.ipv4(build.tcp(b"", 2, 1), 6, A, B),
        build.ipv4(build.udp(b"", 1, 2), 17, A, B),
        build.ipv4(build.tcp(b"", 1, 3), 6, A, B),
        build.ipv4(build.tcp(b"", 1, 2), 6, A, C),
        build.ipv6(build.tcp(b"", 1, 2), 6, A + "00" * 12, B + "00" * 12),
        build.ipv6(build.tcp(b"", 1, 2), 6, A + "00" * 11 + "01", B + "00" * 12),
        build.ipv4(bytes(8), 1, A, B),
    ]
    flows, sides, table = assign(packets, make_batch)
    assert flows == list(range(len(packets)))
    assert sides == [0] * len(packets)
    assert table.endpoints(5) == (Endpoint("a00:1::", 1), Endpoint("a00:2::", 2))
    assert table.endpoints(7) == (Endpoint("10.0.0.1", 0), Endpoint("10.0.0.2", 0))


def test_ipv6_sides_are_decided_by_the_first_half_of_the_address_first(
    make_batch: MakeBatch, build: SimpleNamespace
) -> None:
    low, high = "00" * 7 + "01" + "ff" * 8, "00" * 7 + "02" + "00" * 8
    there, back = build.ipv6(build.tcp(b"", 7, 5), 6, high, low), build.ipv6(build.tcp(b"", 5, 7), 6, low, high)
    flows, sides, table = assign([there, back], make_batch)
    assert (flows, sides) == ([0, 0], [0, 1])
    assert [end.port for end in table.endpoints(0)] == [7, 5]


def test_equal_endpoints_are_side_0(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    itself = build.ipv4(build.udp(b"", 5, 5), 17, A, A)
    assert assign([itself, itself], make_batch)[:2] == ([0, 0], [0, 0])


def test_ports_tell_the_sides_on_one_address(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    packets = [build.ipv4(build.udp(b"", *ports), 17, A, A) for ports in ((9, 5), (5, 9))]
    assert assign(packets, make_batch)[:2] == ([0, 0], [0, 1])


def test_what_has_no_flow(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    whole = build.ipv4(build.tcp())
    packets = [
        b"",
        whole[:19],
        whole[:39],
        build.ipv4(build.udp(length=3), 17),
        build.ipv4(bytes(8), 17, fragment=0x2000),
        build.ipv4(bytes(8), 17, fragment=0x0001),
        build.ipv6(b"\x06", 60),
    ]
    flows, sides, table = assign(packets, make_batch)
    assert (flows, sides, len(table)) == ([-1] * len(packets), [0] * len(packets), 0)


def test_a_datagram_counts_where_it_is_complete(
    make_batch: MakeBatch, build: SimpleNamespace, run_in_batches: Callable[..., tuple]
) -> None:
    datagram = build.udp(bytes(24), 5, 6)
    fragments = [
        build.ipv4(datagram[:16], 17, fragment=0x2000),
        build.ipv4(datagram[16:], 17, fragment=0x0002),
        build.ipv4(build.udp(b"", 6, 5), 17, B, A),
    ]
    columns, _, table = run_in_batches(make_batch(fragments, 101), 10)
    assert (columns["flow"].tolist(), columns["side"].tolist()) == ([-1, 0, 0], [0, 0, 1])
    assert table.first_row(0) == 1


packet_ends = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.booleans())


@settings(deadline=None, max_examples=60)
@given(st.lists(packet_ends, max_size=40), st.integers(1, 10))
@pytest.mark.parametrize("mixers", [None, np.zeros(5, np.uint64)], ids=["mixed", "all keys collide"])
def test_flows_are_those_of_a_dictionary(
    make_batch: MakeBatch, build: SimpleNamespace, mixers: np.ndarray | None, ends: list[tuple], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if mixers is not None:
            patch.setattr(netviz.wire.flows, "_MIXERS", tuple(mixers))
        _compare(make_batch, build, ends, size)


def _compare(make_batch: MakeBatch, build: SimpleNamespace, ends: list[tuple], size: int) -> None:
    packets, expected = [], []
    known: dict[tuple, tuple[int, tuple]] = {}
    for source, destination, source_port, destination_port, is_v6 in ends:
        segment = build.udp(b"", source_port, destination_port)
        addresses = [f"{number:02x}" * (16 if is_v6 else 4) for number in (source, destination)]
        packets.append((build.ipv6 if is_v6 else build.ipv4)(segment, 17, *addresses))
        pair = (source, source_port), (destination, destination_port)
        flow, first = known.setdefault((is_v6, frozenset(pair)), (len(known), pair[0]))
        expected.append((flow, 0 if pair[0] == first else 1))
    table, whole, found = FlowTable(), make_batch(packets, 101), []
    for start in range(0, len(packets), size):
        part = whole.part(start, min(start + size, len(packets)))
        flows, sides = table.assign(part, decode(part), {})
        found += zip(flows.tolist(), sides.tolist(), strict=True)
    assert found == expected
    assert len(table) == len(known)


def test_many_flows_keep_their_numbers(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    packets = [build.ipv4(build.tcp(b"", port, 80), 6, B, A) for port in range(1, 301)]
    flows, sides, table = assign(packets + packets, make_batch)
    assert flows == [*range(300), *range(300)]
    assert set(sides) == {0}
    assert table.endpoints(299)[0] == Endpoint("10.0.0.2", 300)
