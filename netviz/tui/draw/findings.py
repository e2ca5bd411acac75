"""What is worth looking at in a capture, the gravest first, each with how often it had happened and where first."""

from collections.abc import Iterator
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from rich.text import Text

from netviz.model.protocols import RST, Broken
from netviz.pipeline.store import Store
from netviz.tcp.marks import NAMES, bit_of
from netviz.tui.cells import fit
from netviz.tui.draw.bars import short
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.scene import Scene

Weight = Literal["error", "warning", "note"]
Found = dict[str, npt.NDArray[np.int64]]
"""Name -> numbers of the packets, ascending."""

WEIGHTS: Final[dict[str, Weight]] = {
    "broken": "error",
    "reset": "error",
    "retransmission": "warning",
    "fast-retransmission": "warning",
    "spurious-retransmission": "warning",
    "previous-segment-lost": "warning",
    "out-of-order": "warning",
    "acked-unseen": "warning",
    "zero-window": "warning",
    "window-full": "warning",
    "port-reused": "note",
    "network-duplicate": "note",
    "duplicate-ack": "note",
    "zero-window-probe": "note",
    "zero-window-probe-ack": "note",
    "window-update": "note",
    "keep-alive": "note",
    "keep-alive-ack": "note",
}
"""What is looked for, in the order in which it is listed where the weight is the same."""

_AT_A_TIME: Final = 1 << 16
_ORDER: Final[tuple[Weight, ...]] = ("error", "warning", "note")


def broken_and_reset(store: Store, count: int) -> Found:
    """What the columns alone tell."""
    packets = store.packets
    is_reset = (packets["ip_protocol"][:count] == 6) & ((packets["flags"][:count] & RST) != 0)
    return {
        "broken": np.flatnonzero(packets["broken"][:count] != Broken.NO) + 1,
        "reset": np.flatnonzero(is_reset & (packets["connection"][:count] >= 0)) + 1,
    }


def analysis_marks(store: Store) -> Iterator[Found | None]:
    """The analysis of all packets: nothing while it goes on, at last what was found. May run beside the screen."""
    columns, count = store.tcp_columns, len(store.packets)
    while columns.covered < count:
        columns.advance(columns.covered + _AT_A_TIME)
        yield None
    marks = columns.marks
    found = {name: np.flatnonzero(marks & np.uint16(bit_of(name))) + 1 for name in NAMES}
    yield {name: numbers for name, numbers in found.items() if len(numbers)}


def finding_lines(scene: Scene, width: int, analysis: Found | None) -> list[Line]:
    """The findings up to the present position; `analysis` is None while connections are still looked at."""
    as_of, palette = scene.moment.as_of, scene.palette
    if not as_of:
        return [plain(f" {scene.say('empty.packets')}", palette.faint())]
    found = {**broken_and_reset(scene.store, as_of), **(analysis or {})}
    rows = []
    for place, (name, weight) in enumerate(WEIGHTS.items()):
        numbers = found.get(name, np.empty(0, np.int64))
        times = int(np.searchsorted(numbers, as_of, side="right"))
        if times:
            rows.append((_ORDER.index(weight), -times, place, name, int(numbers[0]), int(numbers[times - 1])))
    lines = [
        _row(scene, width, name, _ORDER[weight], -times, first, last)
        for weight, times, _, name, first, last in sorted(rows)
    ]
    if analysis is None:
        lines.append(plain(f" {scene.say('findings.working')}", palette.faint()))
    elif not lines:
        lines.append(plain(f" {scene.glyphs.good} {scene.say('findings.none')}", palette.ink(palette.good, True)))
    return lines


def _row(scene: Scene, width: int, name: str, weight: Weight, times: int, first: int, last: int) -> Line:
    palette, glyphs = scene.palette, scene.glyphs
    sign, colour = {
        "error": (glyphs.bad, palette.bad),
        "warning": ("!", palette.warn),
        "note": (glyphs.bullet, palette.dim),
    }[weight]
    said = scene.say(f"findings.{name}") if name in ("broken", "reset") else scene.word(f"tcp.analysis.{name}", name)
    where = f"#{first}" if first == last else f"#{first} {glyphs.ellipsis} #{last}"
    text = Text(f" {sign} {short(times):>6}  ", style=palette.ink(colour, True), no_wrap=True, end="")
    room = max(width - text.cell_len - len(where) - 2, 10)
    text.append(fit(said, room, glyphs.ellipsis), palette.plain(weight != "note"))
    text.append(f" {where}", palette.faint())
    return Line(text, Link(first), name)
