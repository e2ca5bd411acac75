"""Notes of `explain/` as lines of a panel, each leading to the packet that proves it."""

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from netviz.explain.notes import Note, Weight
from netviz.tui.cells import wrapped
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.scene import Scene


def note_lines(scene: Scene, notes: Sequence[Note], width: int) -> list[Line]:
    """The notes, wrapped to the width; a heading has an empty line before it."""
    lines: list[Line] = []
    for each in notes:
        if each.weight == "title" and lines:
            lines.append(plain(""))
        sign = {"good": f"{scene.glyphs.good} ", "bad": f"{scene.glyphs.bad} ", "warn": "! "}.get(each.weight, "")
        indent = " " * (1 + 2 * max(each.indent - 1, 0))
        texts = wrapped(f"{indent}{sign}{each.text}", width, indent + "  ")
        link = Link(each.at.packet, each.at.span) if each.at is not None else None
        for at, text in enumerate(texts):
            line = Text(text, style=_style(scene, each.weight), no_wrap=True, end="")
            lines.append(Line(line, link if at == 0 else None, each.text[:60]))
    return lines


def _style(scene: Scene, weight: Weight) -> Style:
    palette = scene.palette
    if weight == "title":
        return palette.ink(palette.accent, True)
    if weight in ("plain", "faint"):
        return palette.plain() if weight == "plain" else palette.faint()
    return palette.ink({"good": palette.good, "bad": palette.bad, "warn": palette.warn}[weight])
