"""The track of the line of time: how far it has come, and what happens where, one sign for each cell.

A cell stands for many packets; of several things in it the weightiest is drawn, and signs tell them apart where there is
no colour.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from rich.style import Style
from rich.text import Text

from netviz.pipeline.occurrences import Occurrences
from netviz.tui.breaks import Breaks, blocked_packets
from netviz.tui.scene import Scene

WEIGHTS: Final = ("exchange", "fin", "syn", "error-status", "retransmission", "rst", "broken", "blocked")
"""Kinds that are marked on the track, the lightest first."""

SIGNS: Final[Mapping[str, tuple[str, str]]] = {
    "exchange": ("╷", "'"),
    "fin": ("┤", ")"),
    "syn": ("├", "("),
    "error-status": ("!", "!"),
    "retransmission": ("↺", "R"),
    "rst": ("╳", "X"),
    "broken": ("?", "?"),
    "blocked": ("✗", "x"),
}
"""Kind -> its sign, and its sign in ASCII."""


def place_of_packet(packet: int, total: int, cells: int) -> int:
    """The cell of the track in which a packet lies."""
    if total < 2 or cells < 2:
        return 0
    return min(max((packet - 1) * (cells - 1) // (total - 1), 0), cells - 1)


def packet_at(cell: int, total: int, cells: int) -> int:
    """The first packet of a cell of the track."""
    if total < 2 or cells < 2:
        return min(total, 1)
    return min(max(1 + -(-cell * (total - 1) // (cells - 1)), 1), total)


def marks(scene: Scene, occurrences: Occurrences, cells: int) -> dict[int, str]:
    """Cell -> the weightiest kind in it."""
    total, found = scene.total, {}
    for kind in WEIGHTS:
        numbers = np.array(blocked_packets(scene), np.int64) if kind == "blocked" else occurrences.numbers(kind)
        if total < 2 or cells < 2:
            continue
        for cell in np.unique((numbers - 1) * (cells - 1) // (total - 1)).tolist():
            found[cell] = kind
    return found


def track_text(scene: Scene, marked: Mapping[int, str], breaks: Breaks, cells: int) -> Text:
    """The track in exactly `cells` cells."""
    palette, glyphs = scene.palette, scene.glyphs
    at = place_of_packet(scene.moment.as_of, scene.total, cells) if scene.moment.as_of else 0
    kept = {place_of_packet(packet, scene.total, cells) for packet in scene.marks}
    stops = {place_of_packet(packet, scene.total, cells) for packet in breaks.packets}
    ascii_only = glyphs.name == "ascii"
    text = Text(no_wrap=True, end="")
    for cell in range(cells):
        if cell == at:
            text.append(glyphs.knob, palette.ink(palette.accent, True))
            continue
        passed = cell < at
        if cell in stops:
            text.append(glyphs.stop, palette.ink(palette.bad, True))
        elif cell in kept:
            text.append(glyphs.mark, palette.ink(palette.warn, True))
        elif cell in marked:
            text.append(SIGNS[marked[cell]][ascii_only], mark_style(scene, marked[cell], passed))
        else:
            line = glyphs.track if passed else glyphs.across
            text.append(line, palette.ink(palette.accent) if passed else palette.faint())
    return text


def mark_style(scene: Scene, kind: str, passed: bool = True) -> Style:
    """Style of a mark: what is bad in the colour of bad things, HTTP and TCP in their layers' colours."""
    palette = scene.palette
    if kind in ("rst", "blocked", "broken", "error-status", "retransmission"):
        return palette.ink(palette.bad, True)
    layer = 7 if kind == "exchange" else 4
    return palette.ink(palette.layer(layer), passed)
