"""Compressed capture files: by their bytes, as far as they go, within a bound, through any number of windows."""

import contextlib
import gzip
import os
import resource
import sys

import pytest

from netviz.capture.opening import open_capture
from netviz.errors import UnreadableCapture
from netviz.explain.words import say
from netviz.model.limits import Limits

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACK = {"gzip": lambda data: gzip.compress(data, 1), "zstd": zstd.compress}
KINDS = pytest.mark.parametrize("kind", PACK)


@KINDS
def test_a_compressed_file_gives_what_the_plain_one_gives(captures, three_packets, kind):
    pcap, pcapng = captures.Pcap(">", "nanoseconds"), captures.Pcapng(">", comment="hello").interface()
    for data, time in three_packets:
        pcap.add(data, time)
        pcapng.enhanced(data, time // 1000, None, 0, (1, b"noted"))
    for data in (pcap.data, pcapng.data):
        plain, packed = captures.read_file(data), captures.read_file(PACK[kind](data))
        assert packed.packets == plain.packets and len(plain.packets) == 3
        assert (plain.info.compression, packed.info.compression) == ("", kind)
        assert packed.info.format == plain.info.format and not packed.info.cut_short
        assert packed.info.size == packed.info.position == len(PACK[kind](data))


@KINDS
def test_large_files_come_in_windows_without_losing_a_frame(captures, kind):
    frames = [os.urandom(999) + number.to_bytes(4, "big") for number in range(50)]
    file = captures.Pcap()
    for frame in frames:
        file.add(frame)
    reading = captures.read_file(PACK[kind](file.data[:24] + file.data[24:] * 200))
    assert len(reading.packets) == 10_000 and not reading.info.cut_short
    assert all(packet.data == frames[index % 50] for index, packet in enumerate(reading.packets))


@KINDS
def test_a_stream_cut_short_gives_what_came_before(captures, kind):
    file = captures.Pcap()
    for _ in range(300):
        file.add(os.urandom(1000))
    stream = PACK[kind](file.data)
    reading = captures.read_file(stream[: len(stream) * 2 // 3])
    assert 100 <= len(reading.packets) < 300
    assert reading.packets == captures.read_file(file.data).packets[: len(reading.packets)]
    assert (reading.info.cut_short, reading.info.cut_reason) == (True, "compression-cut")


def test_a_wrong_checksum_loses_no_packet(captures):
    stream = bytearray(gzip.compress(captures.Pcap().add(b"a").add(b"b").data))
    stream[-8] ^= 1
    reading = captures.read_file(bytes(stream))
    assert [each.data for each in reading.packets] == [b"a", b"b"]
    assert reading.info.cut_reason == "compression-cut"


@KINDS
@pytest.mark.parametrize("cut", [0, 1])
def test_a_record_cut_inside_a_whole_stream(captures, kind, cut):
    file = captures.Pcap().add(b"one").add(b"two")
    reading = captures.read_file(PACK[kind](file.data[: len(file.data) - cut]))
    assert len(reading.packets) == 2 - cut
    assert reading.info.cut_reason == ("record-cut" if cut else "")


@KINDS
def test_what_is_unpacked_is_bounded_and_the_bound_counted(captures, kind):
    file = captures.Pcap()
    for _ in range(100):
        file.add(bytes(84))
    reading = captures.read_file(PACK[kind](file.data), Limits(decompressed_capture_bytes=24 + 1050))
    assert len(reading.packets) == 10
    assert (reading.info.cut_short, reading.info.cut_reason) == (True, "limit")
    assert reading.info.limit_counter.counts == {"decompressed_capture_bytes": 1}


@KINDS
def test_nothing_is_unpacked_beyond_the_bound(captures, kind):
    file = captures.Pcap().add(b"first").add(os.urandom(3 << 20))
    reading = captures.read_file(PACK[kind](file.data), Limits(decompressed_capture_bytes=100, frame_bytes=4 << 20))
    assert len(reading.packets) == 1
    assert reading.info.position < reading.info.size


def test_no_name_is_left_behind(captures, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert len(captures.read_file(gzip.compress(captures.Pcap().add(b"x").data)).packets) == 1
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def no_file_larger_than(size):
    """As on a disk that is nearly full, for this process alone."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_to_unpack_the_rest(captures):
    file = captures.Pcap()
    for _ in range(50):
        file.add(bytes(200_000))
    path = captures.file(gzip.compress(file.data, 1))
    with no_file_larger_than(3 << 20):
        reading = captures.read(open_capture(path))
    assert 5 <= len(reading.packets) < 50
    assert (reading.info.cut_short, reading.info.cut_reason) == (True, "no-space")


def test_no_room_to_unpack_anything(captures):
    path = captures.file(gzip.compress(captures.Pcap().add(b"x").data))
    with no_file_larger_than(0), pytest.raises(UnreadableCapture) as refused:
        open_capture(path)
    assert refused.value.key == "no-space"
    assert say("error.no-space", "ko", **refused.value.details)
