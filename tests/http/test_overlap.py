"""Sequential and parallel told apart."""

import pytest

from netviz.http.overlap import Bar, overlap_of


@pytest.mark.parametrize(
    ("bars", "word", "most", "first"),
    [
        ([], "alone", 0, None),
        ([Bar(1, 0, 0, 10)], "alone", 1, None),
        ([Bar(1, 0, 0, 10), Bar(2, 0, 10, 20)], "sequential", 1, None),
        ([Bar(1, 0, 0, 10), Bar(2, 1, 5, 20)], "parallel", 2, (1, 2)),
        ([Bar(1, 0, 0, 10), Bar(2, 0, 5, 20)], "pipelined", 2, (1, 2)),
        ([Bar(1, 0, 0, 10), Bar(2, 0, 10, 30), Bar(3, 1, 11, 20), Bar(4, 2, 12, 20)], "mixed", 3, (2, 3)),
        ([Bar(1, 0, 0, None), Bar(2, 1, 50, 60)], "parallel", 2, (1, 2)),
    ],
)
def test_how_bars_lie(bars: list[Bar], word: str, most: int, first: tuple[int, int] | None) -> None:
    found = overlap_of(bars)
    assert (found.word, found.most, found.first) == (word, most, first)
    if first is not None:
        assert found.begun == next(bar.start for bar in bars if bar.id == first[1])
