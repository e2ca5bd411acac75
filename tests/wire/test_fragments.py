"""Fragments put together: any order, overlaps, over batches, and within bounds."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.model.frames import FrameBatch
from netviz.model.limits import LimitCounter, Limits
from netviz.model.packets import Columns
from netviz.model.protocols import Broken, Fragment, Protocol
from netviz.wire.decode import decode
from netviz.wire.fragments import Reassembler

MakeBatch = Callable[..., FrameBatch]
MORE = 0x2000


def feed(
    whole: FrameBatch, limits: Limits | None = None, size: int = 1
) -> tuple[list[Columns], dict[int, bytes], dict[str, int]]:
    """Columns a batch, datagrams, and which bounds were hit."""
    counter = LimitCounter()
    reassembler = Reassembler(limits or Limits(), counter)
    columns, found = [], {}
    for start in range(0, len(whole), size):
        part = whole.part(start, min(start + size, len(whole)))
        columns.append(decode(part))
        found |= reassembler.feed(part, columns[-1], start)
    return columns, found, dict(counter.counts)


def pieces(
    datagram: bytes, build: SimpleNamespace, *cuts: int, identification: int = 1, protocol: int = 17
) -> list[bytes]:
    """IPv4 fragments of a datagram, cut at multiples of 8."""
    edges = [0, *cuts, len(datagram)]
    return [
        build.ipv4(
            datagram[start:end], protocol, identification=identification,
            fragment=start // 8 | (MORE if end < len(datagram) else 0),
        )
        for start, end in pairwise(edges)
    ]  # fmt: skip


def test_the_row_that_completes_gets_the_datagrams_columns(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    datagram = build.tcp(b"GET / HTTP/1.1\r\n\r\n" + bytes(14), 4000, 80, 77, 88, 0x18, 99)
    whole = make_batch(pieces(datagram, build, 8, 32, protocol=6), 101)
    columns, found, _ = feed(whole)
    assert found == {2: datagram}
    last = {name: int(values[0]) for name, values in columns[2].items()}
    assert last == {
        "protocol": Protocol.HTTP, "ethertype": 0x0800, "network_offset": 0, "transport_offset": 0,
        "payload_offset": 20, "payload_length": 32, "ip_protocol": 6, "source_port": 4000,
        "destination_port": 80, "flags": 0x18, "seq": 77, "ack": 88, "window": 99,
        "fragment": Fragment.COMPLETED, "broken": 0,
    }  # fmt: skip
    assert [int(part["fragment"][0]) for part in columns[:2]] == [Fragment.FIRST, Fragment.MIDDLE]


def test_any_order_and_any_batches(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    datagram = build.udp(bytes(range(100)), 5, 6)
    parts = pieces(datagram, build, 16, 40, 64)
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)):
        for size in (1, 3, 4):
            found = feed(make_batch([parts[index] for index in order], 101), size=size)[1]
            assert found == {3: datagram}


def test_datagrams_that_arrive_together_are_kept_apart(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    one, other = (build.udp(bytes([fill]) * 20, 5, 6) for fill in (1, 2))
    mixed = [
        part
        for pair in zip(pieces(one, build, 8, identification=1), pieces(other, build, 8, identification=2), strict=True)
        for part in pair
    ]
    assert feed(make_batch(mixed, 101), size=4)[1] == {2: one, 3: other}
    another_source = [pieces(one, build, 8)[0], build.ipv4(one[8:], 17, "0a000009", identification=1, fragment=1)]
    assert feed(make_batch(another_source, 101))[1] == {}


def ipv6_pieces(build: SimpleNamespace, datagram: bytes, following: int, cut: int, before: bytes = b"") -> list[bytes]:
    def header(offset: int, more: int) -> bytes:
        return bytes([following, 0]) + (offset | more).to_bytes(2) + b"\0\0\0\x07"

    first = 0 if before else 44
    return [
        build.ipv6(before + header(0, 1) + datagram[:cut], first),
        build.ipv6(before + header(cut, 0) + datagram[cut:], first),
    ]


def test_ipv6_fragments(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    datagram = build.udp(bytes(range(50)), 5, 6)
    hop_by_hop = bytes.fromhex("2c00010400000000")
    for before in (b"", hop_by_hop):
        columns, found, _ = feed(make_batch(ipv6_pieces(build, datagram, 17, 24, before), 101))
        assert found == {1: datagram}
        assert (columns[1]["payload_offset"][0], columns[1]["destination_port"][0]) == (8, 6)


def test_ipv6_extension_headers_within_the_datagram(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    datagram = bytes.fromhex("1100010400000000") + build.udp(bytes(50), 5, 6)
    columns, found, _ = feed(make_batch(ipv6_pieces(build, datagram, 60, 32), 101))
    assert found == {1: datagram}
    assert (columns[1]["ip_protocol"][0], columns[1]["transport_offset"][0], columns[1]["source_port"][0]) == (17, 8, 5)


def test_a_packet_that_a_datagram_carries_is_not_gone_into(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    columns, found, _ = feed(make_batch(pieces(build.ipv4(build.tcp()), build, 16, protocol=4), 101))
    assert len(found) == 1
    assert (columns[1]["protocol"][0], columns[1]["network_offset"][0]) == (Protocol.OTHER_IP, 0)
    assert columns[1]["transport_offset"][0] == -1


def test_what_came_first_stays_where_fragments_overlap(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    head = build.udp(b"", 5, 6, length=32)
    fragments = [
        build.ipv4(head + b"a" * 8, 17, fragment=MORE),
        build.ipv4(b"c" * 8, 17, fragment=3),
        build.ipv4(b"B" * 24, 17, fragment=1 | MORE),
    ]
    assert feed(make_batch(fragments, 101))[1] == {2: head + b"a" * 8 + b"B" * 8 + b"c" * 8}


def test_teardrop(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    """The second fragment lies within the first and ends the datagram before the first one's end (CVE-1999-0015)."""
    fragments = [
        build.ipv4(build.udp(bytes(28), 5, 6, length=36), 17, fragment=MORE),
        build.ipv4(b"tear", 17, fragment=3),
    ]
    columns, found, _ = feed(make_batch(fragments, 101))
    assert {row: len(datagram) for row, datagram in found.items()} == {1: 28}
    assert columns[1]["fragment"][0] == Fragment.COMPLETED
    assert columns[1]["broken"][0] == Broken.TRANSPORT_BAD_LENGTH


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"fragment": 0x1FFF, "total": 0}, id="passes 65535 bytes"),
        pytest.param({"fragment": 0x0001, "total": 4000}, id="not captured whole"),
    ],
)
def test_fragments_that_are_of_no_use(bad: dict[str, int], make_batch: MakeBatch, build: SimpleNamespace) -> None:
    first = build.ipv4(build.udp(bytes(0), 5, 6), 17, fragment=MORE)
    assert feed(make_batch([first, build.ipv4(bytes(16), 17, **bad)], 101))[1] == {}


