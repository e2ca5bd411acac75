"""What is kept of a live capture: on disk, within bounds, counted beyond them."""

import mmap

import numpy as np
import pytest

from netviz.capture.keeping import Keeper
from netviz.capture.spill import NoRoom, Spill
from netviz.capture.taken import Taken
from netviz.model.frames import LIVE, CaptureInfo
from netviz.model.limits import Limits
from netviz.model.live import LiveState

SECOND = 1_000_000_000


def taken(*frames: bytes, time: int = SECOND, gap: int = 7) -> Taken:
    memory = b"".join(bytes(gap) + frame for frame in frames)
    sizes = np.array([len(frame) for frame in frames], np.int32)
    offsets = np.cumsum(sizes + gap) - sizes
    times = time + np.arange(len(frames), dtype=np.int64)
    return Taken(memory, offsets.astype(np.int64), sizes, sizes + 1, times)


def keeper(**limits: int) -> tuple[Keeper, LiveState]:
    info, state = CaptureInfo("test", LIVE), LiveState()
    return Keeper(info, state, Limits(spill_free_bytes=0, **limits)), state


def frames_of(kept: Keeper) -> list[bytes]:
    found = []
    while (batch := kept.next()) is not None:
        found += [batch.frame(index) for index in range(len(batch))]
        kept.given(batch)
    return found


def test_frames_come_out_as_they_went_in_though_their_memory_is_gone() -> None:
    kept, state = keeper()
    block = taken(b"one", b"", b"three")
    kept.keep(block, 0, 1)
    kept.keep(taken(b"four" * 400), 0, 1)
    block.memory = None
    assert state.waiting == 4
    assert frames_of(kept) == [b"one", b"", b"three", b"four" * 400]
    assert (state.waiting, state.kept, state.not_kept) == (0, 4, 0)
    assert state.kept_bytes > 0


def test_blocks_that_wait_are_one_batch_in_the_order_of_time() -> None:
    kept, _ = keeper()
    kept.keep(taken(b"c", b"d", time=20), 0, 1)
    kept.keep(taken(b"a", b"b", time=10), 1, 113)
    batch = kept.next()
    assert batch is not None
    assert [batch.frame(index) for index in range(4)] == [b"a", b"b", b"c", b"d"]
    assert batch.interfaces.tolist() == [1, 1, 0, 0]
    assert batch.link_types.tolist() == [113, 113, 1, 1]


@pytest.mark.parametrize(
    "limits, shown",
    [({"live_packets": 3}, 3), ({"live_bytes": 1}, 2), ({"live_seconds": 5}, 2), ({"live_packets": 2}, 2)],
)
def test_beyond_a_bound_frames_are_counted_once_said_and_not_kept(limits: dict[str, int], shown: int) -> None:
    kept, state = keeper(**limits)
    for round_ in range(3):
        kept.keep(taken(b"x", b"y", time=SECOND + round_ * 6 * SECOND), 0, 1)
    assert len(frames_of(kept)) == shown
    assert state.not_kept == 6 - shown
    assert [note.key for note in state.notes] == list(limits)


def test_an_analysis_that_is_behind_loses_frames_by_count_only() -> None:
    kept, state = keeper(live_waiting=2)
    kept.keep(taken(b"x", b"y"), 0, 1)
    kept.keep(taken(b"z"), 0, 1)
    assert state.dropped_by_queue == 1 == state.lost
    assert frames_of(kept) == [b"x", b"y"]
    kept.keep(taken(b"again"), 0, 1)
    assert frames_of(kept) == [b"again"]


def test_a_disk_without_room_is_a_bound_like_others() -> None:
    info, state = CaptureInfo("test", LIVE), LiveState()
    kept = Keeper(info, state, Limits(spill_free_bytes=1 << 60))
    kept.keep(taken(b"x"), 0, 1)
    assert kept.next() is None
    assert state.not_kept == 1 and info.limit_counter.counts["spill_free_bytes"] == 1


def test_segments_are_mapped_once_and_stay_readable() -> None:
    spill = Spill(0, segment=mmap.ALLOCATIONGRANULARITY)
    size = mmap.ALLOCATIONGRANULARITY // 3
    placed = [spill.append(bytes([number]) * size, 0, size) for number in range(7)]
    for mapping, at in placed:
        spill.release(mapping, at)
    spill.close()
    assert [mapping[at : at + size] for mapping, at in placed] == [bytes([number]) * size for number in range(7)]
    assert len({id(mapping) for mapping, _ in placed}) == 4


def test_what_is_longer_than_a_segment_finds_no_room() -> None:
    with pytest.raises(NoRoom):
        Spill(0, segment=mmap.ALLOCATIONGRANULARITY).append(bytes(mmap.ALLOCATIONGRANULARITY + 1), 0, 1 << 20)
