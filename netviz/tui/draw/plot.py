"""A canvas with axes: round numbers with their units, a legend that needs no colour, a line at the present position.

Values are floats in seconds, bytes or bits a second; a plot maps them to dots. Knows no packet.
"""

import math
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from netviz.tui.cells import fit, right
from netviz.tui.draw.canvas import ACROSS, DOWN, Canvas, Ink, Pixels
from netviz.tui.scene import Scene

Unit = Literal["s", "B", "bit/s", "B/s", "/s", ""]
Values = npt.NDArray[np.float64]

_PREFIXES: Final = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_SECONDS: Final = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


class Scale(NamedTuple):
    """What numbers are divided by before they are written, and the unit that is then meant."""

    divisor: float
    unit: str


def scale_for(unit: Unit, highest: float, ascii_only: bool = False) -> Scale:
    """The unit in which the highest number of an axis has one to four digits before the point."""
    if unit == "s":
        found = next((each for each in _SECONDS if highest >= each[0]), _SECONDS[-1])
        return Scale(found[0], found[1].replace("µ", "u") if ascii_only else found[1])
    if highest < 10_000:
        return Scale(1.0, unit)
    divisor, prefix = next(each for each in _PREFIXES if highest >= each[0])
    return Scale(divisor, f"{prefix}{unit}")


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers within a range, at most `most` and where possible at least two."""
    span = high - low
    if span <= 0 or not math.isfinite(span) or most < 1:
        return [low]
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * each for each in _STEPS if power * each >= raw * 0.999999)
    first = math.ceil(low / step - 1e-9)
    return [each * step for each in range(first, math.floor(high / step + 1e-9) + 1)][: most + 1]


def number(value: float, step: float) -> str:
    """A tick's number with as many decimals as its step needs."""
    decimals = 0
    while decimals < 6 and abs(round(step, decimals) - step) > step * 1e-6:
        decimals += 1
    return f"{value:,.{decimals}f}"


def measure(value: float, unit: Unit, ascii_only: bool = False) -> str:
    """One value with its unit, three digits or so: `38.2 ms`."""
    scale = scale_for(unit, abs(value), ascii_only)
    scaled = value / scale.divisor
    if scale.divisor == 1.0 and unit != "s":
        text = f"{scaled:,.0f}"
    else:
        text = f"{scaled:.3g}" if abs(scaled) < 1000 else f"{scaled:,.0f}"
    return f"{text} {scale.unit}".rstrip()


class Frame(NamedTuple):
    """The ranges of both axes and what they count."""

    left: float
    right: float
    bottom: float
    top: float
    x_unit: Unit
    y_unit: Unit
    x_name: str = ""
    y_name: str = ""


