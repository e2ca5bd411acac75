"""A pipe gives what a file gives, and gives each frame as soon as it is there."""

import contextlib
import gzip
import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.capture.opening import open_capture
from netviz.capture.pipe import PipeSource
from netviz.errors import UnreadableCapture
from netviz.model.frames import CaptureInfo
from netviz.model.limits import DEFAULT_LIMITS, Limits


def samples(captures):
    pcap = captures.Pcap(">", "modified").add(b"one", 1000, 60).add(b"", 2000).add(bytes(99), 3000)
    pcapng = captures.Pcapng(comment="hello").interface(1, 0, (2, b"eth0"), (9, b"\x09"))
    pcapng.enhanced(b"one", 1, None, 0, (1, b"said")).block(9, b"skip").simple(b"two").section(">").interface(101)
    pcapng.obsolete(b"three", 3)
    ixia = captures.Pcap("<", "ixia").add(b"one", 1).add(b"two", 2).add(b"three", 3)
    return {"pcap": pcap.data, "pcapng": pcapng.data, "ixia": ixia.data}


@pytest.fixture
def pipe():
    out, into = os.pipe()
    yield out, into
    for descriptor in (out, into):
        with contextlib.suppress(OSError):
            os.close(descriptor)


@pytest.mark.parametrize("kind", ["pcap", "pcapng", "ixia"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("size", [1, 13, 10_000])
def test_a_pipe_gives_what_the_file_gives(captures, kind, packed, size):
    data = samples(captures)[kind]
    stream = gzip.compress(data) if packed else data
    piped = captures.read_piped(stream, block=size)
    filed = captures.read_file(data)
    assert piped.packets == filed.packets and len(piped.packets) == 3
    assert piped.info.compression == ("gzip" if packed else "")
    assert (piped.info.size, piped.info.position) == (None, len(stream))
    for name in ("format", "interfaces", "comments", "names", "cut_short"):
        assert getattr(piped.info, name) == getattr(filed.info, name)


@settings(max_examples=30)
@given(kind=st.sampled_from(["pcap", "pcapng"]), data=st.data())
def test_a_pipe_cut_anywhere_gives_what_the_file_cut_there_gives(captures, kind, data):
    whole = samples(captures)[kind]
    cut = data.draw(st.integers(28, len(whole)))
    size = data.draw(st.integers(1, 50))
    piped = captures.read_piped(whole[:cut], block=size)
    filed = captures.read_file(whole[:cut])
    assert piped.packets == filed.packets
    assert (piped.info.cut_short, piped.info.cut_reason) == (filed.info.cut_short, filed.info.cut_reason)


def test_frames_are_delivered_as_soon_as_they_are_there(captures, pipe):
    out, into = pipe
    file = captures.Pcap()
    os.write(into, file.add(b"first").data)
    batches = open_capture("-", stdin_fd=out).batches()
    assert next(batches).frame(0) == b"first"
    record = captures.Pcap().add(b"second").data[24:]
    os.write(into, record + record[:5])
    assert next(batches).frame(0) == b"second"
    os.write(into, record[5:])
    assert next(batches).frame(0) == b"second"
    os.close(into)
    assert next(batches, None) is None


def test_standard_input_stays_open_and_a_fifo_does_not(captures, pipe, tmp_path):
    out, into = pipe
    os.write(into, captures.Pcap().add(b"first").data)
    os.close(into)
    list(open_capture("-", stdin_fd=out).batches())
    os.fstat(out)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    keep = os.open(fifo, os.O_RDWR)
    os.write(keep, captures.Pcap().add(b"through a fifo").data)
    source = open_capture(str(fifo))
    os.close(keep)
    assert [each.data for each in captures.read(source).packets] == [b"through a fifo"]
    with pytest.raises(OSError):
        os.fstat(source._descriptor)


def test_closing_wakes_a_read_that_waits(captures, pipe):
    out, into = pipe
    os.write(into, captures.Pcap().add(b"first").data)
    source = open_capture("-", stdin_fd=out)
    arrived, ended = threading.Event(), threading.Event()

    def take():
        for _ in source.batches():
            arrived.set()
        ended.set()

    taker = threading.Thread(target=take, daemon=True)
    taker.start()
    assert arrived.wait(20)
    source.close()
    assert ended.wait(20), "the read went on waiting"
    assert not source.info.cut_short


def test_a_source_that_is_never_read_can_be_closed_twice(captures):
    out, into = os.pipe()
    source = PipeSource(CaptureInfo("-"), out, DEFAULT_LIMITS)
    source.close()
    source.close()
    os.close(into)
    with pytest.raises(OSError):
        os.fstat(out)


def test_a_pipe_without_a_word_is_empty(captures):
    with pytest.raises(UnreadableCapture) as refused:
        captures.read_piped(b"")
    assert (refused.value.key, refused.value.details) == ("empty-pipe", {"file": "-"})


@pytest.mark.parametrize("data, key", [
    (b"hello", "not-a-capture"), (b"hi", "not-a-capture"), (b"\xd4\xc3\xb2\xa1\2\0", "header-cut"),
    (gzip.compress(b"", mtime=0), "empty-pipe"), (gzip.compress(b"some text that is no capture", mtime=0), "not-a-capture"),
    (b"\x1f\x8b\x08\0\0\0", "bad-compression"), (b"\x1f\x8bjunk and more junk", "bad-compression"),
])  # fmt: skip
def test_what_is_no_capture_is_refused(captures, data, key):
    with pytest.raises(UnreadableCapture) as refused:
        captures.read_piped(data)
    assert refused.value.key == key


@pytest.mark.parametrize("kind", ["microseconds", "modified", "ixia"])
def test_a_header_alone(captures, kind):
    whole = captures.Pcap("<", kind).data
    for cut in range(24, len(whole) + 1):
        info = captures.read_piped(whole[:cut]).info
        assert info.cut_short == (cut < len(whole)) and len(info.interfaces) == 1


def test_a_compressed_pipe_that_is_cut_gives_what_came_before(captures):
    file = captures.Pcap().add(b"first").add(os.urandom(3000))
    reading = captures.read_piped(gzip.compress(file.data)[:1000])
    assert [each.data for each in reading.packets] == [b"first"]
    assert (reading.info.cut_short, reading.info.cut_reason) == (True, "compression-cut")


@pytest.mark.parametrize("name, value", [("live_packets", 2), ("live_bytes", 60)])
def test_what_a_pipe_may_bring_is_bounded(captures, name, value):
    file = captures.Pcap()
    record = captures.Pcap().add(b"1234").data[24:]
    reading = captures.read_piped(file.data + record * 9, Limits(**{name: value}), len(record))
    assert len(reading.packets) == 2
    assert (reading.info.cut_short, reading.info.cut_reason) == (True, "limit")
    assert reading.info.limit_counter.counts == {name: 1}


def test_a_lie_ends_the_reading_though_the_pipe_goes_on(captures):
    file = captures.Pcap().add(b"first").add(b"x", captured=0x7FFFFFFF)
    reading = captures.read_piped(file.data + bytes(500_000))
    assert [each.data for each in reading.packets] == [b"first"]
    assert reading.info.cut_reason == "record-lies"


@given(data=st.binary(max_size=100))
@settings(max_examples=50)
def test_any_bytes_are_read_or_refused(captures, data):
    with contextlib.suppress(UnreadableCapture):
        captures.read_piped(data, block=7)