def test_a_missing_fragment_leaves_the_others_waiting(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    parts = pieces(build.udp(bytes(60), 5, 6), build, 16, 32)
    assert feed(make_batch([parts[0], parts[2]], 101))[1] == {}
    assert feed(make_batch([parts[1], parts[2]], 101))[1] == {}


def test_the_oldest_goes_when_too_many_wait(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    halves = [pieces(build.udp(bytes(24), 5, 6), build, 16, identification=number) for number in range(4)]
    whole = make_batch([half[0] for half in halves] + [half[1] for half in halves[1:]], 101)
    _, found, hits = feed(whole, Limits(fragments_pending=3), size=3)
    assert sorted(found) == [4, 5, 6]
    assert hits == {"fragments_pending": 1}


def test_the_oldest_goes_when_too_much_waits(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    halves = [pieces(build.udp(bytes(2000), 5, 6), build, 1600, identification=number) for number in range(3)]
    whole = make_batch([half[0] for half in halves] + [half[1] for half in halves], 101)
    _, found, hits = feed(whole, Limits(fragment_bytes=4000))
    assert sorted(found) == [4, 5]
    assert hits == {"fragment_bytes": 1}
    assert feed(whole, Limits(fragment_bytes=100))[1] == {}


def test_fragments_do_not_wait_for_ever(make_batch: MakeBatch, build: SimpleNamespace) -> None:
    old, new = (build.udp(bytes([fill]) * 24, 5, 6) for fill in (1, 2))
    frames = [pieces(old, build, 16)[0], *pieces(new, build, 16)]
    second = 1_000_000_000
    late = make_batch(frames, 101, None, [0, 61 * second, 61 * second])
    assert feed(late)[1:] == ({2: new}, {"fragment_seconds": 1})
    soon = make_batch(frames, 101, None, [0, 59 * second, 59 * second])
    assert feed(soon)[1] == {2: old[:16] + new[16:]}


@st.composite
def fragments(draw: st.DrawFn) -> list[tuple[int, int, bool, int]]:
    """(offset in units, length in bytes, more, which datagram) of fragments that may contradict each other."""
    one = st.tuples(st.integers(0, 6), st.integers(0, 24), st.booleans(), st.integers(0, 1))
    return draw(st.lists(one, max_size=14))


@settings(deadline=None, max_examples=200)
@given(fragments(), st.integers(1, 6))
def test_datagrams_are_those_of_a_plain_byte_map(
    make_batch: MakeBatch, build: SimpleNamespace, parts: list[tuple[int, int, bool, int]], size: int
) -> None:
    frames, expected = [], {}
    maps: dict[int, dict[int, int]] = {}
    ends: dict[int, int] = {}
    for row, (offset, length, more, datagram) in enumerate(parts):
        content = bytes([row + 1]) * length
        frames.append(build.ipv4(content, 99, identification=datagram, fragment=offset | (MORE if more else 0)))
        kept = length // 8 * 8 if more else length
        if not kept or not (offset or more):
            continue
        known = maps.setdefault(datagram, {})
        for index in range(kept):
            known.setdefault(offset * 8 + index, row + 1)
        if not more:
            ends.setdefault(datagram, offset * 8 + kept)
        end = ends.get(datagram)
        if end is not None and all(index in known for index in range(end)):
            expected[row] = bytes(known[index] for index in range(end))
            del maps[datagram], ends[datagram]
    assert feed(make_batch(frames, 101), size=size)[1] == expected


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=70), max_size=6), st.sampled_from([44, 0, 60]), st.booleans())
def test_any_bytes_are_taken(
    make_batch: MakeBatch, build: SimpleNamespace, bodies: list[bytes], following: int, is_v4: bool
) -> None:
    if is_v4:
        frames = [build.ipv4(body, 17, fragment=int.from_bytes(body[:2]) & 0x3FFF) for body in bodies]
    else:
        frames = [build.ipv6(body, following) for body in bodies]
    whole = make_batch(frames, 101)
    columns, found, _ = feed(whole, replace(Limits(), fragments_pending=2), size=3)
    completed = np.concatenate([part["fragment"] for part in columns] or [np.zeros(0)]) == Fragment.COMPLETED
    assert set(np.flatnonzero(completed).tolist()) == set(found)
