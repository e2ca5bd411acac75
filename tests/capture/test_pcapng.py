"""Sections, interfaces and packet blocks of either byte order; what lies or is cut ends the reading, no more."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.model.limits import Limits

SECOND = 10**9


def resolution(exponent):
    return (9, bytes([exponent]))


def offset(order, seconds):
    return (14, struct.pack(order + "q", seconds))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("exponent, ticks, time", [
    (None, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
    (6, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
    (9, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
    (3, 1_700_000_000_123, 1_700_000_000_123_000_000),
    (0, 1_700_000_000, 1_700_000_000 * SECOND),
    (12, 1_700_000_000_123_456_789, 1_700_000_000_123_456),
    (0x80 | 10, (1_700_000_000 << 10) + 512, 1_700_000_000 * SECOND + SECOND // 2),
    (0x80 | 32, (1_700_000_000 << 32) + (1 << 31), 1_700_000_000 * SECOND + SECOND // 2),
    (0x80 | 0, 1_700_000_000, 1_700_000_000 * SECOND),
    (0x7F, 2**64 - 1, 0),
    (0xFF, 2**64 - 1, 0),
    (0, 2**64 - 1, 2**63 - 1),
    (9, 2**64 - 1, 2**63 - 1),
])  # fmt: skip
def test_times_in_each_resolution(captures, order, exponent, ticks, time):
    found = [] if exponent is None else [resolution(exponent)]
    file = captures.Pcapng(order).interface(1, 0, *found).enhanced(b"x", ticks)
    assert captures.read_file(file.data).packets[0].time == time


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("seconds, time", [
    (1_000, 1_005 * SECOND), (-3, 2 * SECOND), (-10, -5 * SECOND),
    (2**63 - 1, 2**63 - 1), (-(2**63), -(2**63)),
])  # fmt: skip
def test_offsets_are_added_and_held_within_64_bits(captures, order, seconds, time):
    file = captures.Pcapng(order).interface(1, 0, resolution(0), offset(order, seconds)).enhanced(b"x", 5)
    assert captures.read_file(file.data).packets[0].time == time


@pytest.mark.parametrize("order", "<>")
def test_each_packet_block_gives_every_field(captures, order):
    file = captures.Pcapng(order).interface(1, 96).interface(113, 0, resolution(9))
    file.enhanced(b"first", 7, 60, 1).obsolete(b"second!", 8, 1, drops=5).simple(b"third").obsolete(b"", 9, 0)
    assert captures.read_file(file.data).packets == [
        captures.Packet(b"first", 7, 60, 113, 1),
        captures.Packet(b"second!", 8, 7, 113, 1),
        captures.Packet(b"third", 8, 5, 1, 0),
        captures.Packet(b"", 9_000, 0, 1, 0),
    ]


def test_a_simple_block_has_no_time_of_its_own(captures):
    file = (
        captures.Pcapng().interface().simple(b"a").simple(b"b").enhanced(b"c", 5).simple(b"d").interface().simple(b"e")
    )
    assert [each.time for each in captures.read_file(file.data).packets] == [0, 0, 5_000, 5_000, 5_000]


@pytest.mark.parametrize(
    "snaplen, length, kept", [(0, 10, b"12345678"), (4, 10, b"1234"), (0, 6, b"123456"), (99, 3, b"123")]
)
def test_a_simple_block_says_how_much_it_holds_by_snaplen_and_size(captures, snaplen, length, kept):
    packet = captures.read_file(captures.Pcapng().interface(1, snaplen).simple(b"12345678", length).data).packets[0]
    assert (packet.data, packet.length) == (kept, length)


def test_sections_of_both_orders_count_their_interfaces_anew(captures):
    file = captures.Pcapng("<").interface(1).interface(0).enhanced(b"a", 1, None, 1)
    file.section(">").interface(101).enhanced(b"b", 2).section("<").interface(228, 0, resolution(9)).enhanced(b"c", 3)
    reading = captures.read_file(file.data)
    rows = [(each.data, each.time, each.link_type, each.interface) for each in reading.packets]
    assert rows == [(b"a", 1_000, 0, 1), (b"b", 2_000, 101, 2), (b"c", 3, 228, 3)]
    assert [each.link_type for each in reading.info.interfaces] == [1, 0, 101, 228]


def test_interfaces_of_different_clocks_in_one_batch(captures):
    file = captures.Pcapng().interface(1, 0, resolution(9)).interface(1, 0, resolution(3))
    for number in range(6):
        file.enhanced(b"x", 10 + number, None, number % 2)
    reading = captures.read_file(file.data)
    assert reading.sizes == [6]
    assert [each.time for each in reading.packets] == [10, 11 * 10**6, 12, 13 * 10**6, 14, 15 * 10**6]


def test_an_interface_may_be_described_between_packets(captures):
    file = captures.Pcapng().interface(1).enhanced(b"a").interface(113).enhanced(b"b", 0, None, 1)
    assert [each.link_type for each in captures.read_file(file.data).packets] == [1, 113]


@pytest.mark.parametrize("order", "<>")
def test_packet_comments(captures, order):
    file = captures.Pcapng(order).interface()
    file.enhanced(b"abc", 0, None, 0, (2, b"\x01\0\0\0"), (1, "한글 설명".encode()), (1, b"second"))
    file.enhanced(b"abcd", 0, None, 0, (2, b"\x01\0\0\0")).enhanced(b"", 0, None, 0, (1, b"on an empty frame"))
    file.enhanced(b"none")
    comments = [each.comment for each in captures.read_file(file.data).packets]
    assert comments == ["한글 설명\nsecond", "", "on an empty frame", ""]


def test_options_after_the_end_mark_or_beyond_the_block_are_not_read(captures):
    file = captures.Pcapng().interface()
    head = struct.pack("<IIIII", 0, 0, 0, 0, 0)
    file.block(6, head + bytes(4) + captures.options("<", (1, b"hidden")))
    file.block(6, head + struct.pack("<HH", 1, 500) + b"cut!")
    assert [each.comment for each in captures.read_file(file.data).packets] == ["", ""]


def test_custom_and_unknown_blocks_are_skipped(captures):
    file = captures.Pcapng().block(0xBAD, b"12345678").interface().enhanced(b"a")
    file.block(0x40000BAD, b"1234" * 5).block(0x77, b"").enhanced(b"b").block(0x80000001, b"12345678").enhanced(b"c")
    reading = captures.read_file(file.data)
    assert [each.data for each in reading.packets] == [b"a", b"b", b"c"]
    assert reading.sizes == [3] and not reading.info.cut_short


@pytest.mark.parametrize(
    "version, fine", [((1, 0), True), ((1, 2), True), ((0, 1), False), ((2, 0), False), ((1, 1), False)]
)
def test_versions(captures, version, fine):
    file = captures.Pcapng("<", version=version).interface().enhanced(b"a")
    reading = captures.read_file(file.data)
    assert len(reading.packets) == (1 if fine else 0)
    assert reading.info.cut_reason == ("" if fine else "unsupported-version")


def test_an_unknown_version_in_a_later_section_ends_the_reading(captures):
    file = captures.Pcapng().interface().enhanced(b"a").section(">", version=(7, 0)).interface().enhanced(b"b")
    reading = captures.read_file(file.data)
    assert [each.data for each in reading.packets] == [b"a"]
    assert (reading.info.cut_short, reading.info.cut_reason) == (True, "unsupported-version")


PACKET = struct.pack("<IIIII", 0, 0, 0, 4, 4) + b"data"
HALF_SECTION = struct.pack("<IHHI", 0x1A2B3C4D, 1, 0, 0)
LIES = {
    "an interface that is not described": lambda file: file.enhanced(b"x", 0, None, 1),
    "captured beyond the block": lambda file: file.block(6, struct.pack("<IIIII", 0, 0, 0, 9, 9) + b"data"),
    "captured far beyond the block": lambda file: file.block(6, struct.pack("<IIIII", 0, 0, 0, 2**32 - 1, 9) + b"data"),
    "two lengths of a packet that differ": lambda file: file.block(6, PACKET, trailer=40),
    "two lengths of an interface that differ": lambda file: file.block(1, bytes(8), trailer=24),
    "two lengths of an unknown block that differ": lambda file: file.block(99, bytes(8), trailer=24),
    "a packet block without room for its fields": lambda file: file.block(6, bytes(16)),
    "a section without room for its fields": lambda file: file.block(0x0A0D0D0A, HALF_SECTION),
    "a section of no byte order": lambda file: file.block(0x0A0D0D0A, bytes(16)),
    "an interface without room for its fields": lambda file: file.block(1, bytes(4)),
    "a length of zero": lambda file: file.claim(6, 0),
    "an unknown block of length zero": lambda file: file.claim(99, 0),
    "a length that is no multiple of four": lambda file: file.claim(6, 38),
    "a length beyond belief": lambda file: file.claim(6, 0x7FFFFFFC),
    "an unknown block of a length beyond belief": lambda file: file.claim(99, 0x7FFFFFFC),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("before", [0, 2])
def test_a_block_that_lies_ends_the_reading(captures, lie, before):
    file = captures.Pcapng().interface()
    for _ in range(before):
        file.enhanced(b"good")
    LIES[lie](file)
    file.enhanced(b"never read").interface(101)
    reading = captures.read_file(file.data)
    assert [each.data for each in reading.packets] == [b"good"] * before
    assert (reading.info.cut_short, reading.info.cut_reason) == (True, "record-lies")
    assert len(reading.info.interfaces) == 1, "what stands after a lie is not believed"


def test_packets_before_any_interface_are_lies(captures):
    for file in (captures.Pcapng().enhanced(b"x"), captures.Pcapng().simple(b"x"), captures.Pcapng().obsolete(b"x")):
        reading = captures.read_file(file.data)
        assert (reading.packets, reading.info.cut_reason) == ([], "record-lies")


def test_too_many_interfaces_are_a_limit_that_is_counted(captures):
    file = captures.Pcapng().interface().enhanced(b"a").interface().enhanced(b"b").interface().enhanced(b"c")
    reading = captures.read_file(file.data, Limits(interfaces=2))
    assert [each.data for each in reading.packets] == [b"a", b"b"]
    assert reading.info.cut_reason == "limit"
    assert reading.info.limit_counter.counts == {"interfaces": 1}


def rich(captures, order="<"):
    file = captures.Pcapng(order, comment="of the section").interface(1, 0, (2, b"eth0"), resolution(9))
    file.enhanced(b"first", 1, None, 0, (1, b"a comment")).block(77, b"skip").simple(b"second")
    file.section(">" if order == "<" else "<").interface(101).obsolete(b"third", 3).enhanced(b"fourth", 4)
    return file


@pytest.mark.parametrize("order", "<>")
def test_a_file_cut_anywhere_gives_the_packets_before(captures, order):
    file = rich(captures, order)
    whole = captures.read_file(file.data).packets
    assert len(whole) == 4
    for cut in range(24, len(file.data)):
        reading = captures.read_file(file.data[:cut])
        assert reading.packets == whole[: sum(end <= cut for end in file.ends)]
        assert reading.info.cut_reason in ("", "record-cut")


def test_a_cut_between_blocks_is_no_cut(captures):
    file = rich(captures)
    for end in file.ends:
        assert not captures.read_file(file.data[:end]).info.cut_short
        assert captures.read_file(file.data[: end - 1]).info.cut_short


def test_batches_are_small_at_first_and_bounded_after(captures):
    file = captures.Pcapng().interface()
    block = captures.Pcapng().enhanced(b"a frame").data[28:]
    assert captures.read_file(file.data + block * 20_000).sizes == [1_998, 16_384, 1_618], (
        "two blocks of the first held no packet"
    )


@given(order=st.sampled_from("<>"), blocks=st.binary(max_size=200))
def test_any_bytes_after_an_interface_are_read_somehow(captures, order, blocks):
    captures.read_file(captures.Pcapng(order).interface().data + blocks)


@given(order=st.sampled_from("<>"), data=st.data())
def test_a_changed_byte_never_raises(captures, order, data):
    file = bytearray(rich(captures, order).data)
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(28, len(file) - 1))] = data.draw(st.integers(0, 255))
    captures.read_file(bytes(file))


BODIES = st.binary(max_size=60).map(lambda body: body + bytes(-len(body) % 4))


@given(
    order=st.sampled_from("<>"),
    blocks=st.lists(st.tuples(st.sampled_from([1, 2, 3, 4, 5, 6, 10, 99]), BODIES), max_size=8),
)
def test_blocks_of_any_content_never_raise(captures, order, blocks):
    file = captures.Pcapng(order).interface()
    for kind, body in blocks:
        file.block(kind, body)
    captures.read_file(file.data)
