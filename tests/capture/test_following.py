"""A file that is still being written, a pipe whose frames go to disk, and a capture at its own pace."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from netviz.capture.following import FollowedFile
from netviz.capture.opening import open_capture
from netviz.capture.pacing import PacedSource, SteppedSource
from netviz.capture.spilled import SpilledSource
from netviz.capture.writer import PcapngWriter
from netviz.errors import UnreadableCapture
from netviz.model.frames import CaptureInfo, FrameBatch, Interface
from netviz.model.limits import Limits

FRAMES = [bytes([number]) * (number + 1) for number in range(9)]


def written(path: Path, times: list[int] | None = None) -> Path:
    with PcapngWriter(str(path), [Interface(1, "x")]) as writer:
        for number, frame in enumerate(FRAMES):
            writer.write(frame, times[number] if times else 10**18 + number * 1_000_000)
    return path


class Reader(threading.Thread):
    """Reads a source and says how many frames have come."""

    def __init__(self, source: object) -> None:
        super().__init__()
        self.source, self.frames, self.news = source, [], threading.Condition()
        self.start()

    def run(self) -> None:
        for batch in self.source.batches():  # type: ignore[attr-defined]
            with self.news:
                self.frames += [batch.frame(index) for index in range(len(batch))]
                self.news.notify_all()

    def wait_for(self, count: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: len(self.frames) >= count, 10), len(self.frames)


def test_a_file_that_grows_is_read_as_it_grows(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.pcapng").read_bytes()
    growing = tmp_path / "growing.pcapng"
    growing.write_bytes(b"")
    source = FollowedFile(str(growing))
    reader = Reader(SpilledSource(source))
    with growing.open("ab", buffering=0) as out:
        for start in range(0, len(whole), 97):
            out.write(whole[start : start + 97])
        reader.wait_for(len(FRAMES))
    source.stop()
    reader.join(10)
    assert reader.frames == FRAMES and not reader.is_alive()


def test_a_file_that_is_shortened_ends_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "growing.pcapng")
    source = FollowedFile(str(path))
    reader = Reader(source)
    reader.wait_for(len(FRAMES))
    os.truncate(path, 10)
    reader.join(10)
    assert source.info.live is not None
    assert [note.key for note in source.info.live.notes] == ["follow-shrunk"]


def test_what_is_not_there_is_not_followed(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCapture):
        FollowedFile(str(tmp_path / "missing"))


def test_spilled_frames_are_those_of_the_source_and_outlive_it(tmp_path: Path) -> None:
    batches = list(SpilledSource(open_capture(str(written(tmp_path / "x.pcapng")))).batches())
    assert [batch.frame(index) for batch in batches for index in range(len(batch))] == FRAMES
    assert not any(isinstance(batch.buffer, bytes) for batch in batches)


def test_no_room_ends_a_pipe_and_says_so(tmp_path: Path) -> None:
    source = SpilledSource(open_capture(str(written(tmp_path / "x.pcapng"))), Limits(spill_free_bytes=1 << 60))
    assert list(source.batches()) == []
    assert source.info.cut_reason == "limit"


class Given:
    """A source of one batch with these times."""

    def __init__(self, times: list[int]) -> None:
        self.info = CaptureInfo("given")
        count = len(times)
        self.batch = FrameBatch(
            bytes(count), np.arange(count, dtype=np.int64), np.ones(count, np.int32), np.ones(count, np.int32),
            np.array(times, np.int64), np.ones(count, np.uint16), np.zeros(count, np.uint16),
        )  # fmt: skip

    def batches(self):  # type: ignore[no-untyped-def]
        yield self.batch

    def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("times", [[0, 1, 2], [5, 1, 10**6, 2], [10**18, 10**18 + 3 * 10**9], [-5, 0]])
def test_a_paced_capture_loses_and_moves_no_frame(times: list[int]) -> None:
    batches = list(PacedSource(Given(times), speed=1e6).batches())
    assert [stamp for batch in batches for stamp in batch.times.tolist()] == times


def test_a_paced_capture_that_is_stopped_delivers_no_more() -> None:
    source = PacedSource(Given([0, 3600 * 10**9]))
    delivered = iter(source.batches())
    assert len(next(delivered)) == 1
    source.stop()
    assert list(delivered) == []


def test_steps_are_one_frame_each_and_end_when_asked() -> None:
    answers = iter([True, True, False])
    batches = list(SteppedSource(Given([1, 2, 3, 4]), lambda: next(answers)).batches())
    assert [batch.times.tolist() for batch in batches] == [[1], [2]]
