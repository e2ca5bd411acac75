"""Pieces of many frames at once, up to the last byte of a buffer and not beyond."""

import mmap

import numpy as np
import pytest

from netviz.wire.gather import ByteReader

BUFFER = bytes(range(40))


def positions(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_pieces_at_any_position_up_to_the_end() -> None:
    found = ByteReader(BUFFER).take(positions(0, 7, 36), 4)
    assert found.tobytes() == BUFFER[0:4] + BUFFER[7:11] + BUFFER[36:40]


def test_a_mapped_file_reads_as_bytes_do() -> None:
    with mmap.mmap(-1, len(BUFFER)) as mapped:
        mapped[:] = BUFFER
        assert ByteReader(mapped).take(positions(3), 5).tobytes() == BUFFER[3:8]


def test_nothing_is_read_behind_the_buffer() -> None:
    with pytest.raises(IndexError):
        ByteReader(BUFFER).take(positions(37), 4)
    with pytest.raises(IndexError):
        ByteReader(b"ab").take(positions(0), 4)


def test_no_positions_give_no_pieces() -> None:
    assert ByteReader(b"").take(positions(), 4).shape == (0, 4)


@pytest.mark.parametrize("size", [3, 16, 40])
def test_a_window_is_zero_where_the_frame_ends(size: int) -> None:
    buffer = BUFFER[:size]
    starts = positions(*range(size))
    available = np.minimum(size - starts, 5).astype(np.int32)
    found = ByteReader(buffer).window(starts, available, 16)
    for start, piece in zip(range(size), found, strict=True):
        assert piece.tobytes() == buffer[start : start + 5].ljust(16, b"\0")
