"""The row index finds the same rows as a look at every packet, however the table grew."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netviz.model.frames import FrameBatch
from netviz.model.packets import COLUMNS, FRAME_COLUMNS, PacketTable
from netviz.pipeline.rows import RowIndex


def batch_of(count: int) -> FrameBatch:
    numbers = np.zeros(count, np.int64)
    small = numbers.astype(np.int32)
    kinds = numbers.astype(np.uint16)
    return FrameBatch(b"", numbers, small, small, numbers, kinds, kinds)


@given(st.lists(st.lists(st.integers(-1, 3), min_size=1, max_size=20), min_size=1, max_size=20))
def test_the_index_equals_a_search_after_every_batch(batches: list[list[int]]) -> None:
    table = PacketTable()
    index = RowIndex(table, "connection")
    for values in batches:
        columns = {name: np.zeros(len(values), kind) for name, kind in COLUMNS.items() if name not in FRAME_COLUMNS}
        columns["connection"] = np.array(values, np.int32)
        table.append(batch_of(len(values)), columns)
        for value in range(-1, 4):
            np.testing.assert_array_equal(index.rows(value), np.flatnonzero(table["connection"] == value))
