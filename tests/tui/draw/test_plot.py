"""Axes: round numbers that people can read, with the unit that keeps them short, whatever the range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from netviz.explain.words import LANGUAGES
from netviz.tui.draw.canvas import Ink
from netviz.tui.draw.plot import Frame, Plot, measure, number, ticks

INK = Ink(Style(), "#")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0382, "s", "38.2 ms"),
        (0.0000123, "s", "12.3 µs"),
        (2.5, "s", "2.5 s"),
        (1448, "B", "1,448 B"),
        (1_500_000, "B", "1.5 MB"),
        (93_400_000, "bit/s", "93.4 Mbit/s"),
        (7, "", "7"),
        (0, "s", "0 ns"),
    ],
)
def test_a_value_is_written_with_its_unit(value, unit, shown):
    assert measure(value, unit) == shown


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.integers(1, 20))
def test_ticks_are_few_ascending_and_inside(low, span, most):
    high = low + span
    found = ticks(low, high, most)
    assert len(found) <= most + 1
    assert found == sorted(found)
    slack = (high - low) * 1e-6 + abs(high) * 1e-9
    assert all(low - slack <= each <= high + slack for each in found) or found == [low]


def test_ticks_are_round_and_written_as_short_as_they_can_be():
    assert [number(each, 5_000) for each in ticks(0, 23_000, 5)] == ["0", "5,000", "10,000", "15,000", "20,000"]
    assert [number(each, 0.25) for each in ticks(0, 1, 4)] == ["0.00", "0.25", "0.50", "0.75", "1.00"]


@pytest.mark.parametrize("size", [(30, 8), (74, 20), (160, 40)])
@pytest.mark.parametrize(
    "frame",
    [
        Frame(0.0, 0.08, 0.0, 14_121.0, "s", "B", "", "seq"),
        Frame(0.0, 0.0, 5.0, 5.0, "s", "bit/s", "", "rate"),
        Frame(0.0, float("inf"), float("nan"), 3e12, "s", "s", "", "rtt"),
    ],
)
def test_a_plot_fills_its_room_and_no_more(a_scene, frame, size):
    plot = Plot(a_scene(), frame, *size)
    plot.steps(np.array([0.0, 0.01, 0.02]), np.array([0.0, 14_000.0, 3.0]), INK)
    plot.points(np.array([1e300, -1e300]), np.array([1e300, -1e300]), INK)
    lines = plot.lines()
    assert len(lines) == size[1]
    assert {cell_len(line.plain) for line in lines} == {size[0]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_of_steps_joins_what_it_was_with_what_it_becomes(a_scene, language):
    plot = Plot(a_scene(language), Frame(0.0, 1.0, 0.0, 1.0, "s", "B"), 30, 10)
    plot.steps(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 1.0]), INK)
    rows = [row.plain for row in plot.canvas.rows()]
    half = len(rows[0]) // 2
    assert set(rows[-1][: half - 1]) == {"⣀"} and set(rows[0][half + 1 : -1]) == {"⠉"}
    assert all(any(0x2800 < ord(sign) <= 0x28FF for sign in row[half - 1 : half + 1]) for row in rows)


def test_ascii_only_where_nothing_else_can_be_drawn(a_scene):
    plot = Plot(a_scene(ascii_only=True), Frame(0.0, 2e-6, 0.0, 1.0, "s", "B"), 40, 10)
    plot.steps(np.array([0.0, 1e-6]), np.array([0.0, 1.0]), INK)
    assert all(line.plain.isascii() for line in plot.lines())
