"""Runs of segments: only what carries one side on, in order and without anything between, becomes one."""

import numpy as np
import pytest

from netviz.pipeline.runs import Runs, find_runs


def runs_of(*segments: tuple[int, int, int, int, bool]) -> Runs:
    """Of (connection, side, seq, length, plain), one a row, rows counted from 10."""
    columns = [np.array(column, np.int64) for column in zip(*segments, strict=True)] or [np.zeros(0, np.int64)] * 5
    rows = np.arange(10, 10 + len(segments))
    return find_runs(rows, *columns[:4], columns[4].astype(np.bool_))


def test_nothing_has_no_runs() -> None:
    found = runs_of()
    assert (found.rows.tolist(), found.of, found.sizes, found.members) == ([], [], [], [])


def test_a_run_is_folded_into_its_first_and_leaves_its_last() -> None:
    found = runs_of(*((1, 0, seq, 100, True) for seq in range(0, 500, 100)))
    assert found.rows.tolist() == [10, 14]
    assert found.of == [0, -1]
    assert found.sizes == [400]
    assert found.members[0].tolist() == [10, 11, 12, 13]


def test_other_connections_between_do_not_matter() -> None:
    segments = [(connection, 0, seq, 10, True) for seq in range(0, 40, 10) for connection in (7, 70_000, 8)]
    found = runs_of(*segments)
    assert [each.tolist() for each in found.members] == [[10, 13, 16], [12, 15, 18], [11, 14, 17]]
    assert found.rows.tolist() == [10, 11, 12, 19, 20, 21]
    assert found.of == [0, 2, 1, -1, -1, -1]


def test_the_sequence_space_wraps() -> None:
    found = runs_of(*((1, 1, (0xFFFFFFF0 + at) & 0xFFFFFFFF, 16, True) for at in range(0, 64, 16)))
    assert found.sizes == [48]


@pytest.mark.parametrize("odd", [
    (1, 1, 200, 100, True), (1, 0, 201, 100, True), (1, 0, 100, 100, True), (1, 0, 200, 100, False),
], ids=["other-side", "gap", "repeated", "marked"])  # fmt: skip
def test_what_breaks_a_run(odd: tuple[int, int, int, int, bool]) -> None:
    found = runs_of((1, 0, 0, 100, True), (1, 0, 100, 100, True), odd, (1, 0, 300, 100, True), (1, 0, 400, 100, True))
    assert found.members == []
    assert found.rows.tolist() == [10, 11, 12, 13, 14]
