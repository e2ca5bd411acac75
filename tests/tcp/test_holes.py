"""Ranges that were not captured: filled from any end, never more of them than the bound."""

from netviz.tcp.holes import Hole, filled, note


def test_a_filled_hole_tells_how_much_was_missing_and_since_when():
    holes = [Hole(10, 20, 5), Hole(30, 40, 7)]
    assert filled(holes, 15, 25) == (5, Hole(10, 20, 5)) and holes == [Hole(10, 15, 5), Hole(30, 40, 7)]
    assert filled(holes, 32, 34) == (2, Hole(30, 40, 7)) and holes == [
        Hole(10, 15, 5),
        Hole(30, 32, 7),
        Hole(34, 40, 7),
    ]
    assert filled(holes, 20, 30) == (0, None) and len(holes) == 3
    assert filled(holes, 0, 50) == (13, Hole(34, 40, 7)) and holes == []


def test_a_hole_may_lie_across_the_wrap():
    holes = [Hole((1 << 32) - 10, 10, 3)]
    assert filled(holes, (1 << 32) - 5, 5) == (10, Hole((1 << 32) - 10, 10, 3))
    assert holes == [Hole((1 << 32) - 10, (1 << 32) - 5, 3), Hole(5, 10, 3)]


def test_of_too_many_the_oldest_is_forgotten():
    holes: list[Hole] = []
    for start in range(0, 2000, 20):
        note(holes, Hole(start, start + 10, start))
    assert len(holes) == 64 and holes[-1].start == 1980 and holes[0].start == 720
