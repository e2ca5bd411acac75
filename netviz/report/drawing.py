"""What the pictures on standard output are drawn with: frames, signs and colours for each layer. Knows no packet."""

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.style import Style

from netviz.explain.words import Language


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs that are drawn. A terminal that draws line characters two cells wide gets letters instead."""

    frames: dict[int, str]
    """OSI layer -> corners (top left and right, bottom left and right), across, down; 0 for a layer without place."""

    table: str
    """Corners, tees and lines of the ladders' table: top, middle and bottom row of three each, then across and down."""

    bullet: str
    none: str
    bad: str
    ellipsis: str


_ROUND, _HEAVY, _DOUBLE, _SQUARE = "╭╮╰╯─│", "┏┓┗┛━┃", "╔╗╚╝═║", "┌┐└┘─│"
UNICODE: Final = Glyphs(
    {0: _SQUARE, 1: _SQUARE, 2: _ROUND, 3: _SQUARE, 4: _HEAVY, 5: _DOUBLE, 6: _DOUBLE, 7: _ROUND},
    "┌┬┐├┼┤└┴┘─│",
    "·",
    "—",
    "✗",
    "…",
)
ASCII: Final = Glyphs(
    dict.fromkeys(range(8), "++++-|") | {4: "####=#", 5: "++++=|", 6: "++++=|"}, "+++++++++-|", "-", "-", "x", "~"
)

COLOURS: Final = {
    0: "white",
    1: "bright_black",
    2: "yellow",
    3: "bright_blue",
    4: "green",
    5: "bright_yellow",
    6: "bright_yellow",
    7: "magenta",
}
"""OSI layer -> colour; the sixteen that every terminal has, in the user's own palette."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all parts of one picture share."""

    language: Language
    glyphs: Glyphs
    colour: bool

    def style(self, number: int, bold: bool = False) -> Style:
        """Ink of an OSI layer; 0 for what has no place."""
        return Style(color=COLOURS[number], bold=bold) if self.colour else Style(bold=bold)

    def ground(self, number: int) -> Style:
        """Text on the colour of an OSI layer."""
        return Style(color="black", bgcolor=COLOURS[number], bold=True) if self.colour else Style()

    def faint(self) -> Style:
        """What stands back."""
        return Style(dim=True) if self.colour else Style()

    def cut(self, text: str, width: int) -> str:
        """Text in at most `width` cells, with an ellipsis where it was longer."""
        if cell_len(text) <= width:
            return text
        mark = self.glyphs.ellipsis
        return set_cell_size(text, max(0, width - cell_len(mark))).rstrip() + mark if width > 1 else ""
