"""The grid of dots: each dot where it belongs, nothing outside, letters over dots and what stands behind under them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from netviz.tui.draw.canvas import Canvas, Ink

PLAIN = Ink(Style(), "#")


def drawn(canvas: Canvas) -> list[str]:
    return [line.plain for line in canvas.rows()]


def test_each_dot_of_a_cell_is_its_own_bit():
    seen = set()
    for y in range(4):
        for x in range(2):
            canvas = Canvas(1, 1, dotted=True)
            canvas.dots(np.array([x]), np.array([y]), PLAIN)
            seen |= set(drawn(canvas))
    assert {ord(sign) - 0x2800 for sign in seen} == {1 << bit for bit in range(8)}


@given(st.lists(st.tuples(st.integers(-9, 99), st.integers(-9, 99))), st.booleans())
def test_any_dots_fill_exactly_the_cells_they_lie_in(points, dotted):
    canvas = Canvas(5, 3, dotted)
    x, y = (np.array([point[axis] for point in points], np.int64) for axis in (0, 1))
    canvas.dots(x, y, PLAIN)
    filled = {(px // 2, py // 4) for px, py in points if 0 <= px < 10 and 0 <= py < 12}
    rows = drawn(canvas)
    assert [len(row) for row in rows] == [5, 5, 5]
    assert {(x, y) for y, row in enumerate(rows) for x, sign in enumerate(row) if sign != " "} == filled


@given(st.integers(-3, 12), st.integers(-20, 30), st.integers(-20, 30))
def test_a_stroke_is_all_dots_between_its_ends(x, top, bottom):
    one, other = Canvas(5, 3, dotted=True), Canvas(5, 3, dotted=True)
    one.columns(np.array([x]), np.array([top]), np.array([bottom]), PLAIN)
    span = np.arange(min(top, bottom), max(top, bottom) + 1)
    other.dots(np.full(len(span), x), span, PLAIN)
    assert drawn(one) == drawn(other)


def test_letters_stand_over_dots_and_signs_behind_only_where_nothing_is():
    canvas = Canvas(3, 1, dotted=False)
    canvas.dots(np.array([0, 2]), np.array([0, 0]), PLAIN)
    for column in range(3):
        canvas.behind(column, 0, ".", Style())
    canvas.letter(0, 0, "R", Style())
    canvas.letter(7, 0, "X", Style())
    assert drawn(canvas) == ["R#."]


def test_a_million_points_are_no_more_than_their_dots():
    canvas = Canvas(40, 10, dotted=True)
    x = np.arange(1_000_000) // 12_500
    canvas.columns(x, x % 7, x % 7 + 30, PLAIN)
    assert all(sign != " " for row in drawn(canvas)[2:7] for sign in row)
