"""A bad line: the same seed gives the same fates, and each quality does what its name says."""

from hypothesis import given
from hypothesis import strategies as st

from netviz.lab.line import Line

FRAME = bytes(1000)
shares = st.floats(0, 1)


@given(shares, shares, shares, st.integers(), st.floats(0, 1))
def test_a_frame_arrives_at_most_twice_and_never_too_early(
    loss: float, reorder: float, duplicate: float, seed: int, delay: float
) -> None:
    line, again = (Line(delay, loss, reorder, duplicate, seed) for _ in range(2))
    fates = [tuple(line("client", FRAME)) for _ in range(20)]
    assert fates == [tuple(again("client", FRAME)) for _ in range(20)]
    assert all(len(fate) <= 2 and all(arrival >= delay for arrival in fate) for fate in fates)
    assert line.lost == sum(not fate for fate in fates)
    assert line.doubled == sum(len(fate) == 2 for fate in fates)


def test_a_late_frame_is_overtaken_by_the_next() -> None:
    (late,) = Line(reorder=1)("server", FRAME)
    (next_one,) = Line()("server", FRAME)
    assert late > next_one


def test_the_other_end_and_short_frames_suffer_only_the_delay() -> None:
    line = Line(delay=0.01, loss=1, only_from="server", shortest=200)
    assert line("client", FRAME) == (0.01,)
    assert line("server", bytes(60)) == (0.01,)
    assert line("server", FRAME) == ()
