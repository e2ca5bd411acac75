"""Colours and signs of the screen: the only file that names a colour. Knows no packet.

A layer is told by its number, its frame and its name first, and by its colour last. The layer colours are Okabe and
Ito's, which people with any of the common kinds of colour blindness can tell apart (a test simulates them); the light
ones are darkened for contrast, and its session and presentation colour is near black, since a dark yellow would meet the
link layer's brown. Sixteen-colour terminals get the five that are furthest apart among those that can be read on black.
"""

from dataclasses import dataclass
from typing import Final

from rich.style import Style
from textual.theme import Theme

from netviz.model.osi import Osi


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as `#rrggbb`."""

    name: str
    dark: bool
    layers: dict[int, str]
    """OSI layer number -> colour."""

    text: str
    dim: str
    good: str
    bad: str
    warn: str
    accent: str
    """What is focused, and the keys."""

    background: str
    panel: str
    """Bars above and below."""

    border: str
    bold_on_colour: bool = True
    """Whether text on a coloured ground may be bold: sixteen-colour terminals turn bold black to grey."""

    @property
    def layered(self) -> bool:
        """Whether layers have colours."""
        return len(set(self.layers.values())) > 2

    def layer(self, osi: int | None) -> str:
        """Colour of an OSI layer; the text colour where a protocol has no place."""
        return self.layers.get(int(osi), self.text) if osi is not None else self.text

    def ink(self, colour: str, bold: bool = False) -> Style:
        """Text in a colour."""
        return Style(color=colour, bold=bold)

    def on(self, colour: str) -> Style:
        """Text on a ground of a colour."""
        return Style(color=self.background, bgcolor=colour, bold=self.bold_on_colour)

    def faint(self) -> Style:
        """Text that stands back."""
        return Style(color=self.dim)

    def plain(self, bold: bool = False) -> Style:
        """Ordinary text."""
        return Style(color=self.text, bold=bold)


def _layers(link: str, network: str, transport: str, session: str, application: str, physical: str) -> dict[int, str]:
    return {
        Osi.PHYSICAL: physical,
        Osi.DATA_LINK: link,
        Osi.NETWORK: network,
        Osi.TRANSPORT: transport,
        Osi.SESSION: session,
        Osi.PRESENTATION: session,
        Osi.APPLICATION: application,
    }


DARK: Final = Palette(
    "netviz-dark",
    True,
    _layers("#E69F00", "#56B4E9", "#3CC99A", "#F0E442", "#E08FC0", "#8A8A8A"),
    text="#E4E4E4",
    dim="#9C9C9C",
    good="#3CC99A",
    bad="#FF6F3C",
    warn="#F0E442",
    accent="#E69F00",
    background="#121212",
    panel="#242F38",
    border="#5A5A5A",
)
LIGHT: Final = Palette(
    "netviz-light",
    False,
    _layers("#9A5B00", "#005A9C", "#006B4D", "#303030", "#9B2C73", "#5C5C5C"),
    text="#000000",
    dim="#5C5C5C",
    good="#006B4D",
    bad="#B83200",
    warn="#6B4A00",
    accent="#8A5000",
    background="#FFFFFF",
    panel="#E6E6E6",
    border="#999999",
)
CONTRAST: Final = Palette(
    "netviz-contrast",
    True,
    _layers("#FFB000", "#66B8FF", "#4DFFB8", "#FFF35C", "#FFB8E6", "#FFFFFF"),
    text="#FFFFFF",
    dim="#D0D0D0",
    good="#4DFFB8",
    bad="#FF8A5C",
    warn="#FFF35C",
    accent="#FFF35C",
    background="#000000",
    panel="#000000",
    border="#FFFFFF",
)
# The exact values of the sixteen colours, so that a terminal that has no more maps each to the one that is meant.
SIXTEEN: Final = Palette(
    "netviz-sixteen",
    True,
    _layers("#FFFF55", "#55FFFF", "#00AA00", "#AAAAAA", "#FF55FF", "#AAAAAA"),
    text="#AAAAAA",
    dim="#AAAAAA",
    good="#55FF55",
    bad="#FF5555",
    warn="#FFFF55",
    accent="#FFFF55",
    background="#000000",
    panel="#000000",
    border="#AAAAAA",
    bold_on_colour=False,
)
# Black, white and nothing between: numbers, frames and signs say everything. Also for a projector that shows no colour.
MONO: Final = Palette(
    "netviz-mono",
    True,
    _layers("#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF"),
    text="#FFFFFF",
    dim="#D0D0D0",
    good="#FFFFFF",
    bad="#FFFFFF",
    warn="#FFFFFF",
    accent="#FFFFFF",
    background="#000000",
    panel="#000000",
    border="#D0D0D0",
)
PALETTES: Final[tuple[Palette, ...]] = (DARK, LIGHT, CONTRAST, MONO)
"""Those the theme key goes through; `SIXTEEN` takes the place of all where the terminal has sixteen colours."""


def palette_named(name: str | None) -> Palette | None:
    """The palette a user asked for by `dark`, `light`, `contrast`, `mono` or `sixteen`."""
    return next((known for known in (*PALETTES, SIXTEEN) if name and known.name == f"netviz-{name}"), None)


def textual_theme(palette: Palette) -> Theme:
    """The same colours for the toolkit's own parts: frames, scroll bars, inputs."""
    return Theme(
        name=palette.name,
        primary=palette.accent,
        secondary=palette.border,
        accent=palette.accent,
        foreground=palette.text,
        background=palette.background,
        surface=palette.background,
        panel=palette.panel,
        error=palette.bad,
        warning=palette.warn,
        success=palette.good,
        dark=palette.dark,
        variables={
            "edge": palette.border,
            "scrollbar": palette.border,
            "scrollbar-hover": palette.accent,
            "scrollbar-active": palette.accent,
            "scrollbar-background": palette.background,
            "scrollbar-background-hover": palette.background,
            "scrollbar-background-active": palette.background,
            "scrollbar-corner-color": palette.background,
        },
    )


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs that are drawn. Some terminals draw the line characters two cells wide: those get letters instead."""

    name: str
    frames: dict[int, str]
    """OSI layer -> the pieces of its frame: top left, top right, bottom left, bottom right, across, down."""

    across: str
    down: str
    right: str
    left: str
    good: str
    bad: str
    unknown: str
    both: str
    bullet: str
    play: str
    pause: str
    track: str
    knob: str
    opened: str
    closed: str
    dot: str
    lost: str
    rise: str
    ellipsis: str
    full: str
    cross: str
    stop: str
    callouts: str
    """Nine signs of numbers, for what can be pointed at."""

    found: str
    mark: str
    bars: str
    """Eight heights, the lowest first."""

    def frame(self, osi: int | None) -> str:
        """Pieces of the frame of a layer."""
        return self.frames.get(int(osi) if osi is not None else 0, self.frames[0])


_ROUND, _HEAVY, _DOUBLE, _SQUARE = "╭╮╰╯─│", "┏┓┗┛━┃", "╔╗╚╝═║", "┌┐└┘─│"
UNICODE: Final = Glyphs(
    "unicode",
    {0: _SQUARE, 1: _SQUARE, 2: _ROUND, 3: _SQUARE, 4: _HEAVY, 5: _DOUBLE, 6: _DOUBLE, 7: _ROUND},
    across="─",
    down="│",
    right="▶",
    left="◀",
    good="✓",
    bad="✗",
    unknown="?",
    both="⇄",
    bullet="·",
    play="▶",
    pause="‖",
    track="━",
    knob="●",
    opened="▾",
    closed="▸",
    dot="·",
    lost="╳",
    rise="▲",
    ellipsis="…",
    full="█",
    cross="┼",
    stop="◆",
    callouts="①②③④⑤⑥⑦⑧⑨",
    found="»",
    mark="■",
    bars="▁▂▃▄▅▆▇█",
)
ASCII: Final = Glyphs(
    "ascii",
    dict.fromkeys(range(8), "++++-|") | {4: "####=#", 5: "++++=|", 6: "++++=|"},
    across="-",
    down="|",
    right=">",
    left="<",
    good="v",
    bad="x",
    unknown="?",
    both="<>",
    bullet="-",
    play=">",
    pause="=",
    track="-",
    knob="O",
    opened="v",
    closed=">",
    dot=".",
    lost="X",
    rise="^",
    ellipsis="~",
    full="#",
    cross="+",
    stop="@",
    callouts="123456789",
    found="*",
    mark="&",
    bars="_.-:=+*#",
)
