"""The lines of the search bar: where is looked and how, what is wrong, and how far a search has come."""

from typing import Final

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from netviz.filter.fault import FilterError
from netviz.filter.needle import KINDS, Query
from netviz.model.safe import safe
from netviz.tui.cells import fit
from netviz.tui.draw.found import found_style
from netviz.tui.scene import Scene
from netviz.tui.sought import Sought

_INDENT: Final = 3
"""Cells before the text in the field."""
Part = tuple[int, int, str]


def choice_line(scene: Scene, query: Query, width: int) -> tuple[Text, list[Part]]:
    """`tab  List  Fields  Filter  Hex  Text  Bodies   ^R .*  ^T Aa`; the parts are cells from, to, and what a click does."""
    palette = scene.palette
    line, parts = Text(no_wrap=True, end=""), list[Part]()
    short = width < 100

    def part(words: str, on: bool, action: str) -> None:
        start = line.cell_len
        line.append(words, palette.on(palette.accent) if on else palette.plain())
        parts.append((start, line.cell_len, action))

    line.append(" tab ", palette.faint())
    for kind in KINDS:
        part(f" {scene.say(f'search.kind.{kind}')} ", kind == query.kind, kind)
    if query.kind == "filter":
        return line, parts
    if query.kind != "hex":
        line.append("  ctrl+r " if not short else "  ^R ", palette.faint())
        part(f" {scene.say('search.pattern-short' if short else 'search.pattern')} ", query.is_pattern, "pattern")
        line.append("  ctrl+t " if not short else "  ^T ", palette.faint())
        part(f" {scene.say('search.case-short' if short else 'search.case')} ", query.cased, "case")
    return line, parts


def fault_line(scene: Scene, query: Query, fault: FilterError | None, width: int) -> Text:
    """Under the column at fault a sign and what is wrong there; else what the kind of search does."""
    palette = scene.palette
    if fault is None:
        about = scene.say(f"search.about.{query.kind}")
        return Text(f" {fit(about, width - 1, scene.glyphs.ellipsis)}", style=palette.faint(), no_wrap=True, end="")
    mark = fault.marked()[1]
    sentence = scene.word(f"error.{fault.key}", fault.key, **fault.details)
    line = Text(" " * _INDENT + mark, style=palette.ink(palette.bad, True), no_wrap=True, end="")
    if line.cell_len + cell_len(sentence) + 2 > width:
        line = Text(f" {scene.glyphs.bad}", style=palette.ink(palette.bad, True), no_wrap=True, end="")
    line.append(f" {fit(sentence, max(width - line.cell_len - 1, 1), scene.glyphs.ellipsis)}", palette.ink(palette.bad))
    return line


def state_line(scene: Scene, width: int) -> Text:
    """What is searched for, `3 of 17 packets`, how far the search has come, and its keys."""
    sought, palette = scene.sought, scene.palette
    line = Text(no_wrap=True, end="")
    if sought is None:
        return line
    line.append(f" {scene.say('search.label')} ", found_style(scene))
    tail = f" {scene.glyphs.bullet} ".join(_said(scene, sought, width))
    room = max(width - line.cell_len - cell_len(tail) - 4, 6)
    text = safe(sought.query.text, 400)
    line.append(f" {fit(text, min(room, cell_len(text)), scene.glyphs.ellipsis)}", palette.plain(True))
    line.append(f"  {tail}", palette.faint())
    return line


def _said(scene: Scene, sought: Sought, width: int) -> list[str]:
    said = [scene.say(f"search.kind.{sought.query.kind}"), counted(scene, sought)]
    later = sought.later
    if later:
        said.append(scene.say("search.later", count=later))
    if sought.stopped:
        said.append(scene.say("search.stopped"))
    elif not sought.done and sought.total:
        said.append(scene.say("search.running", share=100 * sought.looked // sought.total))
    elif width >= 90:
        said.append(scene.say("search.keys"))
    return said


def counted(scene: Scene, sought: Sought) -> str:
    """`3 of 17 packets`; while the search runs, `3 of 17+ packets`."""
    total = f"{len(sought.left)}{'' if sought.done else '+'}"
    things = scene.say(f"search.things.{sought.things}", count=total)
    place = int(np.searchsorted(sought.left, sought.at)) if sought.at is not None else -1
    if 0 <= place < len(sought.left) and int(sought.left[place]) == sought.at:
        return scene.say("search.count", place=place + 1, things=things)
    return things if len(sought.left) or not sought.done else scene.say("search.none")
