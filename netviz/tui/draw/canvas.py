"""A grid of dots, eight to a cell, drawn with braille signs; with one letter to a cell where only ASCII may be used.

Points come as numpy arrays and are set all at once, so a million of them cost no more than their arithmetic. Knows
neither packets nor units: `plot.py` puts axes around it.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rich.style import Style
from rich.text import Text

ACROSS: Final = 2
DOWN: Final = 4
_BITS: Final = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint8)
"""Bit of a dot in a cell, by its row and column (Unicode chapter 21.1)."""

_BRAILLE: Final = 0x2800
_NO_STYLE: Final = Style()
Pixels = npt.NDArray[np.int64]


class Ink(NamedTuple):
    """How one series is drawn: its colour, and its letter where dots can not be drawn."""

    style: Style
    letter: str


class Canvas:
    """Cells of `width` x `height`; dots count from the upper left corner."""

    def __init__(self, width: int, height: int, dotted: bool) -> None:
        """`dotted`: braille signs may be drawn."""
        self.width = max(width, 1)
        self.height = max(height, 1)
        self._dotted = dotted
        self._bits = np.zeros((self.height, self.width), np.uint8)
        self._ink = np.full((self.height, self.width), -1, np.int16)
        self._inks: list[Ink] = []
        self._letters: dict[tuple[int, int], tuple[str, Style]] = {}
        self._behind: dict[tuple[int, int], tuple[str, Style]] = {}

    @property
    def across(self) -> int:
        """Dots from left to right."""
        return self.width * ACROSS

    @property
    def down(self) -> int:
        """Dots from top to bottom."""
        return self.height * DOWN

    def dots(self, x: Pixels, y: Pixels, ink: Ink) -> None:
        """Set dots; those outside the grid are left out. Both of shape (n,). What is drawn last has the colour."""
        inside = (x >= 0) & (x < self.across) & (y >= 0) & (y < self.down)
        if not inside.all():
            x, y = x[inside], y[inside]
        grid = np.zeros((self.down, self.across), np.bool_)
        grid[y, x] = True
        self._set(grid, ink)

    def _set(self, grid: npt.NDArray[np.bool_], ink: Ink) -> None:
        """Set the dots that are true in a grid of all dots, shape (down, across)."""
        parts = grid.reshape(self.height, DOWN, self.width, ACROSS)
        bits = (parts * _BITS[None, :, None, :]).sum(axis=(1, 3), dtype=np.uint8)
        touched = bits > 0
        if not self._dotted:
            self._bits[touched] = 1
        else:
            self._bits |= bits
        self._ink[touched] = self._number(ink)

    def columns(self, x: Pixels, top: Pixels, bottom: Pixels, ink: Ink) -> None:
        """Vertical strokes from dot `top` to dot `bottom`, both included. All of shape (n,)."""
        top, bottom = np.minimum(top, bottom), np.maximum(top, bottom)
        seen = (x >= 0) & (x < self.across) & (bottom >= 0) & (top < self.down)
        x, top, bottom = x[seen], np.maximum(top[seen], 0), np.minimum(bottom[seen], self.down - 1)
        # How many strokes begin above a dot less how many have ended: no stroke is looked at by itself.
        size = (self.down + 1) * self.across
        begun = np.bincount(top * self.across + x, minlength=size)
        ended = np.bincount((bottom + 1) * self.across + x, minlength=size)
        covered = np.cumsum((begun - ended).reshape(self.down + 1, self.across), axis=0)[:-1] > 0
        self._set(covered, ink)

    def letter(self, x: int, y: int, sign: str, style: Style) -> None:
        """A sign of one cell over the dots, at cell (x, y)."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._letters[y, x] = (sign, style)

    def behind(self, x: int, y: int, sign: str, style: Style) -> None:
        """A sign that is seen where nothing else is drawn."""
        self._behind[y, x] = (sign, style)

    def rows(self) -> list[Text]:
        """The lines, each exactly `width` cells."""
        return [self._row(y) for y in range(self.height)]

    def _number(self, ink: Ink) -> int:
        if ink not in self._inks:
            self._inks.append(ink)
        return self._inks.index(ink)

    def _row(self, y: int) -> Text:
        text = Text(no_wrap=True, end="")
        bits, inks = self._bits[y].tolist(), self._ink[y].tolist()
        for x in range(self.width):
            if (y, x) in self._letters:
                text.append(*self._letters[y, x])
            elif not bits[x]:
                text.append(*self._behind.get((y, x), (" ", _NO_STYLE)))
            else:
                ink = self._inks[inks[x]]
                text.append(chr(_BRAILLE + bits[x]) if self._dotted else ink.letter, ink.style)
        return text