class Plot:
    """A canvas inside axes, `width` x `height` cells with all that belongs to it."""

    def __init__(self, scene: Scene, frame: Frame, width: int, height: int, axis_below: bool = True) -> None:
        self._scene = scene
        self._ascii = scene.glyphs.name == "ascii"
        self.frame = _widened(frame)
        self._y_scale = scale_for(frame.y_unit, self.frame.top, self._ascii)
        self._x_scale = scale_for(frame.x_unit, max(abs(self.frame.right), abs(self.frame.left)), self._ascii)
        self._below = 2 if axis_below else 0
        self._height = rows = max(height - self._below - 1, 2)
        self._y_ticks = ticks(self.frame.bottom, self.frame.top, max(rows // 3, 2))
        self._labels = self._y_labels()
        self.margin = max((cell_len(label) for _, label in self._labels), default=1) + 2
        self.canvas = Canvas(max(width - self.margin, 4), rows, not self._ascii)
        self._grid()

    def x(self, values: Values) -> Pixels:
        """Dots across. Shape as given."""
        return _dots(values, self.frame.left, self.frame.right, self.canvas.across)

    def y(self, values: Values) -> Pixels:
        """Dots down. Shape as given."""
        return self.canvas.down - 1 - _dots(values, self.frame.bottom, self.frame.top, self.canvas.down)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell that a point lies in."""
        return (
            int(self.x(np.array([x]))[0]) // ACROSS,
            int(self.y(np.array([y]))[0]) // DOWN,
        )

    def steps(self, x: Values, y: Values, ink: Ink, dotted: bool = False) -> None:
        """A line that keeps each value until the next one; x ascending. `dotted`: every other dot is left out."""
        if not len(x):
            return
        columns, rows = self.x(x), self.y(y)
        firsts = np.flatnonzero(np.concatenate(([True], columns[1:] != columns[:-1])))
        top, bottom = np.minimum.reduceat(rows, firsts), np.maximum.reduceat(rows, firsts)
        lasts = np.append(firsts[1:], len(rows)) - 1
        at, end = columns[firsts], rows[lasts]
        # The stroke that joins what was before with what begins here.
        top[1:] = np.minimum(top[1:], end[:-1])
        bottom[1:] = np.maximum(bottom[1:], end[:-1])
        self.canvas.columns(at, top, bottom, ink)
        runs = np.diff(np.append(at, at[-1] + 1)) - 1
        x_between = np.repeat(at, runs) + 1 + np.arange(runs.sum()) - np.repeat(np.cumsum(runs) - runs, runs)
        y_between = np.repeat(end, runs)
        keep = x_between % 3 == 0 if dotted else slice(None)
        self.canvas.dots(x_between[keep], y_between[keep], ink)

    def points(self, x: Values, y: Values, ink: Ink) -> None:
        """Single dots."""
        self.canvas.dots(self.x(x), self.y(y), ink)

    def strokes(self, x: Values, low: Values, high: Values, ink: Ink) -> None:
        """Vertical strokes from one value to another."""
        self.canvas.columns(self.x(x), self.y(high), self.y(low), ink)

    def letters(self, x: Values, y: Values, sign: str, style: Style) -> None:
        """A letter at each point; those that meet in a cell are one."""
        cells = np.unique(np.stack((self.x(x) // ACROSS, self.y(y) // DOWN)), axis=1)
        for column, row in cells.T.tolist():
            self.canvas.letter(column, row, sign, style)

    def upright(self, x: float, style: Style) -> None:
        """A line from top to bottom behind what is drawn."""
        column = self.cell(x, self.frame.bottom)[0]
        for row in range(self.canvas.height):
            self.canvas.behind(column, row, self._scene.glyphs.down, style)

    def lines(self) -> list[Text]:
        """The name of the upright axis, the rows, and the axis below."""
        faint, plain = self._scene.palette.faint(), self._scene.palette.plain()
        unit = f" ({self._y_scale.unit})" if self._y_scale.unit else ""
        found = [Text(fit(f" {self.frame.y_name}{unit}", self.margin + self.canvas.width), style=plain, end="")]
        labels = dict(self._labels)
        for row, text in enumerate(self.canvas.rows()):
            line = Text(no_wrap=True, end="")
            line.append(right(labels.get(row, ""), self.margin - 2) + " ", plain)
            line.append(self._scene.glyphs.cross if row in labels else self._scene.glyphs.down, faint)
            found.append(line.append_text(text))
        return found + self._axis() if self._below else found

    def _y_labels(self) -> list[tuple[int, str]]:
        """Row of the canvas -> the number written there."""
        step = self._y_ticks[1] - self._y_ticks[0] if len(self._y_ticks) > 1 else self.frame.top or 1.0
        height = self._height
        found: dict[int, str] = {}
        for value in self._y_ticks:
            share = (value - self.frame.bottom) / (self.frame.top - self.frame.bottom)
            row = height - 1 - min(int(share * (height * DOWN - 1) + 0.5) // DOWN, height - 1)
            found[row] = number(value / self._y_scale.divisor, step / self._y_scale.divisor)
        return list(found.items())

    def _grid(self) -> None:
        """Faint dots that lead the eye from a number across."""
        for row, _ in self._labels:
            for column in range(4, self.canvas.width, 5):
                self.canvas.behind(column, row, self._scene.glyphs.dot, self._scene.palette.faint())

    def _axis(self) -> list[Text]:
        glyphs, palette = self._scene.glyphs, self._scene.palette
        across = [glyphs.across] * self.canvas.width
        labels = Text(" " * self.margin, no_wrap=True, end="")
        unit = f" {self._x_scale.unit} {self.frame.x_name}".rstrip()
        room = self.margin + self.canvas.width - cell_len(unit)
        values = ticks(self.frame.left, self.frame.right, max(self.canvas.width // 14, 2))
        step = values[1] - values[0] if len(values) > 1 else 1.0
        for value in values:
            column = self.cell(value, self.frame.bottom)[0]
            text = number(value / self._x_scale.divisor, step / self._x_scale.divisor)
            at = self.margin + column - cell_len(text) // 2
            fits = at >= labels.cell_len + 1 and at + cell_len(text) <= room
            if fits or value == values[0]:
                across[min(column, self.canvas.width - 1)] = glyphs.cross
                labels.append(" " * max(at - labels.cell_len, 0) + text)
        labels.truncate(max(room, 0), pad=True)
        labels.append(unit)
        line = Text(" " * (self.margin - 1) + glyphs.cross + "".join(across), style=palette.faint(), end="")
        labels.stylize(palette.plain())
        return [line, labels]


def _widened(frame: Frame) -> Frame:
    """The same with ranges that are not empty, and finite."""
    left, end, bottom, top = (value if math.isfinite(value) else 0.0 for value in frame[:4])
    return frame._replace(left=left, right=max(end, left + 1e-9), bottom=bottom, top=max(top, bottom + 1e-9))


def _dots(values: Values, low: float, high: float, count: int) -> Pixels:
    """Values to dots 0 to count - 1; what lies outside the range lies outside the dots, too."""
    span = high - low
    inside = np.clip(np.asarray(values, np.float64), low - span, high + span)
    return np.rint((inside - low) * ((count - 1) / span)).astype(np.int64)
