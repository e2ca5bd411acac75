"""Written while it is captured: rings of files, a disk that is full, and blocks that any reader takes."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.capture.opening import open_capture
from netviz.capture.packing import packed
from netviz.capture.recording import Portion, Recorder
from netviz.capture.taken import Taken
from netviz.capture.writer import PcapngWriter
from netviz.model.frames import Interface
from netviz.model.live import LiveState

frames_and_times = st.lists(
    st.tuples(st.binary(max_size=40), st.integers(-5, 1 << 62), st.integers(0, 9), st.integers(0, 1)), max_size=12
)


def taken(count: int, size: int = 50) -> Taken:
    memory = b"".join(bytes([number % 256]) * size for number in range(count))
    sizes = np.full(count, size, np.int32)
    return Taken(memory, np.arange(count, dtype=np.int64) * size, sizes, sizes, np.arange(count, dtype=np.int64))


def packets_in(path: Path | str) -> int:
    return sum(map(len, open_capture(str(path)).batches()))


@given(frames_and_times)
def test_blocks_made_together_are_those_made_one_by_one(frames: list[tuple[bytes, int, int, int]]) -> None:
    interfaces = [Interface(1, "a"), Interface(1, "b")]
    slowly, quickly = io.BytesIO(), io.BytesIO()
    one_by_one, together = PcapngWriter(slowly, interfaces), PcapngWriter(quickly, interfaces)
    for frame, time, more, interface in frames:
        one_by_one.write(frame, time, len(frame) + more, interface)
    memory = b"".join(frame for frame, *_ in frames)
    sizes = np.array([len(frame) for frame, *_ in frames], np.int32)
    together.write_packed(
        packed(
            memory, np.cumsum(sizes, dtype=np.int64) - sizes, sizes,
            sizes + np.array([more for _, _, more, _ in frames], np.int32),
            np.array([time for _, time, _, _ in frames], np.int64),
            np.array([interface for *_, interface in frames], np.uint16),
        ),
        0,
    )  # fmt: skip
    one_by_one.flush()
    together.flush()
    assert quickly.getvalue() == slowly.getvalue()


def test_a_ring_keeps_the_newest_files_and_each_is_whole(tmp_path: Path) -> None:
    state = LiveState()
    recorder = Recorder(str(tmp_path / "ring.pcapng"), [Interface(1, "x")], state, Portion(packets=10, files=2))
    recorder.write(taken(35), 0)
    recorder.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name[:10] for name in names] == ["ring_00003", "ring_00004"]
    assert [packets_in(tmp_path / name) for name in names] == [10, 5]
    assert state.written == 35 and recorder.files == 4


def test_a_file_is_full_after_so_many_bytes(tmp_path: Path) -> None:
    recorder = Recorder(str(tmp_path / "ring"), [Interface(1, "x")], LiveState(), Portion(size=1000))
    for _ in range(4):
        recorder.write(taken(20), 0)
        recorder.flush()
    recorder.close()
    assert [packets_in(path) for path in sorted(tmp_path.iterdir())] == [20, 20, 20, 20]


_FULL_DISK = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from test_recording import LiveState, Interface, Recorder, taken
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
state = LiveState()
recorder = Recorder(sys.argv[1], [Interface(1, "x")], state)
for _ in range(10):
    recorder.write(taken(20), 0)
    recorder.flush()
recorder.close()
print(*(note.key for note in state.notes), state.written)
"""


def test_a_full_disk_is_said_once_and_leaves_a_file_of_whole_blocks(tmp_path: Path) -> None:
    file = tmp_path / "full.pcapng"
    folder = str(Path(__file__).parent)
    run = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(file), folder], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    said, written = run.stdout.split()
    assert said == "disk-full"
    source = open_capture(str(file))
    count = sum(map(len, source.batches()))
    assert not source.info.cut_short
    assert count == int(written)
    # As many blocks of 84 bytes as go into 5000 with the headers: not one that had room is lost.
    assert count == (5000 - (file.stat().st_size - count * 84)) // 84 > 50


def test_a_folder_that_is_not_there_is_an_error_before_anything_is_captured(tmp_path: Path) -> None:
    from netviz.errors import NetvizError

    with pytest.raises(NetvizError) as caught:
        Recorder(str(tmp_path / "no" / "file"), [Interface(1)], LiveState())
    assert caught.value.key == "can-not-write"
