"""Every variant of pcap gives the frames that were written; a record that is cut or lies ends the reading, no more."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.errors import UnreadableCapture
from netviz.model.limits import Limits

KINDS = ["microseconds", "nanoseconds", "modified", "ixia"]


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", KINDS)
def test_each_variant_gives_every_field(captures, three_packets, order, kind):
    file = captures.Pcap(order, kind, link_type=113, snaplen=2000)
    for data, time in three_packets:
        file.add(data, time, length=len(data) + 7)
    reading = captures.read_file(file.data)
    expected = [captures.Packet(data, time, len(data) + 7, 113) for data, time in three_packets]
    assert reading.packets == expected
    assert (reading.info.format, reading.info.cut_short) == ("pcap", False)
    assert [(each.link_type, each.snaplen) for each in reading.info.interfaces] == [(113, 2000)]
    assert reading.info.size == reading.info.position == len(file.data)


def test_nanoseconds_are_kept(captures):
    file = captures.Pcap(kind="nanoseconds").add(b"x", 1_700_000_000_123_456_789)
    assert captures.read_file(file.data).packets[0].time == 1_700_000_000_123_456_789


@pytest.mark.parametrize("seconds, fraction", [(0xFFFFFFFF, 0xFFFFFFFF), (0, 0), (1, 2_000_000)])
def test_odd_times_are_a_number(captures, seconds, fraction):
    record = struct.pack("<IIII", seconds, fraction, 1, 1) + b"x"
    assert captures.read_file(captures.Pcap().data + record).packets[0].time == seconds * 10**9 + fraction * 1000


def test_a_header_and_no_packets_is_a_capture(captures):
    reading = captures.read_file(captures.Pcap().data)
    assert reading.packets == [] and not reading.info.cut_short


def test_captured_longer_than_the_wire_is_taken_as_written(captures):
    packet = captures.read_file(captures.Pcap().add(bytes(84), length=68).data).packets[0]
    assert (len(packet.data), packet.length) == (84, 68)


def test_a_wire_length_beyond_31_bits_is_held_at_the_most(captures):
    assert captures.read_file(captures.Pcap().add(b"x", length=0xFFFFFFFF).data).packets[0].length == 2**31 - 1


def test_bits_about_the_frame_check_sequence_are_no_link_type(captures):
    assert captures.read_file(captures.Pcap(link_type=0xF7FF0001).add(b"x").data).packets[0].link_type == 1


@pytest.mark.parametrize("version", [(2, 2), (2, 3), (543, 0)])
@pytest.mark.parametrize("swapped", [True, False])
def test_old_versions_have_the_lengths_in_either_order(captures, version, swapped):
    lengths = (90, 4) if swapped else (4, 90)
    file = captures.Pcap(version=version)
    for _ in range(2):
        file.add(b"abcd", captured=lengths[0], length=lengths[1])
    assert [(each.data, each.length) for each in captures.read_file(file.data).packets] == [(b"abcd", 90)] * 2


@pytest.mark.parametrize("version", [(1, 4), (2, 5), (3, 0), (0, 0)])
def test_another_version_is_refused(captures, version):
    with pytest.raises(UnreadableCapture) as refused:
        captures.read_file(captures.Pcap(version=version).add(b"x").data)
    assert (refused.value.key, refused.value.details["version"]) == (
        "unsupported-version",
        f"{version[0]}.{version[1]}",
    )


@pytest.mark.parametrize("snaplen, captured, lies", [
    (65535, 262_144, False), (65535, 262_145, True), (0, 262_144, False), (0, 262_145, True),
    (300_000, 300_000, False), (300_000, 300_001, True), (0xFFFFFFFF, 262_145, True),
])  # fmt: skip
def test_a_length_that_can_not_be_true_ends_the_reading(captures, snaplen, captured, lies):
    file = captures.Pcap(snaplen=snaplen).add(b"first").add(bytes(captured)).add(b"last")
    reading = captures.read_file(file.data)
    assert [len(each.data) for each in reading.packets] == ([5] if lies else [5, captured, 4])
    assert (reading.info.cut_short, reading.info.cut_reason) == (lies, "record-lies" if lies else "")


def test_link_types_of_long_frames_have_them(captures):
    file = captures.Pcap(link_type=249).add(bytes(1_000_000))
    assert len(captures.read_file(file.data).packets) == 1
    assert captures.read_file(file.data, Limits(frame_bytes=999_999)).info.cut_reason == "record-lies"


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_anywhere_gives_the_packets_before(captures, three_packets, order, kind):
    file = captures.Pcap(order, kind)
    for data, time in three_packets:
        file.add(data[:80], time)
    whole = captures.read_file(file.data).packets
    for cut in range(file.ends[0], len(file.data) + 1):
        reading = captures.read_file(file.data[:cut])
        count = sum(end <= cut for end in file.ends[1:])
        assert reading.packets == whole[:count]
        at_a_record = cut in file.ends
        assert (reading.info.cut_short, reading.info.cut_reason) == (
            not at_a_record,
            "" if at_a_record else "record-cut",
        )


def test_batches_are_small_at_first_and_bounded_after(captures):
    file = captures.Pcap()
    record = captures.Pcap().add(b"a frame").data[24:]
    reading = captures.read_file(file.data + record * 40_000)
    assert reading.sizes == [2_000, 16_384, 16_384, 5_232]


def test_large_frames_make_batches_of_fewer(captures):
    record = captures.Pcap().add(bytes(262_144)).data[24:]
    reading = captures.read_file(captures.Pcap().data + record * 150)
    assert sum(reading.sizes) == 150
    assert max(reading.sizes) <= 65, "16 MiB of a capture, and the record that reaches over"


@given(order=st.sampled_from("<>"), kind=st.sampled_from(KINDS), records=st.binary(max_size=200))
def test_any_bytes_after_a_header_are_read_somehow(captures, order, kind, records):
    captures.read_file(captures.Pcap(order, kind).data + records)


@given(header=st.binary(min_size=20, max_size=20), records=st.binary(max_size=100))
def test_any_header_is_read_or_refused(captures, header, records):
    try:
        captures.read_file(b"\xd4\xc3\xb2\xa1" + header + records)
    except UnreadableCapture as refused:
        assert refused.key == "unsupported-version"
