"""A mapped file: frames stay readable, pages are given back, and the shape of batches is as promised."""

import mmap
import os
import subprocess
import sys

import numpy as np
import pytest

from netviz.capture.mapped import Window
from netviz.capture.opening import open_capture
from netviz.errors import UnreadableCapture
from netviz.model.frames import FrameBatch

DTYPES = {
    "offsets": np.int64, "captured": np.int32, "lengths": np.int32, "times": np.int64, "link_types": np.uint16,
    "interfaces": np.uint16,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["pcap", "pcapng"])
def test_batches_have_their_dtypes_and_no_copies(captures, kind):
    file = (
        captures.Pcap().add(b"one") if kind == "pcap" else captures.Pcapng().interface().enhanced(b"one").simple(b"two")
    )
    (batch,) = open_capture(captures.file(file.data)).batches()
    assert isinstance(batch, FrameBatch) and isinstance(batch.buffer, mmap.mmap)
    for name, dtype in DTYPES.items():
        column = getattr(batch, name)
        assert (column.dtype, column.shape) == (dtype, (len(batch),)), name


def test_frames_stay_readable_after_the_source_is_closed_and_the_file_gone(captures):
    path = captures.file(captures.Pcap().add(b"first").add(b"second").data)
    source = open_capture(path)
    (batch,) = source.batches()
    source.close()
    source.close()
    os.unlink(path)
    assert [batch.frame(0), batch.frame(1)] == [b"first", b"second"]


def test_released_pages_are_read_again(captures):
    path = captures.file(bytes(range(256)) * 65536)
    with open(path, "rb") as file:
        window = Window(file.fileno(), 0, 16 << 20)
    window.release(12 << 20)
    assert window.data[256 * 1000 : 256 * 1001] == bytes(range(256))


def test_a_window_begins_at_its_page(captures):
    data = os.urandom(200_000)
    with open(captures.file(data), "rb") as file:
        window = Window(file.fileno(), 150_000, 200_000)
    assert window.base <= 150_000 and window.base % mmap.ALLOCATIONGRANULARITY == 0
    assert window.data[150_000 - window.base :] == data[150_000:]


def test_a_reader_that_stops_early_leaves_no_descriptor_open(captures):
    path = captures.file(captures.Pcap().data + captures.Pcap().add(b"x").data[24:] * 5000)
    source = open_capture(path)
    for _ in source.batches():
        break
    source.close()
    with pytest.raises(OSError):
        os.fstat(source._backing.fileno())


def test_position_grows_to_the_size(captures):
    path = captures.file(captures.Pcap().data + captures.Pcap().add(b"x").data[24:] * 5000)
    source = open_capture(path)
    positions = [source.info.position for _ in source.batches()]
    assert positions == [24 + 17 * 2000, 24 + 17 * 5000] and source.info.size == positions[-1]


PEAK_OF_READING = """
import re, sys
from netviz.capture.opening import open_capture
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
before, seen = peak(), 0
for batch in open_capture(sys.argv[1]).batches():
    seen += sum(len(batch.frame(row)) for row in range(len(batch)))
print(seen, peak() - before)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="this system does not tell a process its peak")
def test_a_large_file_does_not_stay_in_memory(captures):
    frame = captures.Pcap().add(bytes(60_000)).data[24:]
    path = captures.file(captures.Pcap().data + frame * 2500)
    run = subprocess.run([sys.executable, "-c", PEAK_OF_READING, path], capture_output=True, text=True, check=True)
    os.unlink(path)
    seen, growth = map(int, run.stdout.split())
    assert seen == 2500 * 60_000
    assert growth < 75 << 10, "half of the 150 MB, in KiB"


def test_a_file_that_was_shortened_since_it_was_opened_is_told(captures):
    path = captures.file(captures.Pcap().add(bytes(10_000)).data)
    source = open_capture(path)
    os.truncate(path, 30)
    with pytest.raises(UnreadableCapture) as refused:
        list(source.batches())
    assert refused.value.key == "unreadable"
