"""What is written is read back equal, by netviz and by tshark, also when writing ended in the middle."""

import contextlib
import io
import resource
import shutil
import subprocess
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.capture.opening import open_capture
from netviz.capture.writer import PcapngWriter
from netviz.errors import NetvizError
from netviz.explain.words import LANGUAGES, say
from netviz.model.frames import Interface


@contextlib.contextmanager
def no_file_larger_than(size):
    """As on a disk that is nearly full, for this process alone."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "written.pcapng"


def interfaces():
    return [Interface(1, "eth0", "유선", 96, received=10, dropped=2), Interface(113, "any")]


def test_what_is_written_is_read_back(captures, path):
    with PcapngWriter(path, interfaces(), "netviz 시험", "for a test") as writer:
        writer.write(b"first", 1_700_000_000_123_456_789, 60, 0, "설명")
        writer.write(b"", 5, interface=1)
        writer.write(memoryview(b"..third..")[2:7], 2**63 - 1)
    reading = captures.read(open_capture(str(path)))
    assert reading.packets == [
        captures.Packet(b"first", 1_700_000_000_123_456_789, 60, 1, 0, "설명"),
        captures.Packet(b"", 5, 0, 113, 1),
        captures.Packet(b"third", 2**63 - 1, 5, 1, 0),
    ]
    assert reading.info.interfaces == interfaces()
    assert reading.info.comments == ["for a test"] and not reading.info.cut_short


ROWS = st.tuples(
    st.binary(max_size=50),
    st.integers(0, 2**63 - 1),
    st.integers(0, 2**31 - 1),
    st.integers(0, 1),
    st.text(max_size=10),
)


@given(rows=st.lists(ROWS, max_size=20))
def test_any_frames_are_read_back(captures, rows):
    out = io.BytesIO()
    with PcapngWriter(out, interfaces()) as writer:
        for row in rows:
            writer.write(*row)
    found = captures.read_file(out.getvalue()).packets
    expected = [
        captures.Packet(data, time, length, (1, 113)[interface], interface, comment.split("\0")[0])
        for data, time, length, interface, comment in rows
    ]
    assert [each._replace(comment="") for each in found] == [each._replace(comment="") for each in expected]
    assert [each.comment for each in found] == [
        each.comment.encode("utf-8", "backslashreplace").decode() for each in expected
    ]


@pytest.mark.parametrize("kind", ["pcap", "pcapng"])
def test_a_batch_is_written_with_all_it_has(captures, path, kind):
    if kind == "pcap":
        file = captures.Pcap("<", "nanoseconds", 228).add(b"one", 7, 99).add(b"two!", 8)
    else:
        file = captures.Pcapng().interface(1).interface(113, 0, (9, b"\x09"))
        file.enhanced(b"one", 5, 50, 1, (1, b"said")).simple(b"two").enhanced(b"three", 6, 60, 1)
    source = open_capture(captures.file(file.data))
    with PcapngWriter(path, source.info.interfaces) as writer:
        for batch in source.batches():
            writer.write_batch(batch)
    copied = captures.read(open_capture(str(path)))
    assert copied.packets == captures.read_file(file.data).packets
    assert copied.info.interfaces == source.info.interfaces


def test_interfaces_that_come_later_are_described_before_their_first_frame(captures, path):
    known = [Interface(1)]
    with PcapngWriter(path, known) as writer:
        writer.write(b"a", 1)
        known.append(Interface(101, "tun0"))
        writer.write(b"b", 2, interface=1)
        with pytest.raises(ValueError):
            writer.write(b"c", 3, interface=2)
    reading = captures.read(open_capture(str(path)))
    assert [(each.data, each.link_type) for each in reading.packets] == [(b"a", 1), (b"b", 101)]


def test_a_time_before_the_epoch_is_the_epoch(captures, path):
    with PcapngWriter(path, [Interface(1)]) as writer:
        writer.write(b"a", -5)
    assert captures.read(open_capture(str(path))).packets[0].time == 0


def test_a_comment_that_is_too_long_is_cut_between_characters(captures, path):
    with PcapngWriter(path, [Interface(1)]) as writer:
        writer.write(b"a", 1, comment="가" * 30_000)
    assert captures.read(open_capture(str(path))).packets[0].comment == "가" * (65_535 // 3)


def test_each_frame_is_there_at_once_when_nothing_may_wait(captures, path):
    writer = PcapngWriter(path, [Interface(1)], flush_bytes=0)
    for count in range(1, 4):
        writer.write(b"frame", count)
        assert len(captures.read(open_capture(str(path))).packets) == count
    writer.close()


def test_what_waits_is_bounded_and_whole_blocks_are_written(captures, path):
    writer = PcapngWriter(path, [Interface(1)], flush_bytes=1000)
    seen = []
    for count in range(100):
        writer.write(bytes(68), count)
        reading = captures.read(open_capture(str(path)))
        assert not reading.info.cut_short
        seen.append(count + 1 - len(reading.packets))
    assert max(seen) == 10 and min(seen) == 0
    writer.flush()
    assert len(captures.read(open_capture(str(path))).packets) == 100
    writer.close()


def test_a_file_cut_anywhere_by_a_crash_gives_the_frames_before(captures, path):
    with PcapngWriter(path, interfaces()) as writer:
        for count in range(4):
            writer.write(bytes([count]) * 11, count, comment="noted")
    data = path.read_bytes()
    whole = captures.read_file(data).packets
    counts = [len(captures.read_file(data[:cut]).packets) for cut in range(28, len(data))]
    assert counts == sorted(counts) and counts[0] == 0 and counts[-1] == 4
    assert captures.read_file(data[:-1]).packets == whole


def test_a_full_disk_has_its_own_error_and_leaves_a_readable_file(captures, path):
    with no_file_larger_than(5000):
        writer = PcapngWriter(path, [Interface(1, received=1)], flush_bytes=0)
        with pytest.raises(NetvizError) as refused:
            for count in range(100):
                writer.write(bytes(100), count)
        writer.close()
    assert refused.value.key == "disk-full" and refused.value.exit_status == 1
    for language in LANGUAGES:
        assert str(path) in say("error.disk-full", language, **refused.value.details)
    reading = captures.read(open_capture(str(path)))
    assert 30 < len(reading.packets) < 40 and reading.info.cut_reason in ("", "record-cut")


def test_a_full_disk_is_met_at_closing_too(path):
    with no_file_larger_than(200):
        writer = PcapngWriter(path, [Interface(1)])
        writer.write(bytes(500), 1)
        with pytest.raises(NetvizError) as refused:
            writer.close()
        writer.close()
    assert refused.value.key == "disk-full"


@pytest.mark.parametrize("name", ["", "no/such/folder/x.pcapng", "a\0b"])
def test_a_file_that_can_not_be_made(tmp_path, name):
    with pytest.raises(NetvizError) as refused:
        PcapngWriter(f"{tmp_path}/{name}", [Interface(1)])
    assert refused.value.key == "can-not-write"
    for language in LANGUAGES:
        assert say("error.can-not-write", language, **refused.value.details)


def test_a_file_that_is_open_stays_the_callers(captures):
    out = io.BytesIO()
    writer = PcapngWriter(out, [Interface(1)])
    writer.write(b"x", 1)
    writer.close()
    writer.close()
    assert [each.data for each in captures.read_file(out.getvalue()).packets] == [b"x"]


def told_by_tshark(path, *names):
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("tshark is not installed")
    fields = [part for name in names for part in ("-e", name)]
    run = subprocess.run(
        [tshark, "-n", "-r", str(path), "-T", "fields", *fields], capture_output=True, text=True, check=True
    )
    return [line.split("\t") for line in run.stdout.splitlines()]


@pytest.mark.oracle
def test_tshark_reads_back_what_was_written(path):
    frames = [(bytes(range(60 + size)), 1_700_000_000_000_000_000 + size * 1_000_003, 100 + size) for size in range(9)]
    with PcapngWriter(path, interfaces(), "netviz") as writer:
        for number, (data, time, length) in enumerate(frames):
            writer.write(data, time, length, number % 2, f"설명 {number}")
    names = ("frame.time_epoch", "frame.cap_len", "frame.len", "frame.interface_name", "frame.comment")
    found = told_by_tshark(path, *names)
    assert [(int(Decimal(row[0]) * 10**9), int(row[1]), int(row[2]), *row[3:]) for row in found] == [
        (time, len(data), length, ("eth0", "any")[number % 2], f"설명 {number}")
        for number, (data, time, length) in enumerate(frames)
    ]


@pytest.mark.oracle
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["microseconds", "nanoseconds", "modified", "pcapng", "gzip"])
def test_tshark_reads_the_same_from_what_tests_build(captures, three_packets, order, kind):
    import gzip

    if kind == "pcapng":
        file = captures.Pcapng(order).interface(1, 0, (9, b"\x09")).interface(101, 0, (9, b"\x8a"))
        for number, (data, time) in enumerate(three_packets):
            file.enhanced(data, time if number % 2 == 0 else time // 10**9 << 10, len(data) + 5, number % 2)
    else:
        file = captures.Pcap(order, "microseconds" if kind == "gzip" else kind)
        for data, time in three_packets:
            file.add(data, time, len(data) + 5)
    path = captures.file(gzip.compress(file.data) if kind == "gzip" else file.data)
    ours = [(each.time, len(each.data), each.length) for each in captures.read(open_capture(path)).packets]
    found = told_by_tshark(path, "frame.time_epoch", "frame.cap_len", "frame.len")
    assert ours == [(int(Decimal(row[0]) * 10**9), int(row[1]), int(row[2])) for row in found]
